"""What the database itself refuses about successions, whoever writes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from partners.models import (
    Inheritance,
    OrganisationEnding,
    Succession,
    SuccessionConsent,
    SuccessionLine,
    SuccessionMove,
)
from tests.factories.partners import NOON, OrganisationFactory, UserFactory
from tests.integration.partners.succeeding import JULY_2022, THEN, Stage


@pytest.fixture
def draft() -> Succession:
    person = UserFactory()
    return Succession.objects.create(
        kind="merger",
        effective_on=JULY_2022,
        legal_reference="Order",
        prepared_by=person,
        prepared_by_name=str(person),
        prepared_at=NOON,
    )


def add(draft: Succession, *, parts: tuple[tuple[int, int, bool], ...] = ((1, 1, True),), **fields: object) -> None:
    predecessor = fields.pop("predecessor", None) or OrganisationFactory()
    for position, (numerator, denominator, keeps) in enumerate(parts, start=1):
        SuccessionLine.objects.create(
            succession=draft,
            position=position,
            **{"predecessor": predecessor, "successor": OrganisationFactory(), **fields},
            numerator=numerator,
            denominator=denominator,
            keeps=keeps,
        )


def confirm(draft: Succession) -> None:
    Succession.objects.filter(pk=draft.pk).update(
        state="confirmed",
        confirmed_by=UserFactory(),
        confirmed_by_name="Somebody else",
        confirmed_at=THEN,
        preview_sha256="0" * 64,
    )


def refused(act: Callable[[], object], words: str = "") -> None:
    with pytest.raises(DatabaseError, match=words or None), transaction.atomic():
        act()


def test_whole_shares_with_one_keeper_are_confirmed(draft):
    add(draft, parts=((3, 5, True), (2, 5, False)))

    confirm(draft)

    assert Succession.objects.get().state == "confirmed"


@pytest.mark.parametrize(
    "parts",
    [((3, 5, True), (1, 5, False)), ((3, 5, False), (2, 5, False)), ((1, 2, True), (2, 4, False))],
    ids=["not the whole", "nobody keeps", "two denominators"],
)
def test_shares_that_do_not_fit_are_not_confirmed(draft, parts):
    add(draft, parts=parts)

    refused(lambda: confirm(draft), "shares do not add up")


def test_nothing_is_confirmed_without_lines(draft):
    refused(lambda: confirm(draft), "nothing says who succeeds whom")


def test_two_who_keep_are_refused(draft):
    refused(lambda: add(draft, parts=((1, 2, True), (1, 2, True))), "succession_line_one_keeps")


@pytest.mark.parametrize("share", [(0, 1), (3, 2)])
def test_share_outside_the_whole_is_refused(draft, share):
    refused(lambda: add(draft, parts=((*share, True),)), "succession_line_share")


def test_organisation_does_not_succeed_itself(draft):
    same = OrganisationFactory()

    refused(lambda: add(draft, predecessor=same, successor=same), "succession_line_two_organisations")


def test_organisation_on_both_sides_is_not_confirmed(draft):
    first, second = OrganisationFactory(), OrganisationFactory()
    add(draft, predecessor=first, successor=second)
    add(draft, predecessor=second, successor=OrganisationFactory())

    refused(lambda: confirm(draft), "out of the order of time")


def test_successor_that_has_ended_is_not_confirmed(draft):
    ended = OrganisationFactory()
    OrganisationEnding.objects.create(organisation=ended, succession=draft, ended_on=JULY_2022 - timedelta(days=9))
    add(draft, successor=ended)

    refused(lambda: confirm(draft), "out of the order of time")


def test_confirmed_succession_and_its_lines_never_change(draft):
    add(draft)
    confirm(draft)

    refused(lambda: Succession.objects.update(legal_reference="Another"))
    refused(lambda: Succession.objects.update(state="draft", confirmed_at=None, confirmed_by=None, preview_sha256=""))
    refused(lambda: SuccessionLine.objects.update(keeps=False), "never changes")
    refused(lambda: add(draft), "never changes")
    refused(lambda: SuccessionLine.objects.all().delete(), "never changes")
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute("DELETE FROM partners_succession"))


@pytest.mark.parametrize(
    "fields",
    [
        {"legal_reference": ""},
        {"kind": "takeover"},
        {"state": "done"},
        {"new_name": "Other"},
        {"kind": "rename"},
        {"confirmed_at": THEN},
        {"state": "confirmed"},
    ],
    ids=str,
)
def test_row_that_contradicts_itself_is_refused(draft, fields):
    refused(lambda: Succession.objects.filter(pk=draft.pk).update(**fields))


def test_nobody_confirms_what_they_prepared(draft):
    add(draft)

    refused(
        lambda: Succession.objects.filter(pk=draft.pk).update(
            state="confirmed",
            confirmed_by=draft.prepared_by,
            confirmed_by_name="x",
            confirmed_at=THEN,
            preview_sha256="0" * 64,
        ),
        "succession_confirmed_by_another",
    )


def test_organisation_has_one_ending(draft):
    organisation = OrganisationFactory()
    OrganisationEnding.objects.create(organisation=organisation, succession=draft, ended_on=date(2022, 6, 30))

    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationEnding.objects.create(organisation=organisation, succession=draft, ended_on=date(2023, 6, 30))


@pytest.mark.parametrize("model", [SuccessionConsent, SuccessionMove, OrganisationEnding, Inheritance])
def test_what_a_succession_left_is_never_changed_nor_removed(model):
    stage = Stage()
    stage.organisation("ccg", "ccg", "Area")
    stage.organisation("icb", "icb")
    stage.fund("fund", "Area", "ccg")
    stage.pays("fund", "ccg", "10.00")
    stage.person("admin", "ccg")
    written = stage.prepare("merger", stage.line("ccg", "icb"))
    stage.agree(written, "ccg")
    stage.confirm(written)
    assert model.objects.exists()

    refused(lambda: model.objects.update(succession=written))
    refused(lambda: model.objects.all().delete())
    assert model.objects.exists()
