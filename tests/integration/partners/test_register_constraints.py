"""What the database never stores of the register, tried with raw SQL and bulk writes."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from partners.models import (
    Area,
    AreaCode,
    Footprint,
    FootprintArea,
    FootprintLink,
    Organisation,
    OrganisationCode,
    OrganisationName,
    RegisterEdition,
)
from tests.factories.partners import NOON, AreaFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
APRIL, MARCH = date(2025, 4, 1), date(2025, 3, 31)


def refused(match: str, act) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        act()


def sql(statement: str, *values: object):
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return act


@pytest.fixture
def council() -> Organisation:
    return OrganisationFactory(name="Council")


@pytest.fixture
def area() -> Area:
    return AreaFactory()


def test_kind_that_is_none_is_refused(council):
    refused("organisation_kind", sql("UPDATE partners_organisation SET kind = 'council' WHERE id = %s", council.pk))
    refused("area_kind", lambda: AreaFactory(kind="region"))


@pytest.mark.parametrize("taken", [(None, None), (None, APRIL), (MARCH, None), (date(2020, 1, 1), date(2030, 1, 1))])
def test_code_has_one_holder_on_a_day(council, taken):
    OrganisationCode.objects.create(organisation=council, scheme="ods", code="X1X", valid_to=APRIL, valid_from=MARCH)

    refused(
        "organisation_code_one_holder",
        lambda: OrganisationCode.objects.create(
            organisation=OrganisationFactory(), scheme="ods", code="X1X", valid_from=taken[0], valid_to=taken[1]
        ),
    )


def test_code_may_have_another_holder_on_other_days_and_in_another_scheme(council):
    other = OrganisationFactory()
    OrganisationCode.objects.create(organisation=council, scheme="ods", code="X1X", valid_to=MARCH)

    OrganisationCode.objects.create(organisation=other, scheme="ods", code="X1X", valid_from=APRIL)
    OrganisationCode.objects.create(organisation=other, scheme="other", code="X1X")

    assert OrganisationCode.objects.filter(code="X1X").count() == 3


def test_organisation_has_one_code_of_a_scheme_on_a_day_but_several_others(council):
    OrganisationCode.objects.create(organisation=council, scheme="ons", code="E09000001")
    refused(
        "organisation_code_one_of_scheme",
        lambda: OrganisationCode.objects.create(organisation=council, scheme="ons", code="E09000002", valid_from=APRIL),
    )

    for code in ("12345", "67890"):
        OrganisationCode.objects.create(organisation=council, scheme="other", code=code)
    assert council.codes.count() == 3


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("organisation_code_scheme", {"scheme": "iso", "code": "GB"}),
        ("organisation_code_is_there", {"scheme": "ods", "code": ""}),
        ("organisation_code_checked_has_source", {"scheme": "ods", "code": "X1X", "checked": True}),
        ("organisation_code_in_order", {"scheme": "ods", "code": "X1X", "valid_from": APRIL, "valid_to": MARCH}),
    ],
)
def test_code_that_says_nothing_is_refused(council, name, values):
    # An empty range would slip past the exclusion rules, so the order is a rule of its own; PostgreSQL sees it first.
    name = f"{name}|range lower bound" if "valid_from" in values else name
    refused(name, lambda: OrganisationCode.objects.create(organisation=council, **values))


@pytest.mark.parametrize(
    ("column", "value"),
    [("code", "Y2Y"), ("scheme", "other"), ("valid_from", "2020-01-01"), ("valid_to", "2026-01-01")],
)
def test_code_is_never_edited(council, column, value):
    code = OrganisationCode.objects.create(
        organisation=council, scheme="ods", code="X1X", valid_from=date(2013, 4, 1), valid_to=MARCH
    )

    statement = f"UPDATE partners_organisationcode SET {column} = %s WHERE id = %s"
    refused("Cannot update", sql(statement, value, code.pk))
    refused("Cannot update", lambda: OrganisationCode.objects.filter(pk=code.pk).update(**{column: value}))


def test_code_ends_once_is_checked_and_stays(council):
    code = OrganisationCode.objects.create(organisation=council, scheme="ods", code="X1X")

    OrganisationCode.objects.filter(pk=code.pk).update(valid_to=MARCH, checked=True, source="List")
    code.refresh_from_db()

    assert (code.valid_to, code.checked) == (MARCH, True)
    refused("Cannot delete|permission denied", sql("DELETE FROM partners_organisationcode WHERE id = %s", code.pk))
    assert code.history.count() == 2


def test_area_code_has_one_holder_and_is_never_edited(area):
    code = AreaCode.objects.create(area=area, scheme="ons", code="E08000016", valid_to=MARCH)

    refused(
        "area_code_one_holder",
        lambda: AreaCode.objects.create(area=AreaFactory(), scheme="ons", code="E08000016", valid_from=MARCH),
    )
    refused(
        "area_code_one_of_scheme", lambda: AreaCode.objects.create(area=area, scheme="ons", code="E1", valid_from=MARCH)
    )
    refused("area_code_scheme", lambda: AreaCode.objects.create(area=area, scheme="ods", code="X1X"))
    refused("area_code_is_there", lambda: AreaCode.objects.create(area=AreaFactory(), scheme="ons", code=""))
    refused(
        "area_code_checked_has_source",
        lambda: AreaCode.objects.create(area=AreaFactory(), scheme="ons", code="E2", checked=True),
    )
    refused(
        "area_code_in_order|range lower bound",
        lambda: AreaCode.objects.create(area=area, scheme="ons", code="E2", valid_from=APRIL, valid_to=MARCH),
    )
    refused("Cannot update", sql("UPDATE partners_areacode SET code = 'E2' WHERE id = %s", code.pk))
    refused("Cannot delete|permission denied", sql("DELETE FROM partners_areacode WHERE id = %s", code.pk))


def test_organisation_has_one_name_a_day_which_is_never_edited(council):
    name = OrganisationName.objects.create(organisation=council, name="Council", valid_to=MARCH)

    refused(
        "organisation_name_one_a_day",
        lambda: OrganisationName.objects.create(organisation=council, name="New", valid_from=MARCH),
    )
    refused(
        "organisation_name_is_there",
        lambda: OrganisationName.objects.create(organisation=council, name="", valid_from=APRIL),
    )
    refused(
        "organisation_name_in_order|range lower bound",
        lambda: OrganisationName.objects.create(organisation=council, name="N", valid_from=APRIL, valid_to=MARCH),
    )
    refused("Cannot update", sql("UPDATE partners_organisationname SET name = 'X' WHERE id = %s", name.pk))
    refused("Cannot delete|permission denied", sql("DELETE FROM partners_organisationname WHERE id = %s", name.pk))


def test_edition_is_loaded_once():
    RegisterEdition.objects.create(name="list", sha256="0" * 64, loaded_at=NOON)

    with pytest.raises(IntegrityError, match="register_edition_unique"), transaction.atomic():
        RegisterEdition.objects.create(name="list", sha256="0" * 64, loaded_at=NOON)


def footprint(key: str, kind: str = "area") -> Footprint:
    return Footprint.objects.create(key=key, kind=kind, name=key)


def link(child: Footprint, parent: Footprint, starts_on: date | None = None, ends_on: date | None = None):
    return FootprintLink.objects.create(child=child, parent=parent, starts_on=starts_on, ends_on=ends_on)


def test_footprint_that_says_nothing_is_refused(area):
    first = footprint("a")
    refused("footprint_key_unique", lambda: footprint("a"))
    refused("footprint_kind", lambda: footprint("b", "town"))
    refused("footprint_has_name", lambda: Footprint.objects.create(key="c", kind="area", name=""))
    refused(
        "footprint_lifespan",
        lambda: Footprint.objects.create(key="d", kind="area", name="d", valid_from=APRIL, valid_to=MARCH),
    )
    FootprintArea.objects.create(footprint=first, area=area, ends_on=MARCH)
    refused("footprint_area_once", lambda: FootprintArea.objects.create(footprint=first, area=area, starts_on=MARCH))
    refused(
        "footprint_area_in_order|range lower bound",
        lambda: FootprintArea.objects.create(footprint=first, area=area, starts_on=APRIL, ends_on=MARCH),
    )


def test_footprint_lies_in_one_other_at_a_time_and_never_in_itself():
    a, b, c = footprint("a"), footprint("b"), footprint("c")
    link(a, b, ends_on=MARCH)

    refused("footprint_link_one_parent", lambda: link(a, c, starts_on=MARCH))
    refused("footprint_link_not_itself|footprint_link_no_cycle", lambda: link(c, c))
    refused("footprint_link_in_order|range lower bound", lambda: link(c, b, APRIL, MARCH))
    link(a, c, starts_on=APRIL)

    assert [row.parent.key for row in FootprintLink.objects.on(MARCH).filter(child=a)] == ["b"]
    assert [row.parent.key for row in FootprintLink.objects.on(APRIL).filter(child=a)] == ["c"]


def test_footprints_close_no_cycle_on_any_day():
    a, b, c, d = (footprint(key) for key in "abcd")
    link(a, b, ends_on=date(2020, 12, 31))
    link(b, c, starts_on=date(2020, 1, 1), ends_on=date(2021, 12, 31))
    link(c, d, starts_on=date(2019, 1, 1))

    # a lies in d through b and c in 2020 alone.
    refused("footprint_link_no_cycle", lambda: link(d, a, date(2020, 6, 1), date(2020, 6, 1)))
    refused("footprint_link_no_cycle", lambda: link(d, a))
    turned = link(d, a, date(2021, 1, 1))
    refused(
        "footprint_link_no_cycle",
        sql("UPDATE partners_footprintlink SET starts_on = '2020-12-31' WHERE id = %s", turned.pk),
    )
    turned.refresh_from_db()
    assert turned.starts_on == date(2021, 1, 1)
