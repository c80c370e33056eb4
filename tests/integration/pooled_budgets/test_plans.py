"""The scheme plan from a sheet: preview, correction, all or nothing, undone as one batch."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import Http404

from integration_hub.core.errors import Malformed
from integration_hub.core.models import AuditEvent, StagedImport
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import Forecast, Scheme, SchemeLine
from pooled_budgets.policies import AlreadyImported, ImportHasProblems, ImportNotOpen, PeriodLocked
from pooled_budgets.selectors import imports, positions
from pooled_budgets.services import forecasts, periods, plans
from tests.factories.money import SchemeFactory, quarter
from tests.factories.partners import NOON as AT

LATER = AT + timedelta(minutes=1)
MUCH_LATER = AT + timedelta(hours=1)


def standing(fund):
    """Everything of the fund that an import may touch, row by row."""
    return {
        model.__name__: sorted(
            model.objects.filter(**{path: fund}).values_list(*[field.attname for field in model._meta.concrete_fields]),
            key=str,
        )
        for model, path in ((Scheme, "fund"), (SchemeLine, "scheme__fund"), (Forecast, "scheme__fund"))
    }


def stated(number, amount):
    return Entry(number=number, figure=Figure.stated(Decimal(amount)))


def test_stage_refuses_the_printed_cell_by_name_and_changes_nothing(world, stage):
    before = standing(world.fund)

    preview = imports.preview(stage(name="southwark.xlsx"))

    (problem,) = preview.problems
    assert preview.staged.status == StagedImport.REFUSED
    assert (problem.address, problem.value) == ("Scheme plan!D14", "£214,00")
    assert problem.suggestion == "214,000.00"
    assert preview.counts == {"added": 7, "changed": 0, "removed": 0, "same": 0}
    assert standing(world.fund) == before


def test_journey_the_corrected_plan_is_imported_to_the_penny(world, imported):
    position = positions.position(world.fund, world.period, world.person("finance"))

    assert [line.number for line in position.lines] == ["1", "2", "3", "4", "5", "7", "11"]
    assert position.totals.budget == Decimal("8957000.00")
    assert position.unallocated == 0
    assert position.is_tied
    assert not position.has_outturns
    assert imported.status == StagedImport.CONFIRMED
    assert set(Scheme.objects.filter(fund=world.fund).values_list("imported_by", flat=True)) == {imported.pk}


def test_confirm_with_outturns_records_them_as_a_draft_and_keeps_what_was_printed(world, stage):
    officer = world.person("finance")
    staged = stage()
    plans.correct(import_id=staged.pk, corrections={"D14": "214,000.00"}, by=officer, at=LATER)

    plans.confirm(import_id=staged.pk, by=officer, at=LATER)

    rows = Forecast.objects.filter(scheme__fund=world.fund)
    assert rows.count() == 7
    assert rows.aggregate(total=Sum("amount"))["total"] == Decimal("8957000.00")
    assert rows.filter(released_at__isnull=False).count() == 0
    assert rows.get(scheme__number="11").as_printed == "£214,00"
    assert rows.get(scheme__number="1").as_printed == ""
    assert set(rows.values_list("imported_by", flat=True)) == {staged.pk}


def test_each_verb_leaves_one_audit_line(world, stage):
    officer = world.person("finance")
    lines = AuditEvent.objects.count()
    staged = stage()
    plans.correct(import_id=staged.pk, corrections={"D14": "214,000.00"}, by=officer, at=LATER)
    plans.confirm(import_id=staged.pk, by=officer, at=LATER)
    plans.undo(import_id=staged.pk, by=officer, at=MUCH_LATER)

    kinds = list(AuditEvent.objects.order_by("recorded_at").values_list("kind", flat=True))[lines:]
    assert kinds == ["plan.staged", "plan.corrected", "plan.imported", "plan.import_undone"]


def test_confirm_with_a_refused_cell_is_refused_and_changes_nothing(world, stage):
    staged = stage()
    before = standing(world.fund)

    with pytest.raises(ImportHasProblems):
        plans.confirm(import_id=staged.pk, by=world.person("finance"), at=LATER)

    assert standing(world.fund) == before
    staged.refresh_from_db()
    assert staged.status == StagedImport.REFUSED


def test_correct_to_another_bad_value_refuses_it_again(world, stage):
    staged = stage()

    staged = plans.correct(import_id=staged.pk, corrections={"D14": "£2,14"}, by=world.person("finance"), at=LATER)

    (problem,) = imports.preview(staged).problems
    assert problem.value == "£2,14"


def test_correct_to_a_value_that_does_not_tie_names_the_difference(world, stage):
    staged = stage()

    staged = plans.correct(import_id=staged.pk, corrections={"D14": "214,001"}, by=world.person("finance"), at=LATER)

    (problem,) = imports.preview(staged).problems
    assert problem.code == "total"
    assert "£1.00 less" in problem.message


def test_correct_a_cell_that_is_not_refused_is_refused_and_changes_nothing(world, stage):
    staged = stage()

    with pytest.raises(Malformed, match="C8"):
        plans.correct(import_id=staged.pk, corrections={"C8": "1"}, by=world.person("finance"), at=LATER)

    kept = StagedImport.objects.get(pk=staged.pk)
    assert kept.rows == staged.rows
    assert kept.problems == staged.problems


def test_confirm_changes_adds_and_removes_as_the_preview_said(world, imported, stage, uploads):
    sheet = uploads.plan(
        ("1", "Existing NHS transfers", Decimal("5621000"), None, ""),
        ("2", "Winter Pressures services", Decimal("1048000.50"), None, "New note"),
        ("12", "A new scheme", "to be confirmed", None, ""),
    )
    staged = stage(sheet, name="second.xlsx", at=MUCH_LATER)
    assert imports.preview(staged).counts == {"added": 1, "changed": 2, "removed": 5, "same": 0}

    plans.confirm(import_id=staged.pk, by=world.person("finance"), at=MUCH_LATER)

    lines = positions.position(world.fund, world.period, world.person("finance")).lines
    assert [(line.number, line.name, line.budget, line.note) for line in lines] == [
        ("1", "Existing NHS transfers", Decimal("5621000.00"), ""),
        ("2", "Winter Pressures services", Decimal("1048000.50"), "New note"),
        ("12", "A new scheme", None, ""),
    ]
    assert lines[2].budget_state == "to_be_confirmed"


def test_confirm_after_the_plan_changed_is_refused_names_it_and_changes_nothing(world, stage, uploads):
    officer = world.person("finance")
    staged = stage(uploads.plan(("1", "Transfers", Decimal(10), None, "")))
    SchemeFactory(fund=world.fund, number="9", position=9, name="Meanwhile")
    before = standing(world.fund)

    with pytest.raises(plans.PlanChanged, match="scheme 9 was added"):
        plans.confirm(import_id=staged.pk, by=officer, at=LATER)

    assert standing(world.fund) == before
    renewed = plans.correct(import_id=staged.pk, corrections={}, by=officer, at=LATER)
    assert imports.preview(renewed).counts["removed"] == 1
    plans.confirm(import_id=staged.pk, by=officer, at=LATER)
    assert list(Scheme.objects.filter(fund=world.fund).values_list("number", flat=True)) == ["1"]


def test_confirm_after_an_outturn_of_the_sheets_quarter_changed_is_refused(world, imported, stage, uploads):
    officer = world.person("finance")
    rows = [
        (line.number, line.name, line.budget, Decimal(1), "")
        for line in positions.position(world.fund, world.period, officer).lines
    ]
    staged = stage(uploads.plan(*rows), at=MUCH_LATER)
    forecasts.record(fund=world.fund, period=world.period, entries=[stated("1", "5.00")], by=officer, at=MUCH_LATER)
    before = standing(world.fund)

    with pytest.raises(plans.PlanChanged, match=r"scheme 1: outturn was nothing recorded and is £5\.00"):
        plans.confirm(import_id=staged.pk, by=officer, at=MUCH_LATER)

    assert standing(world.fund) == before


def test_stage_the_same_file_twice_is_refused_with_when_and_who(world, imported, stage):
    uploads_before = StagedImport.objects.count()

    with pytest.raises(AlreadyImported, match=r"southwark\.xlsx: Finance of council confirmed it on 14 July 2014"):
        stage(name="again.xlsx")

    assert StagedImport.objects.count() == uploads_before


def test_stage_the_same_file_before_it_was_confirmed_takes_the_place_of_the_older(world, stage):
    first, second = stage(), stage(at=LATER)

    first.refresh_from_db()
    assert first.status == StagedImport.DISCARDED
    assert second.status == StagedImport.REFUSED


def test_stage_after_undoing_takes_the_same_file_again(world, imported, stage):
    plans.undo(import_id=imported.pk, by=world.person("finance"), at=MUCH_LATER)

    assert stage(at=MUCH_LATER).status == StagedImport.REFUSED


def test_undo_of_a_first_plan_leaves_nothing_behind(world, imported):
    undone = plans.undo(import_id=imported.pk, by=world.person("finance"), at=MUCH_LATER)

    assert undone.status == StagedImport.UNDONE
    assert standing(world.fund) == {"Scheme": [], "SchemeLine": [], "Forecast": []}


def test_undo_of_a_second_plan_brings_every_row_back_as_it_was(world, imported, stage, uploads):
    officer = world.person("finance")
    before = standing(world.fund)
    staged = stage(
        uploads.plan(("1", "Renamed", Decimal(5), Decimal(7), "Note"), ("99", "New", Decimal(1), None, "")),
        at=MUCH_LATER,
    )
    plans.confirm(import_id=staged.pk, by=officer, at=MUCH_LATER)
    assert standing(world.fund) != before

    plans.undo(import_id=staged.pk, by=officer, at=MUCH_LATER + timedelta(minutes=1))

    assert standing(world.fund) == before


def test_undo_brings_replaced_outturns_back(world, imported, stage, uploads):
    officer = world.person("finance")
    forecasts.record(
        fund=world.fund, period=world.period, entries=[stated("1", "5.00"), stated("2", "6.00")], by=officer, at=LATER
    )
    before = standing(world.fund)
    lines = positions.position(world.fund, world.period, officer).lines
    staged = stage(
        uploads.plan(*[(line.number, line.name, line.budget, Decimal(9), "") for line in lines]), at=MUCH_LATER
    )
    plans.confirm(import_id=staged.pk, by=officer, at=MUCH_LATER)
    assert Forecast.objects.filter(scheme__fund=world.fund, amount=9).count() == 7

    plans.undo(import_id=staged.pk, by=officer, at=MUCH_LATER + timedelta(minutes=1))

    assert standing(world.fund) == before


def test_undo_after_outturns_were_entered_is_refused_says_what_and_changes_nothing(world, imported):
    officer = world.person("finance")
    forecasts.record(fund=world.fund, period=world.period, entries=[stated("7", "54000.00")], by=officer, at=MUCH_LATER)
    before = standing(world.fund)

    with pytest.raises(
        plans.ImportBuiltOn, match=r"Finance of council entered projected outturns at Quarter 1 2014/15"
    ):
        plans.undo(import_id=imported.pk, by=officer, at=MUCH_LATER)

    assert standing(world.fund) == before
    imported.refresh_from_db()
    assert imported.status == StagedImport.CONFIRMED


def test_undo_after_a_later_import_is_refused_by_its_name(world, imported, stage, uploads):
    officer = world.person("finance")
    staged = stage(uploads.plan(("1", "Other", Decimal(1), None, "")), name="later.xlsx", at=MUCH_LATER)
    plans.confirm(import_id=staged.pk, by=officer, at=MUCH_LATER)
    before = standing(world.fund)

    with pytest.raises(plans.ImportBuiltOn, match=r"later\.xlsx"):
        plans.undo(import_id=imported.pk, by=officer, at=MUCH_LATER)

    assert standing(world.fund) == before


def test_undo_after_release_of_its_outturns_is_refused(world, stage):
    officer = world.person("finance")
    staged = stage()
    plans.correct(import_id=staged.pk, corrections={"D14": "214,000.00"}, by=officer, at=LATER)
    plans.confirm(import_id=staged.pk, by=officer, at=LATER)
    forecasts.release(fund=world.fund, period=world.period, by=officer, at=MUCH_LATER)
    before = standing(world.fund)

    with pytest.raises(plans.ImportBuiltOn, match="released"):
        plans.undo(import_id=staged.pk, by=officer, at=MUCH_LATER)

    assert standing(world.fund) == before


def test_undo_after_a_lock_is_refused(world, imported):
    officer = world.person("finance")
    periods.lock(
        fund=world.fund,
        period=world.period,
        reason="Return sent",
        who_can_lift="Signatories",
        by=officer,
        at=MUCH_LATER,
    )

    with pytest.raises(plans.ImportBuiltOn, match="Return sent"):
        plans.undo(import_id=imported.pk, by=officer, at=MUCH_LATER)

    assert Scheme.objects.filter(fund=world.fund).count() == 7


def test_stage_leaving_out_a_scheme_with_figures_is_refused(world, imported, stage, uploads):
    officer = world.person("finance")
    forecasts.record(fund=world.fund, period=world.period, entries=[stated("7", "1.00")], by=officer, at=LATER)

    preview = imports.preview(stage(uploads.plan(("1", "Transfers", Decimal(1), None, "")), at=MUCH_LATER))

    assert preview.staged.status == StagedImport.REFUSED
    assert [problem.code for problem in preview.obstacles] == ["in_use"]
    assert "scheme 7" in preview.obstacles[0].message


@pytest.fixture
def lock(world):
    """Send the return of quarter 1 to its signatories, as far as the fund is concerned."""

    def send(*, number=1, at=MUCH_LATER):
        return periods.lock(
            fund=world.fund,
            period=quarter(2014, number),
            reason="Return sent",
            who_can_lift="Signatories",
            by=world.person("finance"),
            at=at,
        )

    return send


def as_it_stands(world, outturn=None):
    """The rows of a sheet that has the plan as it stands."""
    lines = positions.position(world.fund, world.period, world.person("finance")).lines
    return [(line.number, line.name, line.budget, outturn, line.note) for line in lines]


def test_confirm_with_outturns_of_a_locked_quarter_is_refused_and_changes_nothing(
    world, imported, stage, uploads, lock
):
    staged = stage(uploads.plan(*as_it_stands(world, Decimal(9))), at=MUCH_LATER)
    lock()
    before = standing(world.fund)

    with pytest.raises(PeriodLocked) as refusal:
        plans.confirm(import_id=staged.pk, by=world.person("finance"), at=MUCH_LATER)

    assert refusal.value.who_can_lift == "Signatories"
    assert standing(world.fund) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: [*rows, ("12", "A new scheme", Decimal(5), None, "")],
        lambda rows: rows[:-1],
        lambda rows: [(rows[0][0], rows[0][1], rows[0][2] + 1, None, ""), *rows[1:]],
        lambda rows: [(rows[0][0], "Renamed", *rows[0][2:]), *rows[1:]],
        lambda rows: [(*rows[0][:4], "Another note"), *rows[1:]],
        lambda rows: rows[::-1],
    ],
    ids=["added", "removed", "budget", "name", "note", "order"],
)
def test_confirm_of_another_plan_under_a_lock_is_refused_with_who_when_why_and_changes_nothing(
    world, imported, stage, uploads, lock, change
):
    officer = world.person("finance")
    staged = stage(uploads.plan(*change(as_it_stands(world))), at=MUCH_LATER)
    lock()
    before = standing(world.fund)
    lines = AuditEvent.objects.count()

    with pytest.raises(PeriodLocked) as refusal:
        plans.confirm(import_id=staged.pk, include_outturns=False, by=officer, at=MUCH_LATER)

    for words in ("Quarter 1 2014/15", "Return sent", "Finance of council", "14 July 2014 at 14:00", "Signatories"):
        assert words in refusal.value.message
    assert refusal.value.who_can_lift == "Signatories"
    assert standing(world.fund) == before
    assert AuditEvent.objects.count() == lines
    staged.refresh_from_db()
    assert staged.status == StagedImport.STAGED

    periods.lift(fund=world.fund, period=world.period, reason="Sent back", by=officer, at=MUCH_LATER)
    plans.confirm(import_id=staged.pk, include_outturns=False, by=officer, at=MUCH_LATER)
    assert standing(world.fund) != before


def test_confirm_of_outturns_alone_for_an_open_quarter_is_possible_under_a_lock(world, imported, stage, uploads, lock):
    officer = world.person("finance")
    second = quarter(2014, 2)
    before = standing(world.fund)
    lock()
    staged = stage(uploads.plan(*as_it_stands(world, Decimal(9)), quarter=2), at=MUCH_LATER)

    plans.confirm(import_id=staged.pk, by=officer, at=MUCH_LATER)

    after = standing(world.fund)
    assert (after["Scheme"], after["SchemeLine"]) == (before["Scheme"], before["SchemeLine"])
    assert set(Forecast.objects.values_list("period", "amount")) == {(second.pk, Decimal("9.00"))}


def test_stage_the_same_file_after_another_import_is_taken_and_says_what_replaced_it(world, stage, uploads):
    officer = world.person("finance")
    first = uploads.plan(("1", "First", Decimal(1), None, ""))
    second = uploads.plan(("1", "Second", Decimal(2), None, ""))
    for minutes, (name, content) in enumerate((("first.xlsx", first), ("second.xlsx", second)), start=1):
        at = AT + timedelta(minutes=minutes)
        plans.confirm(import_id=stage(content, name=name, at=at).pk, by=officer, at=at)

    again = stage(first, name="again.xlsx", at=MUCH_LATER)

    assert [row.filename for row in imports.replaced_before(world.fund, again)] == ["first.xlsx", "second.xlsx"]
    plans.confirm(import_id=again.pk, by=officer, at=MUCH_LATER)
    assert list(Scheme.objects.values_list("name", flat=True)) == ["First"]
    with pytest.raises(AlreadyImported, match=r"again\.xlsx"):
        stage(first, at=MUCH_LATER)
    assert imports.replaced_before(world.fund, stage(second, at=MUCH_LATER)) is not None


@pytest.mark.parametrize("verb", ["correct", "confirm", "discard"])
def test_an_import_that_is_confirmed_takes_no_more(world, imported, verb):
    more = {"corrections": {}} if verb == "correct" else {}

    with pytest.raises(ImportNotOpen, match=r"southwark\.xlsx was already imported"):
        getattr(plans, verb)(import_id=imported.pk, by=world.person("finance"), at=MUCH_LATER, **more)

    assert Scheme.objects.filter(fund=world.fund).count() == 7


def test_discard_puts_an_upload_away_and_changes_nothing(world, stage):
    staged = plans.discard(import_id=stage().pk, by=world.person("finance"), at=LATER)

    assert staged.status == StagedImport.DISCARDED
    assert Scheme.objects.filter(fund=world.fund).count() == 0


def test_undo_of_what_was_never_confirmed_is_refused(world, stage):
    with pytest.raises(ImportNotOpen, match="nothing to undo"):
        plans.undo(import_id=stage().pk, by=world.person("finance"), at=LATER)


@pytest.mark.parametrize("role", ["approver", "governance", "member", "auditor", "metrics", "admin", "programme"])
def test_stage_by_another_role_of_the_partner_is_refused_and_keeps_nothing(world, stage, role):
    with pytest.raises(PermissionDenied):
        stage(by=world.person(role))

    assert StagedImport.objects.count() == 0


def test_confirm_by_the_other_partners_finance_officer_is_not_found(world, stage):
    staged = stage()

    with pytest.raises(Http404):
        plans.confirm(import_id=staged.pk, by=world.person("finance", "ccg"), at=LATER)

    assert Scheme.objects.filter(fund=world.fund).count() == 0


def test_import_of_another_quarters_outturns_goes_to_that_quarter(world, stage, uploads):
    second = quarter(2014, 2)
    staged = stage(uploads.plan(("1", "Transfers", Decimal(10), Decimal(11), ""), quarter=2))

    plans.confirm(import_id=staged.pk, by=world.person("finance"), at=LATER)

    assert list(Forecast.objects.values_list("period", "amount")) == [(second.pk, Decimal("11.00"))]
