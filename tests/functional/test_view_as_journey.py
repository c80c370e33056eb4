"""An administrator looks as somebody of their partner: a banner on each page, nothing changes, both ends are logged."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from integration_hub.core.models import AuditEvent
from tests.factories import everything

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]


def test_view_as_shows_the_banner_everywhere_reads_only_and_is_logged(visitor, transactional_db) -> None:
    made = everything.build()
    world, administrator = made.world, made.world.person("admin")
    world.person("finance")
    monitoring = reverse("pooled_budgets:monitoring", args=[made.pk("fund")]) + "?quarter=2"
    looker = visitor()
    looker.sign_in(administrator, reverse("partners:organisation", args=[world.council.pk]))
    page = looker.page
    assert looker.open(monitoring) == 200
    assert page.get_by_role("button", name="Save the quarter").count() == 0

    looker.open(reverse("partners:organisation", args=[world.council.pk]))
    page.get_by_role("link", name="View as").first.click()
    looker.check()
    page.get_by_label("A person").select_option(label="Finance of council")
    looker.press("Start looking")

    banner = page.get_by_role("complementary", name="View as")
    words = f"{administrator}, you are looking as Finance of council"
    for path in (
        "/",
        "/account/",
        "/returns/",
        reverse("partners:directory"),
        reverse("partners:organisation", args=[world.council.pk]),
        reverse("pooled_budgets:fund", args=[made.pk("fund")]),
    ):
        assert looker.open(path) == 200
        expect(banner).to_contain_text(words)
        looker.check()

    # The page is the finance officer's, with its buttons; pressing one changes nothing and says why.
    assert looker.open(monitoring) == 200
    expect(banner).to_contain_text(words)
    looker.check()
    before = AuditEvent.objects.count()
    looker.press("Save the quarter")
    expect(page.get_by_role("heading", name="You cannot do this")).to_be_visible()
    assert "Nothing can be changed while you do. Leave the view first" in looker.text()
    expect(banner).to_be_visible()
    looker.check()
    assert AuditEvent.objects.count() == before

    looker.press("Leave this view")
    expect(page.get_by_text("You see the pages as yourself again.")).to_be_visible()
    expect(banner).to_have_count(0)
    started, ended = AuditEvent.objects.filter(kind__startswith="viewing.").order_by("recorded_at")
    assert (started.kind, ended.kind) == ("viewing.started", "viewing.ended")
    assert "Finance of council" in started.after["looked_as"]
    assert {started.actor_id, ended.actor_id} == {str(administrator.pk)}
    looker.open(reverse("partners:audit", args=[world.council.pk]))
    expect(page.get_by_role("cell", name="Viewing: started Southwark Council")).to_be_visible()
