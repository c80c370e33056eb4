"""What was in the directory before the register had kinds, names and codes comes over without a guess."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction

from partners.domain import register_files
from partners.models import Area, AreaCode, Organisation, OrganisationArea, OrganisationCode, OrganisationName

migration = import_module("partners.migrations.0002_organisation_register")
unchecking = import_module("partners.migrations.0007_shipped_codes_are_unchecked")


@pytest.mark.django_db(transaction=True)
def test_migration_names_kinds_from_areas_and_keeps_names_and_codes():
    with transaction.atomic():
        with connection.cursor() as cursor:
            # As before the migration, when this was a kind.
            cursor.execute("ALTER TABLE partners_organisation DROP CONSTRAINT organisation_kind")
        areas = {}
        for code in ("E06000026", "E07000001", "E08000001", "E09000001", "E09000028", "E10000003"):
            areas[code] = Area.objects.create(name=code, ons_code=code)
            council = Organisation.objects.create(key=code.lower(), name=f"Council {code}", kind="council")
            OrganisationArea.objects.create(organisation=council, area=areas[code])
        Organisation.objects.create(key="nowhere", name="Council of nowhere", kind="council", note="Kept")
        two = Organisation.objects.create(key="two", name="Council of two", kind="council")
        OrganisationArea.objects.create(organisation=two, area=areas["E09000001"])
        OrganisationArea.objects.create(organisation=two, area=areas["E06000026"])
        Organisation.objects.create(key="trust", name="An NHS Trust", kind="nhs_trust")
        Organisation.objects.create(key="foundation", name="An NHS Foundation Trust", kind="nhs_trust")
        Organisation.objects.create(key="ccg", name="A CCG", kind="ccg")

        migration.name_kinds(apps, None)
        migration.keep_names_and_codes(apps, None)

        kinds = dict(Organisation.objects.values_list("key", "kind"))
        assert kinds == {
            "e06000026": "unitary",
            "e07000001": "district",
            "e08000001": "metropolitan",
            "e09000001": "city_corporation",
            "e09000028": "london_borough",
            "e10000003": "county",
            "nowhere": "other",
            "two": "other",
            "trust": "nhs_trust",
            "foundation": "foundation_trust",
            "ccg": "ccg",
        }
        nowhere = Organisation.objects.get(key="nowhere")
        assert nowhere.note == "Kept\nA council; its kind is not known from its areas."
        assert OrganisationName.objects.get(organisation=nowhere).name == "Council of nowhere"
        assert OrganisationName.objects.count() == Organisation.objects.count()
        assert AreaCode.objects.get(area=areas["E09000028"]).code == "E09000028"
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_migration_unchecks_shipped_codes_and_leaves_those_that_somebody_checked():
    area = Area.objects.create(name="Barnsley", ons_code="E08000038")
    council = Organisation.objects.create(key="barnsley", name="Barnsley", kind="metropolitan")
    shipped, _, reissued = unchecking.SOURCES
    for source in (shipped, "The ODS list of 1 July 2025"):
        scheme, code = ("mhclg", "E4401") if source == shipped else ("ods", "X1X")
        OrganisationCode.objects.create(organisation=council, scheme=scheme, code=code, checked=True, source=source)
    AreaCode.objects.create(area=area, scheme="ons", code="E08000038", checked=True, source=reissued)

    unchecking.say_so(apps, None)

    told = f"{shipped}. {unchecking.CAVEAT}"
    assert dict(council.codes.values_list("source", "checked")) == {told: False, "The ODS list of 1 July 2025": True}
    assert area.codes.get().source == register_files.REISSUED
    assert (told, area.codes.get().checked) == (register_files.COUNCIL_LIST, False)

    unchecking.take_back(apps, None)

    assert dict(council.codes.values_list("source", "checked")) == {shipped: True, "The ODS list of 1 July 2025": True}
