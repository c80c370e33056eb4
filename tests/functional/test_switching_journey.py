"""One person with roles for two partners says for which of them they act; that narrows, and opens nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partners.domain.roles import Role
from tests.factories import everything
from tests.factories.partners import give_role

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

ALL, COUNCIL, CCG = "All my partners", "Southwark Council", "NHS Southwark CCG"


def test_person_of_two_partners_switches_between_them(visitor, transactional_db) -> None:
    made = everything.build()
    world, person = made.world, made.world.person("approver")
    for role in (Role.APPROVER, Role.ADMIN):
        give_role(person, world.ccg, role)
    give_role(person, world.council, Role.ADMIN)
    signing = reverse("bcf_metrics:sign", args=[made.pk("sent_return")])
    draft = reverse("pooled_budgets:fund", args=[made.pk("draft_fund")])
    both = visitor()
    both.sign_in(person)
    page = both.page

    def headings() -> set[str]:
        page.goto("/")
        return set(page.locator("h2").all_inner_texts())

    def switch(name: str) -> None:
        page.get_by_role("link", name="Switch partner").click()
        page.get_by_label(name, exact=True).check()
        both.press("Act for this partner")

    assert headings() >= {COUNCIL, CCG}

    switch(CCG)
    expect(page.locator(".hub-person__for")).to_contain_text(f"for {CCG}")
    both.check()
    assert headings() & {COUNCIL, CCG} == {CCG}
    both.check()
    assert both.open(signing) == 200
    expect(page.get_by_label(CCG, exact=True)).to_be_checked()
    # What the council has not released is still theirs to read: switching narrows what waits, not what may be seen.
    assert both.open(draft) == 200

    switch(COUNCIL)
    assert headings() & {COUNCIL, CCG} == {COUNCIL}
    both.open(signing)
    expect(page.get_by_label(COUNCIL, exact=True)).to_be_checked()

    switch(ALL)
    assert headings() >= {COUNCIL, CCG}

    # Another browser of the same person begins with all partners: the choice belongs to the session.
    elsewhere = visitor()
    elsewhere.sign_in(person)
    assert set(elsewhere.page.locator("h2").all_inner_texts()) >= {COUNCIL, CCG}
