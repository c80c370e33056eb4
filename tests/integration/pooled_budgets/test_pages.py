"""The pages of a fund: the journey of its finance officer, and what everybody else gets."""

import io
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.models import StagedImport
from integration_hub.core.spreadsheets import reader
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import Forecast, Fund, FundingLine, Scheme
from pooled_budgets.selectors import positions
from pooled_budgets.services import forecasts, funds, periods, plans
from tests.factories.money import SchemeFactory, quarter
from tests.factories.partners import NOON as AT

BACKEND = "partners.backends.EmailBackend"
LATER = AT + timedelta(hours=1)


@pytest.fixture
def officer(world, client):
    client.force_login(world.person("finance"), backend=BACKEND)
    return client


@pytest.fixture
def schemes(world):
    return [SchemeFactory(fund=world.fund, number=number, name=f"Name {number}") for number in ("1", "2", "11")]


def url(name, *args, query=""):
    return reverse(f"pooled_budgets:{name}", args=args) + query


def text(answer):
    return " ".join(answer.content.decode().split())


def stated(number, amount):
    return Entry(number, Figure.stated(Decimal(amount)))


def grid(world, **typed):
    """What a browser posts for the grid as it stands, with some inputs typed over: outturn_1="£5"."""
    posted = {"quarter": "1"}
    for line in positions.position(world.fund, world.period, world.person("finance")).lines:
        shown = line.recorded.code if line.recorded else ""
        posted |= {
            f"number-{line.scheme_id}": line.number,
            f"seen-outturn-{line.scheme_id}": shown,
            f"seen-note-{line.scheme_id}": line.forecast_note,
            f"outturn-{line.scheme_id}": shown if shown[:1].isdigit() else "",
            f"reason-{line.scheme_id}": "" if shown[:1].isdigit() else shown,
            f"until-{line.scheme_id}": "",
            f"note-{line.scheme_id}": line.forecast_note,
        }
        for field in ("outturn", "reason", "until", "note", "seen_outturn", "seen_note"):
            if f"{field}_{line.number}" in typed:
                posted[f"{field.replace('_', '-')}-{line.scheme_id}"] = typed[f"{field}_{line.number}"]
    return posted | ({"pasted": typed["pasted"], "preview": "1"} if "pasted" in typed else {})


def amounts():
    return {
        row.scheme.number: row.amount for row in Forecast.objects.select_related("scheme").order_by("scheme__number")
    }


# The plan


def test_journey_upload_refuse_correct_import_and_undo(world, officer, uploads):
    answer = officer.post(url("plan_upload", world.fund.pk), {"file": uploads.posted(uploads.example())}, follow=True)
    page = text(answer)
    assert "Scheme plan!D14" in page
    assert "£214,000.00 would make the column tie to its printed total of £8,957,000.00." in page
    assert 'value="214,000.00"' in page
    staged = StagedImport.objects.get()

    answer = officer.post(url("plan_import", world.fund.pk, staged.pk), {"cell-D14": "214,000.00"}, follow=True)
    assert "Projected outturn at quarter 1: £8,957,000.00, which ties" in text(answer)
    assert "Record the 7 projected outturns at quarter 1 too" in text(answer)

    answer = officer.post(url("plan_import_confirm", world.fund.pk, staged.pk), {"include_outturns": "on"}, follow=True)
    page = text(answer)
    assert "The scheme plan is imported: 7 schemes added." in page
    assert "printed as “£214,00”" in page
    assert "Scheme 11: the projected outturn is printed as “£214,00”; £214,000.00 is used." in page
    assert Scheme.objects.count() == 7

    answer = officer.post(url("plan_import_undo", world.fund.pk, staged.pk), follow=True)
    assert "is undone" in text(answer)
    assert Scheme.objects.count() == 0
    assert Forecast.objects.count() == 0


def test_confirm_without_the_tick_imports_the_plan_alone(world, officer, uploads):
    officer.post(url("plan_upload", world.fund.pk), {"file": uploads.posted(uploads.example())})
    staged = StagedImport.objects.get()
    officer.post(url("plan_import", world.fund.pk, staged.pk), {"cell-D14": "214,000.00"})

    officer.post(url("plan_import_confirm", world.fund.pk, staged.pk))

    assert (Scheme.objects.count(), Forecast.objects.count()) == (7, 0)


def test_correction_left_empty_is_asked_for_and_changes_nothing(world, officer, stage):
    staged = stage()

    answer = officer.post(url("plan_import", world.fund.pk, staged.pk), {"cell-D14": ""})

    assert answer.status_code == 400
    assert "There is a problem" in text(answer)
    assert StagedImport.objects.get().rows == staged.rows


def test_confirm_after_a_change_is_a_conflict_on_the_page(world, officer, stage, uploads):
    staged = stage(uploads.plan(("1", "Transfers", Decimal(10), None, "")))
    SchemeFactory(fund=world.fund, number="9")

    answer = officer.post(url("plan_import_confirm", world.fund.pk, staged.pk))

    assert answer.status_code == 409
    assert "scheme 9 was added" in text(answer)
    assert "Make the preview again" in text(answer)
    assert list(Scheme.objects.values_list("number", flat=True)) == ["9"]


def test_undo_of_what_is_built_on_is_a_conflict_on_the_page(world, officer, imported):
    forecasts.record(
        fund=world.fund, period=world.period, entries=[stated("1", "5")], by=world.person("finance"), at=LATER
    )

    answer = officer.post(url("plan_import_undo", world.fund.pk, imported.pk))

    assert answer.status_code == 409
    assert "entered projected outturns at Quarter 1 2014/15" in text(answer)
    assert Scheme.objects.count() == 7


def lock(world, number=1):
    return periods.lock(
        fund=world.fund,
        period=quarter(2014, number),
        reason="The return is with its signatories",
        who_can_lift="Either signatory",
        by=world.person("finance"),
        at=LATER,
    )


def rows_of(world, outturn=None):
    lines = positions.position(world.fund, world.period, world.person("finance")).lines
    return [(line.number, line.name, line.budget, outturn, line.note) for line in lines]


LOCK_WORDS = ("is locked.", "Locked by Finance of council on 14 July 2014", "Either signatory", "its signatories")


def test_preview_of_another_plan_under_a_lock_has_the_lock_in_place_of_the_button(
    world, officer, imported, stage, uploads
):
    staged = stage(uploads.plan(*rows_of(world, Decimal(9)), ("12", "New", Decimal(1), None, "")), at=LATER)
    address = url("plan_import", world.fund.pk, staged.pk)
    assert "Import the plan" in text(officer.get(address))
    lock(world)

    page = text(officer.get(address))

    for words in (*LOCK_WORDS, "changes schemes or budgets", "projected outturns in this sheet are those of Quarter 1"):
        assert words in page
    assert "Import the plan" not in page
    answer = officer.post(url("plan_import_confirm", world.fund.pk, staged.pk))
    assert answer.status_code == 409
    assert "Who can lift the lock: Either signatory" in text(answer)
    assert (Scheme.objects.count(), Forecast.objects.count()) == (7, 0)


def test_preview_of_outturns_alone_is_held_up_by_a_lock_on_their_quarter_only(world, officer, imported, stage, uploads):
    pages = {}
    for number in (1, 2):
        quarter(2014, number)
        staged = stage(uploads.plan(*rows_of(world, Decimal(9)), quarter=number), at=LATER)
        pages[number] = url("plan_import", world.fund.pk, staged.pk)
    lock(world)

    locked, free = (text(officer.get(pages[number])) for number in (1, 2))

    for words in (*LOCK_WORDS, "projected outturns in this sheet are those of Quarter 1"):
        assert words in locked
    assert "changes schemes or budgets" not in locked
    assert "Import the plan" not in locked
    assert "Import the plan" in free
    assert "Locked by" not in free


def test_preview_of_a_file_that_was_replaced_says_when_and_by_what(world, officer, stage, uploads):
    first = uploads.plan(("1", "First", Decimal(1), None, ""))
    second = uploads.plan(("1", "Second", Decimal(2), None, ""))
    for name, content in (("first.xlsx", first), ("second.xlsx", second)):
        plans.confirm(import_id=stage(content, name=name).pk, by=world.person("finance"), at=timezone.now())

    page = text(officer.post(url("plan_upload", world.fund.pk), {"file": uploads.posted(first)}, follow=True))

    assert "This file was imported on" in page
    assert "and replaced since: Finance of council imported second.xlsx on" in page
    assert "Import the plan" in page


def test_discard_puts_the_upload_away(world, officer, stage):
    answer = officer.post(url("plan_import_discard", world.fund.pk, stage().pk), follow=True)

    assert "Nothing of it was imported" in text(answer)
    assert StagedImport.objects.get().status == StagedImport.DISCARDED


@pytest.mark.parametrize(("query", "suffix"), [("", "xlsx"), ("?format=csv", "csv")])
def test_template_can_be_read_back_and_names_fund_area_and_year(world, officer, schemes, query, suffix):
    answer = officer.get(url("plan_template", world.fund.pk, query=query))

    assert f'filename="Scheme-plan-Southwark-2014-15.{suffix}"' in answer["Content-Disposition"]
    rows = reader.read(io.BytesIO(answer.content), f"plan.{suffix}").sheets[0].rows
    values = [cell.text for row in rows for cell in row]
    for expected in ("Southwark", "2014/15", world.fund.name, "Name 11"):
        assert expected in values


def test_example_is_there_in_the_demonstration_and_for_its_own_fund_alone(world, officer, settings):
    settings.DEMO = True
    other = another_fund(world, 2015)
    assert officer.get(url("plan_example", world.fund.pk)).status_code == 200
    assert officer.get(url("plan_example", other.pk)).status_code == 404

    settings.DEMO = False
    assert officer.get(url("plan_example", world.fund.pk)).status_code == 404


def another_fund(world, year):
    return funds.create(
        agreement=world.agreement,
        owner=world.council,
        financial_year=year,
        name="Other",
        total=None,
        total_state="to_be_confirmed",
        by=world.person("finance"),
        at=AT,
    )


# The fund


def test_fund_page_says_not_stated_and_how_everything_ties(world, officer, imported):
    for source, amount in (("Integration payment", "1300000.00"), ("NHS transfers", "7657000.00")):
        funds.add_funding(fund=world.fund, source=source, amount=Decimal(amount), by=world.person("finance"), at=AT)
    Fund.objects.filter(pk=world.fund.pk).update(
        split_note="The paper does not state the split.",
        discrepancies=[
            {
                "figure": "Total",
                "printed": "£1.3m",
                "where": "paragraph 42",
                "note": "against £8,957,000 in the table",
            }
        ],
    )

    page = text(officer.get(url("fund", world.fund.pk)))

    assert (
        "The schemes' budgets tie to the fund's total of £8,957,000.00: £0.00 is unallocated.".replace("'", "&#x27;")
        in page
    )
    assert "The sources tie to the fund&#x27;s total of £8,957,000.00." in page
    # Who pays each of the two, and what comes in for lines that name no source.
    assert page.count("not stated") == 3
    assert "The paper does not state the split." in page
    assert "Paragraph 42 prints £1.3m against £8,957,000 in the table." in page
    assert "leave out schemes 1, 2, 3, 4, 5, 7 and 11" in page
    assert "<svg" in page
    assert FundingLine.objects.filter(payer__isnull=True).count() == 2


def test_fund_page_escapes_what_people_typed_in_the_chart_too(world, officer):
    SchemeFactory(fund=world.fund, number="1", name="<script>alert(1)</script> & <b>")

    page = officer.get(url("fund", world.fund.pk)).content.decode()

    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_fund_page_with_what_is_unallocated_says_how_much(world, officer):
    SchemeFactory(fund=world.fund, number="1", budget="8000000.50")

    page = text(officer.get(url("fund", world.fund.pk)))

    assert "£956,999.50 of the fund&#x27;s total of £8,957,000.00 is unallocated" in page


def test_fund_page_whose_plan_exceeds_the_fund_says_by_how_much(world, officer):
    SchemeFactory(fund=world.fund, number="1", budget="8957000.01")

    assert "£0.01 more than the fund&#x27;s total" in text(officer.get(url("fund", world.fund.pk)))


def test_funds_page_lists_a_total_to_be_confirmed_in_words(world, officer):
    another_fund(world, 2015)

    page = text(officer.get(url("funds")))

    assert "to be confirmed" in page
    assert "£8,957,000.00" in page


# The grid


def test_grid_saves_what_was_typed_and_shows_the_variance(world, officer, schemes):
    answer = officer.post(
        url("monitoring", world.fund.pk),
        grid(
            world, outturn_1="£1,250.50", outturn_2="nil", reason_11="not_yet_available", until_11="30 September 2030"
        ),
        follow=True,
    )

    page = text(answer)
    assert answer.redirect_chain[-1][0].endswith("?quarter=1")
    assert "3 schemes of Quarter 1 2014/15 saved. Only Southwark Council sees them until you release them." in page
    assert "+£250.50" in page
    assert "leave out scheme 11" in page
    assert amounts() == {"1": Decimal("1250.50"), "11": None, "2": Decimal("0.00")}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"outturn_2": "£214,00"}, "groups of three digits"),
        ({"outturn_2": "lots"}, "is not an amount"),
        ({"outturn_2": "1.005"}, "decimals"),
        ({"outturn_2": "5", "reason_2": "missing"}, "Leave one of them"),
        ({"reason_2": "not_yet_available"}, "Write the date"),
        ({"reason_2": "missing", "until_2": "1 May 2015"}, "A date belongs only"),
        ({"reason_2": "bored"}, "Choose one of the reasons"),
        ({"until_2": "1 May 2015"}, "Choose &quot;Not yet available until&quot;"),
        ({"note_2": "x" * 2001}, "longer than 2,000"),
        ({"note_2": "a\x00b"}, "a character that cannot be kept"),
        ({"outturn_2": "1e5"}, "scientific notation"),
        ({"outturn_2": "5\x00"}, "is not an amount"),
        ({"reason_2": "not_yet_available", "until_2": "31 December 9999"}, "31 December 9999 is too far away"),
        ({"reason_2": "not_yet_available", "until_2": "01/01/0001"}, "from 1 January 2000 to 31 December 2099"),
    ],
)
def test_grid_with_a_bad_row_is_refused_beside_it_keeps_what_was_typed_and_saves_nothing(
    world, officer, schemes, typed, words
):
    answer = officer.post(url("monitoring", world.fund.pk), grid(world, outturn_1="777.00", **typed))

    page = text(answer)
    assert answer.status_code == 400
    assert "There is a problem" in page
    assert words in page
    assert 'value="777.00"' in page
    assert amounts() == {}


@pytest.mark.parametrize("figures", ["", "5.00"], ids=["nothing", "recorded"])
@pytest.mark.parametrize(
    "seen",
    [
        "evil",
        "NaN",
        "1e5",
        "until:2014",
        "stated",
        "5",
        "not_yet_available",
        "not_yet_available:2014",
        "not_yet_available:2014-02-30",
        "missing:2014-01-01",
        "-Infinity",
        "5.00\x00",
        "\N{ARABIC-INDIC DIGIT FIVE}.00",
    ],
)
def test_grid_with_a_hidden_value_that_no_page_has_is_malformed_keeps_what_was_typed_and_saves_nothing(
    world, officer, schemes, seen, figures
):
    if figures:
        forecasts.record(
            fund=world.fund, period=world.period, entries=[stated("1", figures)], by=world.person("finance"), at=AT
        )
    before = amounts()

    answer = officer.post(
        url("monitoring", world.fund.pk), grid(world, outturn_1="777.00", note_2="Kept", seen_outturn_1=seen)
    )

    page = text(answer)
    assert answer.status_code == 400
    assert "reload the page" in page
    assert 'value="777.00"' in page
    assert 'value="Kept"' in page
    assert amounts() == before


def test_grid_with_nul_in_the_note_that_was_seen_is_malformed(world, officer, schemes):
    answer = officer.post(url("monitoring", world.fund.pk), grid(world, note_1="New", seen_note_1="a\x00"))

    assert answer.status_code == 400
    assert "reload the page" in text(answer)
    assert amounts() == {}


def test_grid_figure_taken_out_without_a_reason_is_refused(world, officer, schemes):
    forecasts.record(
        fund=world.fund, period=world.period, entries=[stated("1", "5")], by=world.person("finance"), at=AT
    )

    answer = officer.post(url("monitoring", world.fund.pk), grid(world, outturn_1=""))

    assert answer.status_code == 400
    assert "Choose why there is none" in text(answer)
    assert amounts() == {"1": Decimal("5.00")}


def test_grid_that_somebody_else_changed_shows_both_values_and_loses_nothing_typed(world, officer, schemes):
    first = grid(world, outturn_1="80", outturn_2="20")
    forecasts.record(
        fund=world.fund, period=world.period, entries=[stated("1", "95")], by=world.person("finance"), at=AT
    )

    answer = officer.post(url("monitoring", world.fund.pk), first)

    page = text(answer)
    assert answer.status_code == 409
    assert "you saw nothing recorded; Finance of council saved £95.00 on 14 July 2014" in page
    assert "you entered £80.00" in page
    assert 'value="80"' in page
    assert 'value="20"' in page
    assert amounts() == {"1": Decimal("95.00")}
    key = schemes[0].pk
    assert f'name="seen-outturn-{key}" value="95.00"' in page

    officer.post(url("monitoring", world.fund.pk), grid(world, outturn_1="80", outturn_2="20"))
    assert amounts() == {"1": Decimal("80.00"), "2": Decimal("20.00")}


def test_grid_for_a_scheme_that_is_gone_is_refused_by_name_and_saves_nothing(world, officer, schemes):
    posted = grid(world, outturn_1="80", outturn_11="5.00")
    schemes[2].lines.all().delete()
    schemes[2].delete()

    answer = officer.post(url("monitoring", world.fund.pk), posted)

    assert answer.status_code == 409
    assert "no scheme 11 (£5.00) any more" in text(answer)
    assert amounts() == {}


def test_paste_is_shown_before_it_is_saved(world, officer, schemes):
    answer = officer.post(url("monitoring", world.fund.pk), grid(world, pasted="1\t£10\r\n2\tnil\r\n11\t30"))

    page = text(answer)
    assert answer.status_code == 200
    assert "This is a preview of the pasted column: 3 rows filled, 3 of them different" in page
    assert 'value="10.00"' in page
    assert amounts() == {}


def test_paste_with_a_bad_row_names_its_line_and_changes_nothing(world, officer, schemes):
    answer = officer.post(
        url("monitoring", world.fund.pk), grid(world, outturn_1="777.00", pasted="10\r\n£214,00\r\n30")
    )

    page = text(answer)
    assert answer.status_code == 400
    for words in ("Line 2", "£214,00", "groups of three digits", "Expected: an amount", "Nothing of the column"):
        assert words in page
    assert 'value="777.00"' in page
    assert 'value="30.00"' not in page
    assert amounts() == {}


def test_release_lets_the_partners_see(world, officer, client, schemes):
    forecasts.record(
        fund=world.fund, period=world.period, entries=[stated("1", "1234.56")], by=world.person("finance"), at=AT
    )
    assert "Draft: only Southwark Council can see this" in text(officer.get(url("monitoring", world.fund.pk)))

    answer = officer.post(url("release", world.fund.pk), {"quarter": "1"}, follow=True)

    assert "1 figure of Quarter 1 2014/15 released" in text(answer)
    client.force_login(world.person("approver", "ccg"), backend=BACKEND)
    page = text(client.get(url("monitoring", world.fund.pk)))
    assert "£1,234.56" in page
    assert "<input class=" not in page


def test_release_of_nothing_is_a_conflict(world, officer, schemes):
    answer = officer.post(url("release", world.fund.pk), {"quarter": "1"})

    assert answer.status_code == 409
    assert "There is no draft of Quarter 1 2014/15" in text(answer)


def test_locked_quarter_shows_who_when_why_and_who_can_lift_and_takes_nothing(world, officer, schemes):
    posted = grid(world, outturn_1="5")
    periods.lock(
        fund=world.fund,
        period=world.period,
        reason="The return is with its signatories",
        who_can_lift="Either signatory",
        by=world.person("finance"),
        at=AT,
    )

    page = text(officer.get(url("monitoring", world.fund.pk)))
    for words in (
        "Quarter 1 2014/15 is locked.",
        "Finance of council",
        "14 July 2014",
        "signatories",
        "Either signatory",
    ):
        assert words in page
    assert "Save the quarter" not in page

    answer = officer.post(url("monitoring", world.fund.pk), posted)
    assert answer.status_code == 409
    assert "Either signatory" in text(answer)
    assert amounts() == {}


def test_quarters_are_kept_apart(world, officer, schemes):
    quarter(2014, 2)
    posted = grid(world, outturn_1="5") | {"quarter": "2"}

    officer.post(url("monitoring", world.fund.pk, query="?quarter=2"), posted)

    assert list(Forecast.objects.values_list("period__number", "amount")) == [(2, Decimal("5.00"))]
    assert "Quarter 2 2014/15" in text(officer.get(url("monitoring", world.fund.pk)))


@pytest.mark.parametrize("asked", ["5", "x", "1 OR 1"])
def test_a_quarter_that_is_none_is_malformed(world, officer, asked):
    assert officer.get(url("fund", world.fund.pk), {"quarter": asked}).status_code == 400


# Who gets what

READS = ["fund", "plan_upload", "plan_template", "monitoring"]
WRITES = ["plan_upload", "monitoring", "release"]


@pytest.mark.parametrize(
    ("role", "partner"),
    [("approver", "council"), ("member", "council"), ("auditor", "council"), ("finance", "ccg"), ("metrics", "ccg")],
)
def test_readers_of_the_parties_read_everything_and_change_nothing(world, client, schemes, role, partner):
    client.force_login(world.person(role, partner), backend=BACKEND)

    for name in READS:
        assert client.get(url(name, world.fund.pk)).status_code == 200
    for name in WRITES:
        assert client.post(url(name, world.fund.pk), grid(world, outturn_1="5")).status_code == 403
    assert amounts() == {}
    assert "Save the quarter" not in text(client.get(url("monitoring", world.fund.pk)))
    assert "Upload and check" not in text(client.get(url("plan_upload", world.fund.pk)))


def test_board_member_reads_the_fund_and_changes_nothing(world, client, schemes):
    client.force_login(world.sitting_member(), backend=BACKEND)

    assert client.get(url("fund", world.fund.pk)).status_code == 200
    assert client.post(url("monitoring", world.fund.pk), grid(world, outturn_1="5")).status_code == 403
    assert amounts() == {}


def test_stranger_gets_404_for_every_address_and_an_empty_list(world, client, stage):
    staged = stage()
    client.force_login(world.person("finance", "hackney"), backend=BACKEND)

    for name in READS:
        assert client.get(url(name, world.fund.pk)).status_code == 404
    for name in WRITES:
        assert client.post(url(name, world.fund.pk), {}).status_code == 404
    assert client.get(url("plan_import", world.fund.pk, staged.pk)).status_code == 404
    for name in ("plan_import", "plan_import_confirm", "plan_import_undo", "plan_import_discard"):
        assert client.post(url(name, world.fund.pk, staged.pk)).status_code == 404
    assert world.fund.name not in text(client.get(url("funds")))
    assert StagedImport.objects.get().status == StagedImport.REFUSED


def test_upload_is_known_to_the_partner_that_uploaded_it_alone(world, client, stage):
    staged = stage()
    client.force_login(world.person("finance", "ccg"), backend=BACKEND)
    assert client.get(url("plan_import", world.fund.pk, staged.pk)).status_code == 404

    client.force_login(world.person("auditor"), backend=BACKEND)
    page = client.get(url("plan_import", world.fund.pk, staged.pk))
    assert page.status_code == 200
    assert "Correct and check again" not in text(page)
    for name in ("plan_import", "plan_import_confirm", "plan_import_undo", "plan_import_discard"):
        assert client.post(url(name, world.fund.pk, staged.pk), {"cell-D14": "1"}).status_code == 403
    assert StagedImport.objects.get().rows == staged.rows


def test_an_import_of_another_fund_is_not_found_under_this_one(world, officer, stage):
    staged = stage()
    other = another_fund(world, 2015)

    assert officer.get(url("plan_import", other.pk, staged.pk)).status_code == 404
    assert officer.get(url("plan_import", world.fund.pk, uuid.uuid4())).status_code == 404


def test_an_unreleased_fund_is_seen_by_its_owner_alone(world, client):
    Fund.objects.filter(pk=world.fund.pk).update(released_at=None)
    for person, status in ((world.person("finance"), 200), (world.person("finance", "ccg"), 404)):
        client.force_login(person, backend=BACKEND)
        assert client.get(url("fund", world.fund.pk)).status_code == status


def test_not_signed_in_goes_to_the_sign_in_page(world, client):
    answer = client.get(url("fund", world.fund.pk))

    assert answer.status_code == 302
    assert "next=" in answer["Location"]
