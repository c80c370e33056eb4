"""Corrections to the register: by whom, with which reason, and what they leave behind."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.models import AuditEvent
from partners import policies
from partners.models import AreaCode, OrganisationCode, OrganisationName
from partners.selectors import directory
from partners.services import grants, organisations, register
from tests.factories.partners import OrganisationFactory

pytestmark = pytest.mark.django_db
CODE = {"scheme": "ods", "code": "X1X", "valid_from": None, "source": "", "checked": False, "reason": "It was missing"}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def lines() -> int:
    return AuditEvent.objects.count()


@pytest.mark.parametrize("who", [("admin", "council"), ("operator", "ccg")])
def test_code_is_added_by_its_administrator_or_an_operator_with_a_reason(world, now, who):
    by = world.person(*who)

    register.add_code(organisation_id=world.council.pk, **CODE, by=by, at=now)

    line = AuditEvent.objects.latest("recorded_at")
    assert (line.kind, line.reason, line.actor_name) == ("organisation.code_added", "It was missing", by.name)
    assert (line.partner_id, line.after["code"]) == (str(world.council.pk), "ODS X1X")


@pytest.mark.parametrize(
    "who", [("admin", "ccg"), ("finance", "council"), ("auditor", "council"), ("governance", "hackney")]
)
def test_register_is_corrected_by_nobody_else(world, now, who):
    by, code = world.person(*who), OrganisationCode.objects.create(organisation=world.council, scheme="ods", code="Y1Y")
    before, organisation = lines(), world.council.pk

    for act in (
        lambda: register.add_code(organisation_id=organisation, **{**CODE, "scheme": "ons"}, by=by, at=now),
        lambda: register.end_code(
            organisation_id=organisation, code_id=code.pk, ends_on=now.date(), reason="No", by=by, at=now
        ),
        lambda: register.check_code(
            organisation_id=organisation, code_id=code.pk, source="Mine", reason="No", by=by, at=now
        ),
        lambda: register.correct_note(organisation_id=organisation, note="Mine", seen="", reason="No", by=by, at=now),
        lambda: organisations.rename(
            organisation=world.council, name="Mine", from_=now.date(), reason="No", by=by, at=now
        ),
        lambda: register.add_area_code(
            area_id=world.area.pk,
            code="E09000099",
            valid_from=None,
            source="",
            checked=False,
            reason="No",
            by=by,
            at=now,
        ),
    ):
        with pytest.raises(PermissionDenied):
            act()

    world.council.refresh_from_db()
    code.refresh_from_db()
    assert (lines(), world.council.note, world.council.name) == (before, "", "Southwark Council")
    assert (code.valid_to, code.checked) == (None, False)
    assert (world.council.codes.count(), world.area.codes.count()) == (1, 0)


def test_somebody_without_a_role_does_not_find_the_organisation(own_account, world, now):
    with pytest.raises(Http404):
        register.add_code(organisation_id=world.council.pk, **CODE, by=own_account, at=now)
    assert not world.council.codes.exists()


def test_administrator_of_a_partner_does_not_keep_areas(world, now):
    with pytest.raises(PermissionDenied, match="operator"):
        register.add_area_code(
            area_id=world.area.pk,
            code="E09000099",
            valid_from=None,
            source="",
            checked=False,
            reason="No",
            by=world.person("admin"),
            at=now,
        )


def test_new_code_ends_the_one_in_use_the_day_before(world, now):
    by = world.person("operator")
    for code, day in (("X1X", None), ("X2X", date(2025, 4, 1))):
        register.add_code(organisation_id=world.council.pk, **{**CODE, "code": code, "valid_from": day}, by=by, at=now)

    assert directory.code_on(world.council, "ods", date(2025, 3, 31)) == "X1X"
    assert directory.code_on(world.council, "ods", date(2025, 4, 1)) == "X2X"
    assert directory.code_on(world.council, "ons", date(2025, 4, 1)) == ""
    assert AuditEvent.objects.latest("recorded_at").before == {"code": "ODS X1X"}


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"code": "x!"}, policies.CodeMalformed, "three to six capital letters"),
        ({"valid_from": date(2999, 1, 1)}, policies.NotYet, "still to come"),
        ({"code": "Q9Q"}, policies.CodeTaken, "belongs to NHS Southwark CCG since a day that is not known"),
        ({"scheme": "ons", "code": "E09000028"}, policies.OutOfOrder, "Give the day"),
        (
            {"scheme": "ons", "code": "E09000028", "valid_from": date(2013, 4, 1)},
            policies.OutOfOrder,
            "in use since 1 April 2013",
        ),
        (
            {"scheme": "mhclg", "code": "E5019", "valid_from": date(2020, 3, 31)},
            policies.OutOfOrder,
            "right until 31 March 2020",
        ),
    ],
)
def test_code_that_cannot_be_is_refused_in_words_and_nothing_changes(world, now, change, error, words):
    OrganisationCode.objects.create(organisation=world.ccg, scheme="ods", code="Q9Q", valid_to=date(2025, 1, 1))
    OrganisationCode.objects.create(
        organisation=world.council, scheme="ons", code="E09000001", valid_from=date(2013, 4, 1)
    )
    OrganisationCode.objects.create(
        organisation=world.council, scheme="mhclg", code="E5018", valid_to=date(2020, 3, 31)
    )
    by, before = world.person("operator"), lines()

    with pytest.raises(error, match=words):
        register.add_code(organisation_id=world.council.pk, **{**CODE, **change}, by=by, at=now)

    assert lines() == before
    assert list(world.council.codes.values_list("code", "valid_to").order_by("code")) == [
        ("E09000001", None),
        ("E5018", date(2020, 3, 31)),
    ]


def test_code_that_ended_elsewhere_may_be_given_again(world, now):
    OrganisationCode.objects.create(organisation=world.ccg, scheme="ods", code="X1X", valid_to=date(2025, 1, 1))

    register.add_code(
        organisation_id=world.council.pk,
        **{**CODE, "valid_from": date(2025, 1, 2)},
        by=world.person("operator"),
        at=now,
    )

    assert world.council.codes.get().code == "X1X"


def test_code_ends_once_and_not_before_it_began(world, now):
    code = OrganisationCode.objects.create(
        organisation=world.council, scheme="ods", code="X1X", valid_from=date(2020, 1, 1)
    )
    by = world.person("admin")

    def end(day: date) -> None:
        register.end_code(organisation_id=world.council.pk, code_id=code.pk, ends_on=day, reason="Gone", by=by, at=now)

    with pytest.raises(policies.OutOfOrder):
        end(date(2019, 12, 31))
    end(date(2025, 3, 31))
    with pytest.raises(policies.CodeHasEnded, match="31 March 2025"):
        end(date(2025, 4, 30))

    code.refresh_from_db()
    assert code.valid_to == date(2025, 3, 31)
    assert AuditEvent.objects.filter(kind="organisation.code_ended").get().reason == "Gone"


def test_code_is_checked_with_the_list_in_which_it_was_read(world, now):
    code = OrganisationCode.objects.create(organisation=world.council, scheme="ods", code="X1X", source="Hearsay")

    register.check_code(
        organisation_id=world.council.pk,
        code_id=code.pk,
        source="ODS, July 2025",
        reason="Compared",
        by=world.person("admin"),
        at=now,
    )

    code.refresh_from_db()
    assert (code.checked, code.source, code.valid_to) == (True, "ODS, July 2025", None)
    line = AuditEvent.objects.latest("recorded_at")
    assert (line.kind, line.before) == (
        "organisation.code_checked",
        {"code": "ODS X1X", "checked": False, "source": "Hearsay"},
    )


def test_area_gets_its_new_code_and_keeps_the_old_one(world, now):
    AreaCode.objects.create(area=world.area, scheme="ons", code="E09000028")

    register.add_area_code(
        area_id=world.area.pk,
        code="E09000098",
        valid_from=date(2025, 4, 1),
        source="ONS, April 2025",
        checked=True,
        reason="Boundary change",
        by=world.person("operator"),
        at=now,
    )

    world.area.refresh_from_db()
    assert world.area.ons_code == "E09000098"
    assert list(world.area.codes.order_by("code").values_list("code", "valid_to")) == [
        ("E09000028", date(2025, 3, 31)),
        ("E09000098", None),
    ]


def test_note_that_somebody_changed_meanwhile_is_refused_with_both_texts(world, now):
    by = world.person("admin")
    register.correct_note(organisation_id=world.council.pk, note="First", seen="", reason="A", by=by, at=now)
    before = lines()

    with pytest.raises(ChangedMeanwhile, match="now reads “First”, yours reads “Second”"):
        register.correct_note(organisation_id=world.council.pk, note="Second", seen="", reason="B", by=by, at=now)
    register.correct_note(organisation_id=world.council.pk, note="First", seen="", reason="C", by=by, at=now)

    world.council.refresh_from_db()
    assert (world.council.note, lines()) == ("First", before)


def test_rename_keeps_the_name_of_its_day(world, now):
    by, day = world.person("admin"), date(2024, 4, 1)

    organisations.rename(
        organisation=world.council, name="  Southwark  Borough ", from_=day, by=by, at=now, reason="Own wish"
    )

    world.council.refresh_from_db()
    assert world.council.name == "Southwark Borough"
    assert directory.name_on(world.council, day) == "Southwark Borough"
    assert directory.name_on(world.council, day - timedelta(days=1)) == "Southwark Council"
    line = AuditEvent.objects.latest("recorded_at")
    assert (line.kind, line.before, line.reason) == (
        "organisation.renamed",
        {"name": "Southwark Council"},
        "Own wish",
    )


@pytest.mark.parametrize(
    ("name", "day", "error"),
    [
        ("New", date(2999, 1, 1), policies.NotYet),
        ("New", date(2021, 1, 1), policies.Ended),
        ("New", date(2015, 1, 1), policies.OutOfOrder),
        ("Old", date(2018, 1, 1), policies.SameName),
    ],
)
def test_rename_that_cannot_be_is_refused_and_nothing_changes(world, now, name, day, error):
    organisation = OrganisationFactory(name="Old", valid_from=date(2015, 1, 1), valid_to=date(2020, 12, 31))
    OrganisationName.objects.create(organisation=organisation, name="Old", valid_from=date(2015, 1, 1))
    before = lines()

    with pytest.raises(HubError) as refusal:
        organisations.rename(
            organisation=organisation, name=name, from_=day, by=None, at=now, reason="Test", system="test"
        )

    assert type(refusal.value) is error
    organisation.refresh_from_db()
    assert (organisation.name, organisation.names.get().valid_to, lines()) == ("Old", None, before)


def test_grants_follow_the_roles_table_after_a_release(world, now):
    person = world.person("admin")
    group = person.groups.get()
    group.groupobjectpermission_set.filter(permission__codename="organisation_correct").delete()
    other = world.person("finance").groups.get()

    assert grants.bring_up_to_date(at=now, system="test") == 1
    assert grants.bring_up_to_date(at=now, system="test") == 0

    assert group.groupobjectpermission_set.filter(permission__codename="organisation_correct").exists()
    line = AuditEvent.objects.get(kind="role.brought_up_to_date")
    assert line.target_id == str(group.pk) != str(other.pk)
