"""Reference data comes in whole, and the second time nothing changes."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from bcf_metrics.domain import policy_years
from bcf_metrics.models import MetricDefinition, NationalCondition, PolicyYear, ReturnTemplate
from integration_hub.core.models import AuditEvent, BankHoliday, Period
from reports.services import reference_data
from tests.factories.partners import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> reference_data.Loaded:
    return reference_data.load(at=NOON, system="test")


def rows_everywhere() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def test_load_gives_every_year_its_thirteen_months_four_quarters_and_itself(loaded):
    assert loaded.periods == 23 * (13 + 4 + 1) == Period.objects.count()
    assert Period.objects.filter(kind="year").order_by("financial_year").first().label == "2008/09"
    assert Period.objects.filter(kind="year").order_by("financial_year").last().ends_on == date(2031, 3, 31)
    quarter = Period.objects.get(kind="quarter", financial_year=2014, number=1)
    assert (quarter.starts_on, quarter.ends_on) == (date(2014, 4, 1), date(2014, 6, 30))
    adjustments = Period.objects.get(kind="month", financial_year=2014, number=13)
    assert (adjustments.starts_on, adjustments.ends_on) == (date(2015, 3, 31), date(2015, 3, 31))


def test_load_gives_bank_holidays_and_the_policy_that_ships(loaded):
    assert loaded.bank_holidays == BankHoliday.objects.count() > 100
    assert BankHoliday.objects.get(pk=date(2014, 5, 5)).name == "Early May bank holiday"
    shipped = policy_years.load_all()
    assert PolicyYear.objects.count() == len(shipped)
    assert NationalCondition.objects.count() == sum(len(year.national_conditions) for year in shipped)
    assert MetricDefinition.objects.count() == sum(len(year.metrics) for year in shipped)
    year = PolicyYear.objects.get(code="2014-15")
    assert year.template.code == "2015-16"
    assert "no national return" in year.layout_note
    assert year.metrics.get(code="RES65").basis == "cumulative"


def test_load_a_second_time_changes_no_row_of_any_table(loaded):
    before = rows_everywhere()

    again = reference_data.load(at=NOON, system="test")

    assert again == reference_data.Loaded(periods=0, bank_holidays=0, policy=[])
    assert rows_everywhere() == before


def test_load_leaves_what_a_person_corrected_until_its_file_changes(loaded):
    MetricDefinition.objects.filter(policy_year__code="2014-15", code="RES65").update(source="Corrected here")

    reference_data.load(at=NOON, system="test")
    assert MetricDefinition.objects.get(policy_year__code="2014-15", code="RES65").source == "Corrected here"

    year = PolicyYear.objects.get(code="2014-15")
    year.details["shipped_sha256"] = "0" * 64
    year.save()
    lines = AuditEvent.objects.count()
    assert reference_data.load(at=NOON, system="test").policy == ["policy_years/2014-15"]
    assert MetricDefinition.objects.get(policy_year__code="2014-15", code="RES65").source != "Corrected here"
    assert AuditEvent.objects.count() == lines + 1


def test_load_links_a_template_that_ships_after_its_year(loaded):
    PolicyYear.objects.filter(code="2014-15").update(template=None)

    assert reference_data.load(at=NOON, system="test").policy == ["policy_years/2014-15"]

    assert PolicyYear.objects.get(code="2014-15").template == ReturnTemplate.objects.get(code="2015-16")


def test_load_adds_a_period_that_is_missing_and_corrects_a_bank_holiday(loaded):
    Period.objects.filter(financial_year=2030, kind="year").delete()
    BankHoliday.objects.filter(pk=date(2014, 5, 5)).update(name="May Day")

    again = reference_data.load(at=NOON, system="test")

    assert (again.periods, again.bank_holidays) == (1, 1)
    assert BankHoliday.objects.get(pk=date(2014, 5, 5)).name == "Early May bank holiday"


def test_command_says_what_came_in(capsys):
    call_command("load_reference_data")
    assert "414 periods" in capsys.readouterr().out

    call_command("load_reference_data")
    assert "0 periods and 0 bank holidays added; changed policy: nothing" in capsys.readouterr().out
