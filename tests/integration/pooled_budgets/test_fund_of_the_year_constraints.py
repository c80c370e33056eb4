"""What the database refuses of streams, lists, minima, instalments, receipts and profiles, whoever asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from pooled_budgets.models import FundingStream, Instalment, ListValue, ProfileMonth, ReceiptReversal, SchemeLine
from tests.factories import everything, fund_of_the_year
from tests.factories.partners import NOON

CHANGES = [
    # (table of, what is set, the constraint that refuses it)
    ("stream", "ring_fence = 'anything'", "funding_stream_ring_fence"),
    ("stream", "payer = 'anybody'", "funding_stream_payer"),
    ("stream", "name = ''", "funding_stream_has_name_and_source"),
    ("list_value", "kind = 'colour'", "list_value_kind"),
    ("list_value", "kind = 'sub_type'", "list_value_parent"),
    ("list_value", "source = ''", "list_value_has_name_and_source"),
    ("allocation", "kind = 'wish'", "allocation_kind"),
    ("allocation", "amount = -0.01", "allocation_not_negative"),
    ("allocation", "source = ''", "allocation_has_source"),
    ("contribution", "form = 'barter'", "funding_line_form"),
    ("instalment", "amount = -0.01", "instalment_not_negative"),
    ("profile_month", "amount = -0.01", "profile_month_not_negative"),
    ("scheme", "accounting_treatment = 'creative'", "scheme_accounting_treatment"),
    ("scheme", "vat_regime = 'creative'", "scheme_vat_regime"),
    ("scheme", "irrecoverable_vat = -0.01", "scheme_irrecoverable_vat"),
    ("scheme_line", "nhs_percent = 100.01", "scheme_line_nhs_percent"),
    ("scheme_line", "nhs_percent = -0.01", "scheme_line_nhs_percent"),
    ("scheme_line", "percent_of_spend = 101", "scheme_line_percent_of_spend"),
    ("scheme_line", "outputs = -1", "scheme_line_outputs"),
    ("scheme_line", "previous_expenditure = -1", "scheme_line_previous"),
]


@pytest.fixture
def made(db):
    return everything.build()


def refused(name):
    return pytest.raises(IntegrityError, match=name)


def test_no_column_takes_what_is_impossible(made):
    """One world for all, for building it is what takes long."""
    for name, change, constraint in CHANGES:
        row = made[name]
        with refused(constraint), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{row._meta.db_table}" SET {change} WHERE id = %s', [row.pk])


def test_nothing_stands_twice(made):
    line, month = made["scheme_line"], made["profile_month"].period
    twice = {
        "funding_stream_unique": lambda: fund_of_the_year.stream(),
        "list_value_unique|list_value_name_unique": lambda: fund_of_the_year.value("area_of_spend", "Social Care"),
        "list_value_name_unique": lambda: ListValue.objects.create(
            financial_year=2014, kind="area_of_spend", key="another", name="Social Care", position=1, source="A list"
        ),
        "instalment_number_unique": lambda: Instalment.objects.create(
            line=made["contribution"], number=1, due_on=date(2014, 6, 1), amount=Decimal(1)
        ),
        "instalment_day_unique": lambda: Instalment.objects.create(
            line=made["contribution"], number=2, due_on=date(2014, 5, 1), amount=Decimal(1)
        ),
        "profile_month_unique": lambda: ProfileMonth.objects.create(line=line, period=month, amount=Decimal(1)),
        "allocation_unique": lambda: type(made["allocation"]).objects.create(
            area=made["area"],
            financial_year=2014,
            kind="nhs_minimum",
            amount=Decimal(2),
            known_from=date(2014, 4, 1),
            source="Another",
        ),
    }
    for constraint, act in twice.items():
        with refused(constraint), transaction.atomic():
            act()


def test_receipts_are_never_edited_and_reversed_once(made):
    receipt, person = made["receipt"], made.world.person("finance")
    for attempt in ("UPDATE pooled_budgets_receipt SET amount = 1", "DELETE FROM pooled_budgets_receipt"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)
    for wrong, constraint in (
        ({"amount": Decimal("0.00")}, "receipt_above_nil"),
        ({"reference": ""}, "receipt_has_reference"),
    ):
        values = {"line": receipt.line, "received_on": NOON.date(), "amount": Decimal(1), "reference": "A"} | wrong
        with refused(constraint), transaction.atomic():
            type(receipt).objects.create(**values, entered_by=person, at=NOON)
    with refused("receipt_reversal_has_reason"), transaction.atomic():
        ReceiptReversal.objects.create(receipt=receipt, reason="", entered_by=person, at=NOON)

    reversal = ReceiptReversal.objects.create(receipt=receipt, reason="Twice", entered_by=person, at=NOON)

    with refused("receipt_id"), transaction.atomic():
        ReceiptReversal.objects.create(receipt=receipt, reason="Again", entered_by=person, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        reversal.delete()


def test_the_ring_fence_of_a_line_is_that_of_its_sources_stream(made):
    line = SchemeLine.objects.get(pk=made.pk("scheme_line"))
    other = SchemeLine.objects.get(scheme=made["scheme_without_figure"])

    assert (line.ring_fence, other.ring_fence) == ("nhs_minimum", "")
    FundingStream.objects.update(ring_fence="dfg")
    assert SchemeLine.objects.get(pk=line.pk).ring_fence == "dfg"
