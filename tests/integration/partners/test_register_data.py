"""The shipped register comes in whole, a second time changes nothing, and what people corrected stays."""

from datetime import date

import pytest

from integration_hub.core.models import AuditEvent
from partners.domain import register_files
from partners.domain.kinds import UPPER_TIER
from partners.models import (
    Area,
    AreaCode,
    Footprint,
    Organisation,
    OrganisationArea,
    OrganisationCode,
    OrganisationName,
    RegisterEdition,
)
from partners.services import organisations, register_data
from tests.factories.partners import NOON, AreaFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def load() -> register_data.Loaded:
    return register_data.load(at=NOON, system="test")


def again() -> register_data.Loaded:
    """As a release with changed files would load it."""
    RegisterEdition.objects.update(sha256="0" * 64)
    return load()


def rows() -> dict[str, int]:
    models = (Area, AreaCode, Footprint, Organisation, OrganisationArea, OrganisationCode, OrganisationName, AuditEvent)
    return {model.__name__: model.objects.count() for model in models}


def test_load_enters_every_council_and_board_with_area_name_and_codes():
    loaded = load()

    assert (loaded.organisations, loaded.areas) == (195, 195)
    assert Organisation.objects.filter(kind__in=UPPER_TIER).count() == 153
    assert Organisation.objects.filter(kind="icb").count() == 42
    assert (Area.objects.filter(kind="hwb").count(), Area.objects.filter(kind="icb").count()) == (153, 42)
    shipped = [*register_files.councils(), *register_files.icbs()]
    assert OrganisationCode.objects.count() == sum(len(body.codes) for body in shipped)
    assert AreaCode.objects.count() == sum(len(body.area_codes) for body in shipped)
    assert not Organisation.objects.filter(memberships__isnull=False).exists()
    # The lists behind them are others' copies: nobody has compared them with the official registers.
    for codes in (OrganisationCode.objects, AreaCode.objects):
        assert not codes.filter(checked=True).exists()
        assert not codes.exclude(source__contains="To be compared with the official register").exists()
    southwark = Organisation.objects.get(codes__code="E5019")
    assert southwark.name == "Southwark Council"
    assert [area.ons_code for area in southwark.areas.all()] == ["E09000028"]
    assert list(southwark.names.values_list("name", "valid_from", "valid_to")) == [("Southwark Council", None, None)]
    board = Organisation.objects.get(codes__code="QKK")
    assert board.footprints.get().name == "South East London"


def test_load_has_the_code_of_today_at_the_area_and_the_old_one_with_its_last_day():
    load()

    barnsley = Area.objects.get(name="Barnsley")
    assert barnsley.ons_code == "E08000038"
    assert list(barnsley.codes.order_by("valid_from").values_list("code", "valid_to")) == [
        ("E08000038", None),
        ("E08000016", date(2025, 3, 31)),
    ]


def test_load_leaves_one_audit_line_and_a_history_for_each_row():
    load()

    line = AuditEvent.objects.get()
    assert (line.kind, line.after["organisations"]) == ("register.loaded", 195)
    event = Organisation.objects.get(key="devon-council").history.get()
    assert event.pgh_context_id == line.context_id


def test_load_a_second_time_changes_nothing_and_costs_one_query(django_assert_num_queries):
    load()
    before = rows()

    with django_assert_num_queries(3):  # the savepoint's two, and whether this edition is in
        assert load() == register_data.Loaded()
    assert rows() == before


def test_load_of_other_files_leaves_what_people_corrected():
    load()
    Organisation.objects.filter(key="devon-council").update(name="Devon", note="Corrected")
    area = Area.objects.get(name="Kent")
    area.codes.update(valid_to=date(2026, 3, 31))
    AreaCode.objects.create(area=area, scheme="ons", code="E10000099", valid_from=date(2026, 4, 1))
    Area.objects.filter(pk=area.pk).update(ons_code="E10000099")
    before = rows()

    assert again() == register_data.Loaded()

    assert rows() == {**before, "AuditEvent": before["AuditEvent"] + 1}
    assert Organisation.objects.get(key="devon-council").note == "Corrected"
    assert Area.objects.get(name="Kent").ons_code == "E10000099"


def test_load_finds_the_council_of_an_area_under_another_key():
    area = AreaFactory(name="Leeds", ons_code="E08000035")
    OrganisationArea.objects.create(
        organisation=OrganisationFactory(key="lcc", name="Our council", kind="metropolitan"), area=area
    )

    loaded = load()

    assert (loaded.organisations, loaded.areas) == (194, 194)
    assert Organisation.objects.get(codes__code="E4704").key == "lcc"
    assert [row.name for row in area.organisations.all()] == ["Our council"]


def test_load_finds_an_area_by_the_code_that_it_had():
    area = organisations.register_area(name="Barnsley district", ons_code="E08000016", at=NOON, system="test")

    assert load().areas == 194

    area.refresh_from_db()
    assert (area.name, area.ons_code) == ("Barnsley district", "E08000016")
    # The area has this code still, as far as anybody said, so the next one waits for a person.
    assert [code.code for code in area.codes.all()] == ["E08000016"]


def test_load_leaves_out_a_code_that_somebody_else_holds():
    other = OrganisationFactory(key="other")
    OrganisationCode.objects.create(organisation=other, scheme="ods", code="QKK")

    load()

    assert OrganisationCode.objects.get(code="QKK").organisation == other
    assert [code.scheme for code in Organisation.objects.get(key="south-east-london-icb").codes.all()] == ["ons"]


def test_load_writes_each_table_in_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        load()
