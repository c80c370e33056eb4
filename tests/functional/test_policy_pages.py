"""The pages of national policy: readable on a narrow screen, and free of what axe finds."""

import pytest
from django.urls import reverse

from tests.factories import everything

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

PAGES = {
    "policy-years": ("policy_years", []),
    "policy-year": ("policy_year", ["2025-26"]),
    "policy-compare": ("policy_compare", ["2025-26", "2015-16"]),
    "policy-draft": ("policy_draft", ["2025-26"]),
    "policy-part": ("policy_part", ["2025-26", "metrics"]),
    "policy-row": ("policy_row", ["2025-26", "metrics", 0]),
    "policy-new-field": ("policy_row_new", ["2025-26", "fields"]),
    "policy-new-tab": ("policy_row_new", ["2025-26", "tabs"]),
    "policy-signatories": ("policy_part", ["2025-26", "signatories"]),
    "policy-signatory": ("policy_row", ["2025-26", "signatories", 0]),
    "policy-lineage": ("policy_part", ["2025-26", "lineage"]),
    "policy-ancestor": ("policy_row", ["2025-26", "lineage", 0]),
    "policy-publish": ("policy_publish", ["2025-26"]),
    "policy-begin": ("policy_begin", ["2026-27"]),
}


def test_pages_of_national_policy_are_free_of_faults(visitor, transactional_db) -> None:
    made = everything.build()
    keeper, officer = visitor(), visitor()
    keeper.sign_in(made.world.person("operator"))
    for name, (address, args) in PAGES.items():
        assert keeper.open(reverse(f"bcf_metrics:{address}", args=args)) == 200
        keeper.look(name)
    officer.sign_in(made.world.person("finance"))
    assert officer.open(reverse("bcf_metrics:policy_move", args=[made.pk("open_return")])) == 200
    officer.look("policy-move")

    assert keeper.faults + officer.faults == []
