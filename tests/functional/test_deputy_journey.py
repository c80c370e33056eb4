"""A deputy from a day to a day: signs where it can be delegated, and is told why where it cannot."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from bcf_metrics.models import Signature
from integration_hub.core.models import AuditEvent
from partners.models import Deputy
from tests.factories import everything

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

SIGN, EXPORT = "Sign off a return or send it back", "Export a return as a workbook"


def name_deputy(visitor, principal, deputy, *, wanted: str) -> None:
    """As the holder of a role does it, for this week."""
    page, today = visitor.page, timezone.localdate()
    page.get_by_label("Who stands in?").select_option(label=str(deputy))
    page.get_by_label(wanted).check()
    page.get_by_label("From (day, month, year)").fill(f"{today:%d/%m/%Y}")
    page.get_by_label("Until (day, month, year)").fill(f"{today + timedelta(days=7):%d/%m/%Y}")
    visitor.press("Name the deputy")
    expect(page.get_by_text(f"{deputy} stands in for {principal}.")).to_be_visible()
    expect(page.get_by_text(f"Deputy for {principal}").first).to_be_visible()


def test_deputy_signs_for_a_director_and_not_for_an_accountable_officer(visitor, transactional_db) -> None:
    made = everything.build()
    world = made.world
    director, officer = world.person("approver"), world.person("approver", "ccg")
    director.memberships.update(capacity="director")
    officer.memberships.update(capacity="accountable_officer")
    deputy, other = world.person("programme"), world.person("governance", "ccg")
    signing = reverse("bcf_metrics:sign", args=[made.pk("sent_return")])

    one = visitor()
    one.sign_in(director, reverse("partners:deputy_new", args=[director.memberships.get().pk]))
    one.check()
    name_deputy(one, director, deputy, wanted=SIGN)
    one.check()

    two = visitor()
    two.sign_in(officer, reverse("partners:deputy_new", args=[officer.memberships.get().pk]))
    expect(two.page.get_by_text(f"{SIGN}: an accountable officer answers in person")).to_be_visible()
    expect(two.page.get_by_label(SIGN)).to_have_count(0)
    two.check()
    name_deputy(two, officer, other, wanted=EXPORT)

    refused = visitor()
    refused.sign_in(other)
    before = AuditEvent.objects.count()
    assert refused.open(signing) == 403
    assert f"You are deputy of {officer}, who signs in person" in refused.text()
    assert "an accountable officer answers in person" in refused.text()
    refused.check()
    assert AuditEvent.objects.count() == before
    export = refused.page.request.get(reverse("bcf_metrics:export", args=[made.pk("sent_return")]))
    assert (export.status, export.body()[:2]) == (200, b"PK")

    signs = visitor()
    signs.sign_in(deputy, signing)
    expect(signs.page.get_by_label("In which capacity do you sign?")).to_have_value(f"Deputy of {director}, director")
    signs.check()
    signs.press("Sign this version")
    expect(signs.page.get_by_text("You signed version 1.")).to_be_visible()
    signature = Signature.objects.get(version__quarterly_return=made["sent_return"])
    assert (signature.person, signature.person_name) == (deputy, f"{deputy} for {director}")

    # The day after the last, the right is gone.
    week = timedelta(days=8)
    for row in Deputy.objects.filter(person=deputy):
        Deputy.objects.filter(pk=row.pk).update(starts_on=row.starts_on - week, ends_on=row.ends_on - week)
    assert signs.open(signing) == 403
