"""The permission matrix: each address of the site x each method x each actor -> one status.

A row states for whom its object is there (404 for others, whatever the method), who may use each method (403), and
what they get. Everything else follows from rows.py. Objects are those of tests/factories/everything.py: the council
owns them unless the row's case says otherwise. docs/permission-matrix.md is made from this table:

    UPDATE_PERMISSION_MATRIX=1 pytest tests/architecture/test_permission_matrix.py -k document
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from bcf_metrics.presenters import figure_files as figure_presenter
from bcf_metrics.presenters import workbook
from bcf_metrics.selectors import content, returns
from bcf_metrics.selectors.figures import entered_of
from bcf_metrics.services import figure_files, policy_drafts
from bcf_metrics.services.sections import seen_of as section_seen
from pooled_budgets.services.contributions import seen_of
from pooled_budgets.services.schemes import seen_of as scheme_seen
from pooled_budgets.services.schemes import seen_of_line
from reports.forms import ROWS
from reports.services.briefs import fingerprint
from tests.architecture.matrix.actors import (
    BOARD,
    CCG,
    COUNCIL,
    DIRECTORY,
    EVERYBODY,
    OPERATOR,
    OUT,
    PARTIES,
    SIGNED_IN,
    of,
)
from tests.architecture.matrix.rows import METHODS, Act, Row, account, button, form, nothing, page
from tests.factories import official
from tests.factories.everything import (
    ANSWER,
    DRAFT,
    DRAFT_OUTTURN,
    RELEASED_OUTTURN,
    SCHEME_BUDGETS,
    Everything,
    seen,
    sheet,
)
from tests.factories.ledger import extract_file
from tests.factories.ledger import seen as codes_of
from tests.risk_share import examples as risk_share_examples

FINANCE, METRICS_OF_CCG = of("council", "finance"), of("ccg", "metrics")
FINANCE_OF_BOTH = of("council", "finance") | of("ccg", "finance")
GOVERNANCE_OF_BOTH = of("council", "governance") | of("ccg", "governance")
GOVERNANCE = of("council", "governance")
PROGRAMME_OF_BOTH = of("council", "programme") | of("ccg", "programme")
PROGRAMME = of("council", "programme")
APPROVERS_OF_CCG = of("ccg", "approver")
APPROVERS = of("council", "approver") | of("ccg", "approver")
PREPARERS = of("council", "finance", "metrics") | of("ccg", "finance", "metrics")
EXPORTERS = PREPARERS | APPROVERS | of("council", "auditor") | of("ccg", "auditor")
AUDIT = of("council", "auditor", "admin")
VIREMENT_APPROVERS = of("council", "finance", "approver") | of("ccg", "finance", "approver")
KEEPER = frozenset({OPERATOR})
CORRECTORS = of("council", "admin") | KEEPER
ADMIN = of("council", "admin")
ASKERS = GOVERNANCE_OF_BOTH | of("hackney", "governance")
OPERATORS = frozenset({OPERATOR})
CCG_ADMIN = of("ccg", "admin")
SUCCESSION = OPERATORS | CCG_ADMIN


ADMIN = of("council", "admin")


# What is sent


def a_pool(made: Everything) -> Mapping[str, Any]:
    """A pool that no fund holds, whole."""
    whole: Mapping[str, Any] = risk_share_examples.INPUT
    return whole


def a_version_too_many(made: Everything) -> Mapping[str, Any]:
    return {"rules_version": 9}


def an_identity(made: Everything) -> Mapping[str, Any]:
    """Single sign-on for somebody of the council with an account of their own."""
    return {
        "person": made.pk("own_account"),
        "provider": made.pk("single_sign_on"),
        "subject": "another",
    }


def a_posting(month: int) -> Callable[[Everything], Mapping[str, Any]]:
    return lambda made: {
        "line": made.pk("line"),
        "month": str(month),
        "kind": "actual",
        "amount": "12.34",
        "description": "Invoice",
    }


def a_posting_by_api(month: int) -> Callable[[Everything], Mapping[str, Any]]:
    return lambda made: {
        "fund": made.pk("fund"),
        "line": made.pk("line"),
        "month": month,
        "amount": "12.34",
        "description": "Invoice",
    }


def a_reversal(made: Everything) -> Mapping[str, Any]:
    return {"reason": "Posted twice", "month": "4"}


def an_extract(made: Everything) -> Mapping[str, Any]:
    content = extract_file(made, "another")
    return {"file": SimpleUploadedFile("extract.csv", content, "text/csv"), "rows": "2", "total": "56.55"}


def codes_seen(made: Everything) -> Mapping[str, Any]:
    return {"seen": codes_of(made, "extract_staged")}


def a_line_for_a_code(made: Everything) -> Mapping[str, Any]:
    return {"code": made["parked_row"].code, "line": made.pk("line")}


def some_cells(month: int) -> Callable[[Everything], Mapping[str, Any]]:
    """The first line of the grid as its page sends it, with another amount in a month."""
    return lambda made: {"r0": made.pk("line"), "s0": "|".join([""] * 12), f"c0-{month}": "9.75"}


def a_cell(month: int) -> Callable[[Everything], Mapping[str, Any]]:
    return lambda made: {"line": made.pk("line"), "month": str(month), "value": "9.75", "seen": ""}


def an_explanation(made: Everything) -> Mapping[str, Any]:
    variance = Decimal(RELEASED_OUTTURN) - Decimal(SCHEME_BUDGETS[0])
    return {"quarter": "1", "seen": f"{variance:f}", "text": "A block contract grew"}


def a_commitment(made: Everything) -> Mapping[str, Any]:
    return {"line": made.pk("line"), "supplier": "Supplier", "open_value": "100", "month": "4"}


def a_file(made: Everything) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("plan.csv", sheet(made, "another"), "text/csv")}


def a_note(made: Everything) -> Mapping[str, Any]:
    return {"note": "Another note", "seen_note": made["council"].note, "reason": "The old one was out of date"}


def an_e_code(made: Everything) -> Mapping[str, Any]:
    return {"scheme": "mhclg", "code": "E5019", "reason": "Missing"}


def an_ons_code(made: Everything) -> Mapping[str, Any]:
    return {"code": "E09000098", "starts_on": "1/4/2025", "reason": "Re-issued"}


def a_source(made: Everything) -> Mapping[str, Any]:
    return {"source": "The list of today", "reason": "Compared"}


def a_last_day(made: Everything) -> Mapping[str, Any]:
    return {"ends_on": "31/3/2025", "reason": "Re-issued"}


def an_organisation(made: Everything) -> Mapping[str, Any]:
    return {"name": "NHS New ICB", "kind": "icb", "reason": "It began"}


def a_kind(made: Everything) -> Mapping[str, Any]:
    return {"kind": "vcse", "seen": "provider", "reason": "Wrong kind"}


def a_new_name(made: Everything) -> Mapping[str, Any]:
    return {"name": "Renamed", "starts_on": "1/4/2024", "seen": "Spare provider", "reason": "Own wish"}


def an_ending(made: Everything) -> Mapping[str, Any]:
    return {"ends_on": "31/3/2024", "reason": "Wound up"}


def a_service(made: Everything) -> Mapping[str, Any]:
    return {"area": made.pk("area"), "starts_on": "1/4/2024", "reason": "Published"}


def a_footprint(made: Everything) -> Mapping[str, Any]:
    return {"name": "New system", "kind": "ics", "reason": "Published"}


def a_move(made: Everything) -> Mapping[str, Any]:
    return {"parent": "", "starts_on": "1/4/2024", "reason": "New map"}


def a_renaming(made: Everything) -> Mapping[str, Any]:
    return {
        "kind": "rename",
        "effective_on": "1/7/2014",
        "legal_reference": "Order 2014",
        "renamed": made.world.hackney.name,
        "new_name": "Hackney Council",
        "lines-TOTAL_FORMS": "0",
        "lines-INITIAL_FORMS": "0",
    }


def agreeing(made: Everything) -> Mapping[str, Any]:
    return {"seen": seen(made, "succession"), "organisation": made.pk("ccg")}


def a_meeting(made: Everything) -> Mapping[str, Any]:
    return {"held_on": "27/11/2014", "title": "Extraordinary meeting", "purpose": "For decision"}


def a_decision(made: Everything) -> Mapping[str, Any]:
    return {
        "reference": "2014/99",
        "made_on": "14/7/2014",
        "title": "Another",
        "text": "Agreed",
        "matters": "virement",
    }


def a_delegation(made: Everything) -> Mapping[str, Any]:
    return {
        "reference": "D99",
        "holder": f"role:{made.pk('council')}:approver",
        "matters": "virement",
        "starts_on": "1/4/2014",
        "scheme_text": "Part 3",
    }


def an_ending_of_authority(made: Everything) -> Mapping[str, Any]:
    return {"ended_on": "1/9/2014", "reason": "Called in"}


def an_outcome(made: Everything) -> Mapping[str, Any]:
    return {"outcome": "Noted", "seen": made["meeting"].outcome}


def a_risk(made: Everything) -> Mapping[str, Any]:
    return {"text": "Beds close later than planned", "status": "open"}


def a_changed(name: str, *fields: str) -> Any:
    """The form over a risk or step with another text, carrying what it showed."""

    def sends(made: Everything) -> Mapping[str, Any]:
        row = made[name]
        shown = {field: getattr(row, field) or "" for field in fields}
        return {**shown, "text": "Another text"} | {f"seen_{field}": value for field, value in shown.items()}

    return sends


def an_outturn(quarter: int) -> Any:
    """The grid with a figure for the scheme that has none."""

    def sends(made: Everything) -> Mapping[str, Any]:
        key = made.pk("scheme_without_figure")
        return {"quarter": str(quarter), f"outturn-{key}": "12.00", f"number-{key}": "2"}

    return sends


def the_decision_on_the_year(made: Everything) -> Mapping[str, Any]:
    return {"authority": f"decision:{made.pk('year_decision')}"}


def a_carry_forward(made: Everything) -> Mapping[str, Any]:
    into = {"to_fund": made.pk("later_fund"), "amount": "4.00", "reason": "Reablement goes on"}
    return into | the_decision_on_the_year(made)


def a_purpose(made: Everything) -> Mapping[str, Any]:
    return {"kind": "purpose", "text": "Care closer to home", "stated_by": "", "stated_on": "1/7/2014"}


def a_virement(made: Everything) -> Mapping[str, Any]:
    return {
        "from_line": str(made["virement"].from_line_id),
        "to_line": str(made["virement"].to_line_id),
        "amount": "100.00",
        "recurrent": "once",
        "effective_on": "1/9/2014",
        "reason": "Carers need it",
    }


def an_official_file(made: Everything) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("official.xlsx", official.blank(), "application/octet-stream")}


def a_returned_workbook(made: Everything) -> Mapping[str, Any]:
    """The return's workbook as it was downloaded."""
    by = made.world.person("finance")
    held = returns.get(by, made.pk("open_return"))
    draft = content.draft(held.quarterly_return, by, on=timezone.localdate(), parties=held.parties)
    origin = workbook.Origin(made.pk("open_return"), draft.keys)
    file = workbook.build(draft.template, draft.content, origin=origin)
    return {"file": SimpleUploadedFile("return.xlsx", file, "application/octet-stream")}


def a_file_of_figures(made: Everything) -> Mapping[str, Any]:
    """The file of the quarter's metric figures as the CCG downloads it."""
    by = made.world.person("metrics", "ccg")
    held = returns.get(by, made.pk("open_return"))
    file = figure_presenter.template(held.quarterly_return, figure_files.rows_of(held, by)[1], kind="csv")
    return {"file": SimpleUploadedFile("figures.csv", file.content, "text/csv")}


def a_metric_figure(made: Everything) -> Mapping[str, Any]:
    """The page of figures with one for the metric that has none."""
    key = made.pk("other_plan")
    return {f"{key}-value": "12", f"{key}-seen-figure": "", f"{key}-challenges": "As expected"}


def a_grid_row(made: Everything) -> Mapping[str, Any]:
    """A row of the entry grid, for the metric that has no figure."""
    empty = {f"{seen}{column}-0": "" for seen in ("", "seen-") for column in ("numerator", "denominator", "figure")}
    return empty | {"plan-0": made.pk("other_plan"), "figure-0": "12"}


def a_signature(made: Everything) -> Mapping[str, Any]:
    return {"version": "1", "capacity": "Director", "organisation": made.pk("council")}


def a_signature_of_ccg(made: Everything) -> Mapping[str, Any]:
    return {"version": "1", "capacity": "Chief officer", "organisation": made.pk("ccg")}


def a_quarter(number: int) -> Any:
    def sends(made: Everything) -> Mapping[str, Any]:
        return {"fund": made.pk("fund"), "quarter": str(number)}

    return sends


def a_forecast(made: Everything) -> Mapping[str, Any]:
    return {"scheme": made.pk("scheme_without_figure"), "quarter": 2, "amount": "12.00"}


def another_forecast(made: Everything) -> Mapping[str, Any]:
    note = made["draft_forecast"].note
    return {"amount": "12.00", "note": note, "seen": {"amount": DRAFT_OUTTURN, "note": note}}


def the_words(made: Everything) -> Mapping[str, Any]:
    """The form of a report's words with another title, and no rows."""
    brief = made["brief"]
    empty = {f"{part}-{count}": "0" for part in ROWS for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return empty | {
        "title": "Another title",
        "classification": "Open",
        "wards": "All",
        "from_posts": "Director of Adult Care",
        "seen": fingerprint(brief.content, brief.meeting_id),
    }


def a_value(made: Everything) -> Mapping[str, Any]:
    return {"plan": made.pk("other_plan"), "quarter": 2, "value": "12"}


def another_value(of: str) -> Callable[[Everything], Mapping[str, Any]]:
    return lambda made: {"value": "12", "seen": entered_of(made[of]).codes()}


def a_report(made: Everything) -> Mapping[str, Any]:
    return {"board": made.pk("board"), "fund": made.pk("fund"), "financial_year": "2014/15", "quarter": 2}


def an_invitation(made: Everything) -> Mapping[str, Any]:
    return {"email": "another@council.example", "name": "Another", "roles": "finance", "starts_on": today()}


def a_role(made: Everything) -> Mapping[str, Any]:
    return {"role": "programme", "starts_on": today()}


def an_end(made: Everything) -> Mapping[str, Any]:
    return {"when": "now", "reason": "Moved to another team"}


def a_deputy(made: Everything) -> Mapping[str, Any]:
    person = str(made.world.person("governance").pk)
    return {"person": person, "permissions": "return_export", "starts_on": today(), "ends_on": today()}


def a_confirmation(made: Everything) -> Mapping[str, Any]:
    return {"membership": made.pk("metrics_role")}


def an_acceptance(made: Everything) -> Mapping[str, Any]:
    words = "three unlikely words"
    return {"name": "Another", "password1": words, "password2": words}


def today() -> str:
    return f"{timezone.localdate():%d/%m/%Y}"


def a_scheme(made: Everything) -> Mapping[str, Any]:
    return {"number": "77", "name": "Another", "accounting_treatment": "lead"}


def a_scheme_in_words(made: Everything) -> Mapping[str, Any]:
    seen = scheme_seen(made["scheme"])
    return {**seen, "vat_regime": "none", **{f"seen-{name}": value for name, value in seen.items()}}


def a_line_in_words(made: Everything) -> Mapping[str, Any]:
    line = made["scheme_line"]
    seen = {f"seen-{name}": value for name, value in seen_of_line(line).items()}
    wanted = {"funding": made.pk("contribution"), "state": "stated", "amount": str(line.budget)}
    return {**wanted, "description": "Another", **seen}


def a_corrected_row(made: Everything) -> Mapping[str, Any]:
    name = made["stream"].name
    return {"name": "Another", "ring_fence": "dfg", "source": "A list", "reason": "Slip", "seen-name": name}


def a_corrected_value(made: Everything) -> Mapping[str, Any]:
    return {"name": "Another", "source": "A list", "reason": "Slip", "seen-name": made["list_value"].name}


def a_year_to_begin_from(made: Everything) -> Mapping[str, Any]:
    return {"source": "2025-26"}


def a_year_itself(made: Everything) -> Mapping[str, Any]:
    row = policy_drafts.year_row(made["policy_draft"])
    return {**row, "note": "Another note", "seen": policy_drafts.seen_of(row)}


def a_ground(made: Everything) -> Mapping[str, Any]:
    return {"reason": "An addendum", "seen": made["policy_draft"].changes}


def the_condition(made: Everything) -> Mapping[str, Any]:
    return {"seen": policy_drafts.seen_of(policy_drafts.row_of(made["policy_draft"], "conditions", 0))}


def a_condition(made: Everything) -> Mapping[str, Any]:
    return {**the_condition(made), "name": "Agreed", "text": "Another text"}


def a_planning_date(made: Everything) -> Mapping[str, Any]:
    return {"name": "Plans agreed", "day": "1 6 2025"}


def a_reason_to_move(made: Everything) -> Mapping[str, Any]:
    return {"reason": "The addendum asks for it"}


def a_published_amount(made: Everything) -> Mapping[str, Any]:
    where = {"area": made.pk("area"), "financial_year": "2014", "kind": "nhs_minimum"}
    return {**where, "amount": "1.00", "known_from": "1/6/2014", "source": "A table"}


def a_contribution(made: Everything) -> Mapping[str, Any]:
    amount = {"state": "stated", "amount": "40,000.00"}
    return {"source": "Another", "payer": made.pk("ccg"), "stream": made.pk("stream"), "form": "cash", **amount}


def a_contribution_in_words(made: Everything) -> Mapping[str, Any]:
    seen = {f"seen-{name}": value for name, value in seen_of(made["contribution"]).items()}
    wanted = {"source": "Renamed", "payer": made.pk("ccg"), "stream": made.pk("stream"), "form": "in_kind"}
    return {**wanted, "note": made["contribution"].note, **seen}


def a_changed_amount(made: Everything) -> Mapping[str, Any]:
    return {
        "state": "stated",
        "amount": "1.00",
        "effective_on": "1/7/2014",
        "reason": "Agreed",
        "authority": f"decision:{made.pk('contribution_decision')}",
        "seen-amount": str(made["contribution"].amount),
    }


def instalments_of_a_year(made: Everything) -> Mapping[str, Any]:
    return {"pattern": "quarterly", "seen-amount": str(made["contribution"].amount)}


def an_api_receipt(made: Everything) -> Mapping[str, Any]:
    return {"received_on": "2014-06-01", "amount": "12.00", "reference": "BACS 1"}


def an_api_change(made: Everything) -> Mapping[str, Any]:
    return {
        "amount": "1.00",
        "effective_on": "2014-07-01",
        "reason": "Agreed",
        "authority": f"decision:{made.pk('contribution_decision')}",
        "seen": str(made["contribution"].amount),
    }


def a_receipt(made: Everything) -> Mapping[str, Any]:
    return {"received_on": "1/6/2014", "amount": "12.00", "reference": "BACS 1"}


# Pages

PUBLIC = [
    page("healthz", visible=EVERYBODY),
    page("readyz", visible=EVERYBODY),
    page("core:accessibility", visible=EVERYBODY),
    page("core:privacy", visible=EVERYBODY),
    page("core:retention", visible=EVERYBODY),
    page("core:licences", visible=EVERYBODY),
]

PARTNERS = [
    page("home"),
    page("partners:account"),
    Row(
        "partners:tokens",
        acts={
            "GET": Act(),
            "POST": Act(sends=lambda made: {"name": "Ledger", "scope": "read", "days": "30"}, writes=True),
        },
    ),
    button("partners:token_revoke", visible=FINANCE, may=FINANCE, pk="token_finance"),
    page("partners:sessions"),
    Row("partners:session_left", acts={"GET": Act(), "POST": Act()}),
    # A demonstration account, as these are, ends its own session alone: the others belong to strangers.
    button("partners:session_end", visible=FINANCE, may=FINANCE, handle="session_finance"),
    button("partners:session_end_others", may=SIGNED_IN, answer=409),
    page("partners:directory"),
    page("partners:roles"),
    page("partners:operations", may=KEEPER),
    page("partners:organisation", visible=DIRECTORY, pk="council"),
    page("partners:audit", visible=DIRECTORY, may=AUDIT, pk="council"),
    form("partners:note", visible=DIRECTORY, may=CORRECTORS, read=CORRECTORS, sends=a_note, pk="council"),
    form("partners:code_new", visible=DIRECTORY, may=CORRECTORS, read=CORRECTORS, sends=an_e_code, pk="council"),
    form(
        "partners:code_end",
        visible=DIRECTORY,
        may=CORRECTORS,
        read=CORRECTORS,
        sends=a_last_day,
        pk="council",
        code="code",
    ),
    form(
        "partners:code_check",
        visible=DIRECTORY,
        may=CORRECTORS,
        read=CORRECTORS,
        sends=a_source,
        pk="council",
        code="code",
    ),
    form("partners:organisation_new", may=KEEPER, read=KEEPER, sends=an_organisation),
    form("partners:organisation_new", may=KEEPER, read=KEEPER, answer=400, case="nothing"),
    *(
        form(f"partners:{name}", visible=DIRECTORY, may=KEEPER, read=KEEPER, sends=sends, pk="spare")
        for name, sends in (("kind", a_kind), ("rename", a_new_name), ("organisation_end", an_ending))
    ),
    *(
        form(
            f"partners:{name}",
            visible=DIRECTORY,
            may=KEEPER,
            read=KEEPER,
            sends=sends,
            answer=409,
            pk="council",
            case="at the wrong moment",
        )
        for name, sends in (
            ("kind", a_kind),
            ("rename", a_new_name),
            ("organisation_end", an_ending),
        )
    ),
    form("partners:service_new", visible=DIRECTORY, may=KEEPER, read=KEEPER, sends=a_service, pk="council"),
    form(
        "partners:service_new",
        visible=DIRECTORY,
        may=KEEPER,
        read=KEEPER,
        sends=a_service,
        answer=409,
        pk="spare",
        case="served already",
    ),
    form(
        "partners:service_end",
        visible=DIRECTORY,
        may=KEEPER,
        read=KEEPER,
        sends=an_ending,
        pk="spare",
        link="service",
    ),
    page("partners:footprint", visible=DIRECTORY, pk="footprint"),
    form("partners:footprint_new", may=KEEPER, read=KEEPER, sends=a_footprint),
    form("partners:footprint_new", may=KEEPER, read=KEEPER, answer=400, case="nothing"),
    form("partners:footprint_move", visible=DIRECTORY, may=KEEPER, read=KEEPER, sends=a_move, pk="narrow_footprint"),
    form(
        "partners:footprint_move",
        visible=DIRECTORY,
        may=KEEPER,
        read=KEEPER,
        sends=a_move,
        answer=409,
        pk="footprint",
        case="lies in no other",
    ),
    form("partners:footprint_end", visible=DIRECTORY, may=KEEPER, read=KEEPER, sends=an_ending, pk="footprint"),
    page("partners:areas"),
    page("partners:area", visible=DIRECTORY, pk="area"),
    form("partners:area_code_new", visible=DIRECTORY, may=KEEPER, read=KEEPER, sends=an_ons_code, pk="area"),
    page("partners:footprints"),
    form("partners:single_sign_on", visible=DIRECTORY, read=ADMIN, may=ADMIN, sends=an_identity, pk="council"),
    form("partners:single_sign_on", visible=DIRECTORY, read=ADMIN, may=ADMIN, answer=400, pk="council", case="nothing"),
    button("partners:single_sign_on_remove", visible=DIRECTORY, may=ADMIN, pk="single_sign_on_link"),
    Row("partners:audit_file", {"pk": "council"}, DIRECTORY, {"GET": Act(may=AUDIT, writes=True)}),
    form(
        "partners:view_as",
        visible=DIRECTORY,
        read=of("council", "admin"),
        may=of("council", "admin"),
        sends=lambda made: {"role": "finance", "person": ""},
        pk="council",
    ),
    form(
        "partners:view_as",
        visible=DIRECTORY,
        read=of("council", "admin"),
        may=of("council", "admin"),
        sends=lambda made: {"role": "", "person": ""},
        answer=400,
        pk="council",
        case="nobody chosen",
    ),
    # Nobody of these looks as another: it leads to My tasks.
    button("partners:view_as_leave", may=None, writes=False),
    *(
        page(f"partners:{name}", visible=visible, kind=f"={kind}", pk=of_what, case=case)
        for name in ("why", "history")
        for kind, of_what, visible, case in (
            ("organisation", "council", DIRECTORY, "an organisation"),
            ("board", "board", BOARD, "a board"),
            ("meeting", "meeting", BOARD, "a meeting"),
            ("agreement", "agreement", BOARD, "an agreement"),
            ("fund", "fund", BOARD, "a fund"),
            ("fund", "draft_fund", COUNCIL, "a fund that is not released"),
            ("return", "open_return", PARTIES, "a return in the making"),
            ("return", "signed_return", BOARD, "a return that is signed"),
            ("report", "issued_report", BOARD, "a report that is issued"),
            ("report", "ready_report", COUNCIL, "a report that is not issued"),
            ("risk", "risk", BOARD, "a risk"),
            ("risk", "draft_risk", COUNCIL, "a risk that is not released"),
            ("step", "step", BOARD, "a next step"),
            ("contribution", "contribution", BOARD, "a contribution"),
            ("scheme", "scheme", BOARD, "a scheme"),
            ("virement", "virement", BOARD, "a virement"),
            ("risk-share-rules", "rules", BOARD, "rules of a risk share"),
            ("risk-share-rules", "draft_rules", COUNCIL, "rules that are a draft"),
            ("aligned-budget", "aligned_budget", COUNCIL, "an aligned budget"),
            ("joint-contract", "joint_contract", BOARD, "a joint contract"),
            ("decision", "decision", BOARD, "a decision"),
            ("delegation", "delegation", BOARD, "a delegation"),
        )
    ),
    page("partners:successions"),
    form("partners:succession_new", may=OPERATORS, read=OPERATORS, sends=a_renaming),
    form(
        "partners:succession_new",
        may=OPERATORS,
        read=OPERATORS,
        sends=lambda made: {**a_renaming(made), "legal_reference": ""},
        answer=400,
        case="malformed",
    ),
    page("partners:succession", visible=SUCCESSION, pk="succession"),
    button("partners:succession_agree", visible=SUCCESSION, may=CCG_ADMIN, sends=agreeing, pk="succession"),
    button(
        "partners:succession_agree",
        visible=SUCCESSION,
        may=CCG_ADMIN,
        sends=lambda made: {**agreeing(made), "seen": "0" * 64},
        answer=409,
        case="changed since it was shown",
        pk="succession",
    ),
    button(
        "partners:succession_confirm",
        visible=SUCCESSION,
        may=SUCCESSION,
        sends=agreeing,
        answer=409,
        case="not agreed",
        pk="succession",
    ),
    button(
        "partners:succession_confirm",
        visible=OPERATORS,
        may=OPERATORS,
        sends=lambda made: {"seen": seen(made, "renaming")},
        pk="renaming",
    ),
    button(
        "partners:succession_agree",
        visible=SUCCESSION,
        may=CCG_ADMIN,
        sends=lambda made: {"seen": "as it was"},
        answer=400,
        case="malformed",
        pk="succession",
    ),
    button(
        "partners:succession_confirm",
        visible=SUCCESSION,
        may=SUCCESSION,
        sends=lambda made: {"seen": "as it was"},
        answer=400,
        case="malformed",
        pk="succession",
    ),
    button(
        "partners:succession_confirm",
        visible=OPERATORS,
        may=OPERATORS,
        sends=lambda made: {"seen": "0" * 64},
        answer=409,
        case="changed since it was shown",
        pk="renaming",
    ),
    button("partners:succession_withdraw", visible=SUCCESSION, may=OPERATORS, pk="succession"),
]

PEOPLE = [
    # Each person's own partners alone are choices; here, all of them.
    Row("partners:acting_for", acts={"POST": Act(sends=lambda made: {"partner": ""}, answer=302)}),
    Row(
        "partners:acting_for",
        acts={"POST": Act(sends=lambda made: {"partner": made.pk("council")}, answer=400, instead={COUNCIL: 302})},
        case="one partner",
    ),
    # Whoever holds the letter; people who are signed in with another account are told so.
    Row(
        "partners:invitation",
        {"secret": "secret:invitation"},
        EVERYBODY,
        {
            "GET": Act(),
            "POST": Act(sends=an_acceptance, answer=302, writes=frozenset({OUT}), instead={SIGNED_IN: 409}),
        },
    ),
    page("partners:people", visible=COUNCIL, pk="council"),
    page("partners:people", visible=COUNCIL, pk="council", query="who=former", case="who left"),
    page("partners:person", visible=COUNCIL, may=AUDIT, pk="council", person_pk="metrics_person"),
    form("partners:invite", visible=COUNCIL, read=ADMIN, may=ADMIN, sends=an_invitation, pk="council"),
    *(
        form(
            f"partners:{name}",
            visible=COUNCIL,
            read=ADMIN,
            may=ADMIN,
            sends=sends,
            pk="council",
            person_pk="metrics_person",
        )
        for name, sends in (("role_grant", a_role), ("person_leaves", lambda made: {"reason": "Left the council"}))
    ),
    form("partners:role_end", visible=COUNCIL, read=ADMIN, may=ADMIN, sends=an_end, pk="metrics_role"),
    form(
        "partners:deputy_new",
        visible=COUNCIL,
        read=ADMIN | of("council", "approver"),
        may=ADMIN | of("council", "approver"),
        sends=a_deputy,
        pk="approver_role",
    ),
    button("partners:deputy_end", visible=COUNCIL, may=ADMIN | of("council", "approver"), pk="deputy"),
    form("partners:review", visible=COUNCIL, read=AUDIT, may=ADMIN, sends=a_confirmation, pk="council"),
    form("partners:review", visible=COUNCIL, read=AUDIT, may=ADMIN, answer=400, pk="council", case="nothing ticked"),
    *(
        button(f"partners:invitation_{act}", visible=AUDIT, may=ADMIN, pk="invitation")
        for act in ("send_again", "withdraw")
    ),
]

GOVERNANCE_PAGES = [
    page("governance:boards"),
    page("governance:board", visible=BOARD, pk="board"),
    page("governance:board", visible=PARTIES, pk="lower_board", case="a board on which nobody but the partners sits"),
    form(
        "governance:meeting_new",
        visible=BOARD,
        read=GOVERNANCE_OF_BOTH,
        may=GOVERNANCE_OF_BOTH,
        sends=a_meeting,
        pk="board",
    ),
    form(
        "governance:meeting_outcome",
        visible=BOARD,
        read=GOVERNANCE_OF_BOTH,
        may=GOVERNANCE_OF_BOTH,
        sends=an_outcome,
        pk="meeting",
    ),
    page("governance:decisions", visible=BOARD, pk="board"),
    page("governance:delegations", visible=BOARD, pk="board"),
    page("governance:decision", visible=BOARD, pk="decision"),
    page("governance:delegation", visible=BOARD, pk="delegation"),
    *(
        form(
            f"governance:{name}",
            visible=BOARD,
            read=GOVERNANCE_OF_BOTH,
            may=GOVERNANCE_OF_BOTH,
            sends=sends,
            pk=on,
        )
        for name, sends, on in (
            ("decision_new", a_decision, "board"),
            ("delegation_new", a_delegation, "board"),
            ("decision_rescind", an_ending_of_authority, "decision"),
        )
    ),
    *(
        form(
            f"governance:{name}",
            visible=BOARD,
            read=GOVERNANCE_OF_BOTH,
            may=GOVERNANCE_OF_BOTH,
            answer=400,
            pk="board",
            case="nothing sent",
        )
        for name in ("decision_new", "delegation_new")
    ),
    # It is the council's own.
    form(
        "governance:delegation_revoke",
        visible=BOARD,
        read=GOVERNANCE,
        may=GOVERNANCE,
        sends=an_ending_of_authority,
        pk="delegation",
    ),
]

PROGRAMME_PAGES = [
    page("programme:programme"),
    *(
        form(
            name,
            visible=BOARD,
            read=PROGRAMME_OF_BOTH,
            may=PROGRAMME_OF_BOTH,
            sends=a_risk,
            board="board",
        )
        for name in ("programme:risk_new", "programme:step_new")
    ),
    # The CCG has no drafts to release.
    button("programme:release", visible=BOARD, may=PROGRAMME_OF_BOTH, writes=PROGRAMME, board="board"),
    *(
        form(
            f"programme:{kind}",
            visible=visible,
            read=PROGRAMME,
            may=PROGRAMME,
            sends=a_changed(f"{draft}{kind}", "text", "held_by", *fields),
            case="a draft" if draft else "",
            pk=f"{draft}{kind}",
        )
        for kind, fields in (("risk", ("response", "status")), ("step", ()))
        for draft, visible in (("", BOARD), ("draft_", COUNCIL))
    ),
]

FUND_PAGES = [
    page("pooled_budgets:funds"),
    page("pooled_budgets:fund", visible=BOARD, pk="fund"),
    page("pooled_budgets:fund", visible=COUNCIL, pk="draft_fund", case="not released", query="quarter=1"),
    form("pooled_budgets:plan_upload", visible=BOARD, may=FINANCE, sends=a_file, pk="fund"),
    form("pooled_budgets:plan_upload", visible=BOARD, may=FINANCE, answer=400, pk="fund", case="no file"),
    page("pooled_budgets:plan_template", visible=BOARD, pk="fund"),
    Row(
        "pooled_budgets:plan_example",
        {"pk": "fund"},
        BOARD,
        {"GET": Act()},
    ),
    form(
        "pooled_budgets:plan_import",
        visible=COUNCIL,
        may=FINANCE,
        sends=lambda made: {"cell-D9": "214,000.00"},
        pk="fund",
        import_pk="import_refused",
    ),
    button(
        "pooled_budgets:plan_import_confirm",
        visible=COUNCIL,
        may=FINANCE,
        pk="imported_fund",
        import_pk="import_open",
    ),
    button(
        "pooled_budgets:plan_import_confirm",
        visible=COUNCIL,
        may=FINANCE,
        answer=409,
        pk="fund",
        import_pk="import_staged",
        case="a quarter is locked",
    ),
    button(
        "pooled_budgets:plan_import_confirm",
        visible=COUNCIL,
        may=FINANCE,
        answer=409,
        pk="fund",
        import_pk="import_refused",
        case="a cell is refused",
    ),
    button(
        "pooled_budgets:plan_import_undo",
        visible=COUNCIL,
        may=FINANCE,
        pk="imported_fund",
        import_pk="import_confirmed",
    ),
    button("pooled_budgets:plan_import_discard", visible=COUNCIL, may=FINANCE, pk="fund", import_pk="import_staged"),
    form(
        "pooled_budgets:monitoring",
        visible=BOARD,
        may=FINANCE,
        sends=an_outturn(2),
        pk="fund",
    ),
    form(
        "pooled_budgets:monitoring",
        visible=BOARD,
        may=FINANCE,
        sends=an_outturn(1),
        answer=409,
        pk="fund",
        case="a locked quarter",
    ),
    form(
        "pooled_budgets:monitoring",
        visible=BOARD,
        may=FINANCE,
        sends=lambda made: {"quarter": "2", f"outturn-{made.pk('scheme')}": "£1,00"},
        answer=400,
        pk="fund",
        case="an amount that cannot be read",
    ),
    *(page(f"pooled_budgets:{name}", visible=BOARD, pk="fund") for name in ("schemes", "rules", "profile")),
    page("pooled_budgets:rules", visible=BOARD, pk="fund", case="of the forecast", query="basis=forecast&quarter=1"),
    page("pooled_budgets:rules", visible=BOARD, pk="fund", case="of the actual", query="basis=actual&quarter=1"),
    page("pooled_budgets:scheme", visible=BOARD, pk="fund", scheme_pk="scheme"),
    form(
        "pooled_budgets:scheme_new",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=a_scheme,
        answer=409,
        pk="fund",
        case="while a quarter is locked",
    ),
    form("pooled_budgets:scheme_new", visible=COUNCIL, may=FINANCE, read=FINANCE, sends=a_scheme, pk="draft_fund"),
    form(
        "pooled_budgets:scheme_edit",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=a_scheme_in_words,
        pk="fund",
        scheme_pk="scheme",
    ),
    form(
        "pooled_budgets:scheme_start",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"starts_on": "1/4/2014", "authority": f"decision:{made.pk('contribution_decision')}"},
        pk="fund",
        scheme_pk="scheme",
    ),
    form(
        "pooled_budgets:line_new",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"state": "to_be_confirmed"},
        answer=409,
        pk="fund",
        scheme_pk="scheme",
    ),
    form(
        "pooled_budgets:line_edit",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=a_line_in_words,
        pk="fund",
        line_pk="scheme_line",
    ),
    form(
        "pooled_budgets:profile_edit",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"way": "even", "seen-budget": str(made["scheme_line"].budget)},
        pk="fund",
        line_pk="scheme_line",
    ),
    form(
        "pooled_budgets:profile_edit",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"way": "manual", "month-1": "1.00", "seen-budget": str(made["scheme_line"].budget)},
        answer=400,
        pk="fund",
        line_pk="scheme_line",
        case="months that do not add up",
    ),
    page("pooled_budgets:lists"),
    form("pooled_budgets:stream_correct", may=KEEPER, read=KEEPER, sends=a_corrected_row, pk="stream"),
    form("pooled_budgets:value_correct", may=KEEPER, read=KEEPER, sends=a_corrected_value, pk="list_value"),
    form("pooled_budgets:allocation_new", may=KEEPER, read=KEEPER, sends=a_published_amount),
    form("pooled_budgets:allocation_new", may=KEEPER, read=KEEPER, answer=400, case="nothing"),
    page("pooled_budgets:contributions", visible=BOARD, pk="fund"),
    page("pooled_budgets:contributions", visible=COUNCIL, pk="draft_fund", case="not released"),
    page("pooled_budgets:contribution", visible=BOARD, pk="fund", line_pk="contribution"),
    form("pooled_budgets:contribution_new", visible=BOARD, may=FINANCE, read=FINANCE, sends=a_contribution, pk="fund"),
    form(
        "pooled_budgets:contribution_new",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        answer=400,
        pk="fund",
        case="nothing",
    ),
    *(
        form(
            f"pooled_budgets:contribution_{act}",
            visible=BOARD,
            may=FINANCE,
            read=FINANCE,
            sends=sends,
            pk="fund",
            line_pk="contribution",
        )
        for act, sends in (
            ("edit", a_contribution_in_words),
            ("change", a_changed_amount),
            ("instalments", instalments_of_a_year),
            ("receive", a_receipt),
        )
    ),
    form(
        "pooled_budgets:contribution_change",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {**a_changed_amount(made), "authority": f"decision:{made.pk('decision')}"},
        answer=400,
        pk="fund",
        line_pk="contribution",
        case="by a decision on something else",
    ),
    form(
        "pooled_budgets:contribution_change",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {**a_changed_amount(made), "seen-amount": "1.00"},
        answer=409,
        pk="fund",
        line_pk="contribution",
        case="changed meanwhile",
    ),
    form(
        "pooled_budgets:receipt_reverse",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"reason": "Entered twice"},
        pk="fund",
        line_pk="contribution",
        receipt_pk="receipt",
    ),
    button("pooled_budgets:release", visible=BOARD, may=FINANCE, sends=lambda made: {"quarter": "2"}, pk="fund"),
    form("pooled_budgets:grid", visible=BOARD, may=FINANCE, sends=some_cells(6), pk="fund"),
    form(
        "pooled_budgets:grid",
        visible=BOARD,
        may=FINANCE,
        sends=some_cells(1),
        answer=409,
        pk="fund",
        case="a month of a locked quarter",
    ),
    button("pooled_budgets:grid_cell", visible=BOARD, may=FINANCE, sends=a_cell(6), answer=200, writes=True, pk="fund"),
    button(
        "pooled_budgets:grid_cell",
        visible=BOARD,
        may=FINANCE,
        sends=lambda made: {"line": made.pk("line"), "month": "6", "value": "9,7", "seen": ""},
        answer=400,
        pk="fund",
        case="no amount",
    ),
    button(
        "pooled_budgets:grid_cell",
        visible=BOARD,
        may=FINANCE,
        sends=a_cell(5),
        answer=409,
        pk="fund",
        case="somebody else wrote there",
    ),
    button("pooled_budgets:grid_release", visible=BOARD, may=FINANCE, pk="fund"),
    page("pooled_budgets:outturns", visible=BOARD, pk="fund"),
    page("pooled_budgets:outturn_snapshots", visible=BOARD, pk="fund"),
    form(
        "pooled_budgets:threshold",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"pounds": "50,000", "percent": "5"},
        pk="fund",
    ),
    form(
        "pooled_budgets:explain",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=an_explanation,
        query="quarter=1",
        pk="fund",
        scheme_pk="scheme",
    ),
    form(
        "pooled_budgets:balances",
        visible=BOARD,
        may=FINANCE_OF_BOTH,
        sends=lambda made: {"quarter": "2", f"amount-{made.pk('line')}": "77.50"},
        pk="fund",
    ),
    form(
        "pooled_budgets:balances",
        visible=BOARD,
        may=FINANCE_OF_BOTH,
        sends=lambda made: {"quarter": "1", f"amount-{made.pk('line')}": "77.50"},
        answer=409,
        pk="fund",
        case="a locked quarter",
    ),
    form(
        "pooled_budgets:difference",
        visible=BOARD,
        may=FINANCE_OF_BOTH,
        read=FINANCE_OF_BOTH,
        sends=lambda made: {"quarter": "4", "seen": "1.00", "reason": "The invoice came in April"},
        query="quarter=4",
        pk="fund",
        line_pk="line",
    ),
    page("pooled_budgets:months", visible=BOARD, pk="fund"),
    form(
        "pooled_budgets:month_close",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"kind": "hard", "reason": "Accounts are complete", "aware": "on"},
        pk="fund",
        number="=5",
    ),
    form(
        "pooled_budgets:month_close",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"kind": "hard", "reason": "Accounts are complete", "aware": "on"},
        answer=409,
        pk="fund",
        number="=13",
        case="closed already",
    ),
    form(
        "pooled_budgets:month_reopen",
        visible=BOARD,
        may=of("council", "approver"),
        read=of("council", "finance", "approver"),
        sends=lambda made: {"reason": "An invoice came late"},
        pk="fund",
        number="=13",
    ),
    page("pooled_budgets:closing", visible=COUNCIL, pk="fund", number="=13", closing="=1"),
    *(
        page("pooled_budgets:number", visible=BOARD, query=query, pk="fund", figure=f"={figure}", case=case)
        for figure, query, case in (
            ("variance", "", "in all"),
            ("outturn", "of=1&on=2020-01-01", "as known on a day"),
            ("share", "of=southwark-ccg", "a share"),
        )
    ),
    page("pooled_budgets:risk_share", visible=BOARD, pk="fund"),
    page("pooled_budgets:performance", visible=COUNCIL, pk="draft_fund"),
    form(
        "pooled_budgets:performance_record",
        visible=COUNCIL,
        read=FINANCE,
        may=FINANCE,
        sends=lambda made: (
            {"unit": "1490", "nhs_partner": made.pk("ccg"), "capped": "on", "seen": ""}
            | {f"{name}-{number}": "9" for name in ("baseline", "planned") for number in range(1, 5)}
        ),
        pk="draft_fund",
    ),
    button("pooled_budgets:risk_share_what_if", visible=BOARD, may=None, answer=200, writes=False, pk="fund"),
    form(
        "pooled_budgets:risk_share_figures",
        visible=BOARD,
        read=FINANCE,
        may=FINANCE,
        sends=lambda made: {"contingency": "1.00", "contingency_state": "not_stated"},
        pk="fund",
    ),
    form(
        "pooled_budgets:risk_share_rules",
        visible=BOARD,
        read=FINANCE_OF_BOTH,
        may=FINANCE_OF_BOTH,
        sends=lambda made: {"act": "update"},
        answer=200,
        writes=False,
        pk="fund",
    ),
    page("pooled_budgets:risk_share_version", visible=BOARD, pk="fund", rules_pk="rules"),
    page("pooled_budgets:risk_share_version", visible=COUNCIL, pk="fund", rules_pk="draft_rules", case="a draft"),
    button("pooled_budgets:risk_share_release", visible=COUNCIL, may=FINANCE, pk="fund", rules_pk="draft_rules"),
    button("pooled_budgets:risk_share_withdraw", visible=COUNCIL, may=FINANCE, pk="fund", rules_pk="draft_rules"),
    button(
        "pooled_budgets:risk_share_approve",
        visible=BOARD,
        may=APPROVERS,
        sends=lambda made: {"effective_from": "1 10 2014"},
        pk="fund",
        rules_pk="released_rules",
    ),
    button(
        "pooled_budgets:risk_share_approve",
        visible=BOARD,
        may=APPROVERS,
        sends=lambda made: {"effective_from": "1 10 2015"},
        answer=409,
        pk="fund",
        rules_pk="rules",
        case="approved already",
    ),
    button(
        "pooled_budgets:risk_share_scenario_save",
        visible=BOARD,
        may=FINANCE_OF_BOTH,
        sends=lambda made: {"name": "Another"},
        pk="fund",
    ),
    button(
        "pooled_budgets:risk_share_scenario_release",
        visible=COUNCIL,
        may=FINANCE,
        pk="fund",
        scenario_pk="draft_scenario",
    ),
    page("pooled_budgets:ledger", visible=BOARD, pk="fund"),
    form(
        "pooled_budgets:posting_new",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=a_posting(4),
        pk="fund",
    ),
    form(
        "pooled_budgets:posting_new",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=a_posting(1),
        answer=409,
        pk="fund",
        case="a month of a locked quarter",
    ),
    form(
        "pooled_budgets:posting_reverse",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=a_reversal,
        pk="fund",
        posting_pk="posting",
    ),
    form(
        "pooled_budgets:posting_reverse",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=a_reversal,
        answer=409,
        pk="fund",
        posting_pk="reversed_posting",
        case="reversed already",
    ),
    form("pooled_budgets:extracts", visible=BOARD, may=FINANCE, sends=an_extract, pk="fund"),
    form("pooled_budgets:extracts", visible=BOARD, may=FINANCE, answer=400, pk="fund", case="no file"),
    page("pooled_budgets:extract", visible=COUNCIL, pk="fund", import_pk="extract_staged"),
    button(
        "pooled_budgets:extract_confirm",
        visible=COUNCIL,
        may=FINANCE,
        sends=codes_seen,
        pk="fund",
        import_pk="extract_staged",
    ),
    button(
        "pooled_budgets:extract_confirm",
        visible=COUNCIL,
        may=FINANCE,
        sends=codes_seen,
        answer=409,
        pk="fund",
        import_pk="extract_refused",
        case="a control total does not hold",
    ),
    button("pooled_budgets:extract_undo", visible=COUNCIL, may=FINANCE, pk="fund", import_pk="extract_confirmed"),
    button("pooled_budgets:extract_discard", visible=COUNCIL, may=FINANCE, pk="fund", import_pk="extract_staged"),
    form("pooled_budgets:parked", visible=BOARD, may=FINANCE, read=FINANCE, sends=a_line_for_a_code, pk="fund"),
    form("pooled_budgets:commitments", visible=BOARD, may=FINANCE, sends=a_commitment, pk="fund"),
    form(
        "pooled_budgets:commitment_close",
        visible=BOARD,
        may=FINANCE,
        read=FINANCE,
        sends=lambda made: {"reason": "Paid"},
        pk="fund",
        commitment_pk="commitment",
    ),
    page("pooled_budgets:authority"),
    page("pooled_budgets:authority", query="format=csv", case="as a file"),
    page("pooled_budgets:fund_authority", visible=BOARD, pk="fund"),
    page("pooled_budgets:settlement", visible=BOARD, pk="fund"),
    page("pooled_budgets:settlement_version", visible=BOARD, pk="fund", number="=1"),
    page("pooled_budgets:memorandum", visible=BOARD, pk="fund", number="=1"),
    form(
        "pooled_budgets:memorandum_statement",
        visible=BOARD,
        read=FINANCE,
        may=FINANCE,
        sends=a_purpose,
        pk="fund",
        number="=1",
    ),
    page("pooled_budgets:memorandum_docx", visible=BOARD, pk="fund", number="=1"),
    page("pooled_budgets:memorandum_xlsx", visible=BOARD, pk="fund", number="=1"),
    page("pooled_budgets:statement_docx", visible=BOARD, pk="fund", number="=1", partner="=southwark-council"),
    page("pooled_budgets:statement_xlsx", visible=BOARD, pk="fund", number="=1", partner="=southwark-council"),
    form("pooled_budgets:settlement_prepare", visible=BOARD, read=FINANCE, may=FINANCE, answer=409, pk="fund"),
    form(
        "pooled_budgets:settlement_approve",
        visible=BOARD,
        read=APPROVERS,
        may=APPROVERS,
        answer=400,
        pk="fund",
        number="=1",
        case="nothing sent",
    ),
    form(
        "pooled_budgets:carry_forward",
        visible=BOARD,
        read=of("council", "approver"),
        may=of("council", "approver"),
        answer=400,
        pk="fund",
        case="nothing sent",
    ),
    page("pooled_budgets:virements", visible=BOARD, pk="fund"),
    page("pooled_budgets:recurrent", visible=BOARD, pk="fund"),
    page("pooled_budgets:recurrent", visible=COUNCIL, pk="draft_fund", case="not released"),
    form(
        "pooled_budgets:recurrent_answer",
        visible=COUNCIL,
        read=FINANCE,
        may=FINANCE,
        sends=lambda made: {"choice": "leave", "reason": "The plan has it already"},
        pk="draft_fund",
        virement_pk="recurrent_virement",
    ),
    form("pooled_budgets:virement_new", visible=BOARD, read=FINANCE, may=FINANCE, sends=a_virement, pk="fund"),
    form(
        "pooled_budgets:virement_new",
        visible=BOARD,
        read=FINANCE,
        may=FINANCE,
        answer=400,
        pk="fund",
        case="nothing sent",
    ),
    page("pooled_budgets:virement", visible=BOARD, pk="fund", virement_pk="virement"),
    *(
        Row(
            f"pooled_budgets:virement_{act}",
            {"pk": "fund", "virement_pk": "virement"},
            BOARD,
            {
                "GET": Act(may=VIREMENT_APPROVERS),
                # The council's finance officer prepared it.
                "POST": Act(may=VIREMENT_APPROVERS, sends=sends, answer=302, writes=True, instead={FINANCE: 409}),
            },
        )
        for act, sends in (
            ("approve", lambda made: {"authority": f"decision:{made.pk('decision')}"}),
            ("reject", lambda made: {"reason": "Not this year"}),
        )
    ),
]

PREPARES = of("council", "finance", "governance")
PREPARES_BOTH = PREPARES | of("ccg", "finance", "governance")


def an_agreement(made: Everything) -> Mapping[str, Any]:
    return {
        "title": "Another agreement",
        "kind": "section_75",
        "owner": made.pk("council"),
        "area": made.pk("area"),
        "parties": f"{made.world.council.name}\n{made.world.ccg.name}",
    }


def some_terms(made: Everything) -> Mapping[str, Any]:
    return an_agreement(made) | {"seen": "1", "services": "Reablement"}


def a_document(made: Everything) -> Mapping[str, Any]:
    return {"seen": "1", "file": SimpleUploadedFile("s75.pdf", b"%PDF-1.7", "application/pdf")}


def why(made: Everything) -> Mapping[str, Any]:
    return {"reason": "Costs rose"}


def a_register_row(made: Everything) -> Mapping[str, Any]:
    """A row of either register; what was seen is what the form of an untouched row carries."""
    new = {
        "agreement": made.pk("agreement"),
        "service": "Another",
        "provider": "A provider",
        "financial_year": "2014",
        "amount": "41.17",
        "state": "stated",
        "route": "not_stated",
    }
    seen = {"seen_financial_year": "2014", "seen_amount": "41.17", "seen_state": "stated", "seen_route": "not_stated"}
    names = {"seen_service": f"{made.mark} contract", "seen_provider": f"{made.mark} provider"}
    return new | seen | names


def an_aligned_row(made: Everything) -> Mapping[str, Any]:
    seen = {"seen_service": f"{made.mark} {DRAFT} aligned", "seen_note": f"{made.mark} {DRAFT}"}
    return {**a_register_row(made), **seen}


OF_DRAFT = {"pk": "agreement", "draft_pk": "agreement_draft"}
OF_VERSION = {"pk": "signing", "number": "=1"}
PREPARERS_OF_COUNCIL = of("council", "finance", "metrics")
OF_FILLING = {"pk": "open_return", "filling_pk": "official_filling"}
ELSEWHERE = of("ccg", "finance", "governance") | of("hackney", "finance", "governance")
AGREEMENT_PAGES = [
    page("agreements:agreements"),
    Row(
        "agreements:new",
        acts={
            "GET": Act(may=PREPARES | ELSEWHERE),
            "POST": Act(
                may=PREPARES | ELSEWHERE,
                sends=an_agreement,
                answer=302,
                writes=PREPARES,
                # They prepare for partners of their own only.
                instead={ELSEWHERE: 400},
            ),
        },
    ),
    page("agreements:agreement", visible=BOARD, pk="agreement"),
    page("agreements:agreement", visible=PARTIES, pk="signing", case="not signed by every party"),
    button("agreements:vary", visible=BOARD, may=PREPARES_BOTH, sends=why, pk="agreement"),
    button("agreements:vary", visible=BOARD, may=PREPARES_BOTH, answer=400, pk="agreement", case="no reason"),
    form(
        "agreements:terminate",
        visible=BOARD,
        may=APPROVERS,
        read=APPROVERS,
        sends=lambda made: {"last_day": "31/3/2030", "reason": "By agreement"},
        pk="agreement",
    ),
    button("agreements:duty_done", visible=BOARD, may=PREPARES_BOTH, answer=409, pk="agreement"),
    page("agreements:attachment", visible=COUNCIL, pk="agreement", attachment_pk="agreement_attachment"),
    Row(
        "agreements:version",
        OF_VERSION,
        PARTIES,
        {
            "GET": Act(),
            "POST": Act(
                may=APPROVERS,
                sends=a_signature,
                answer=302,
                writes=True,
                # They sign for their own partner only.
                instead={of("ccg", "approver"): 400},
            ),
        },
    ),
    button("agreements:send_back", visible=PARTIES, may=APPROVERS | PREPARES, sends=why, **OF_VERSION),
    page("agreements:draft", visible=COUNCIL, **OF_DRAFT),
    form("agreements:edit", visible=COUNCIL, may=PREPARES, read=PREPARES, sends=some_terms, **OF_DRAFT),
    form("agreements:document", visible=COUNCIL, may=PREPARES, read=PREPARES, sends=a_document, **OF_DRAFT),
    form(
        "agreements:clause",
        visible=COUNCIL,
        may=PREPARES,
        read=PREPARES,
        sends=lambda made: {"seen": "1", "reference": "clause 9.2", "summary": "Aims"},
        letter="=a",
        **OF_DRAFT,
    ),
    button("agreements:share", visible=COUNCIL, may=PREPARES, **OF_DRAFT),
    button("agreements:send", visible=COUNCIL, may=PREPARES, answer=409, **OF_DRAFT),
    button("agreements:renew", visible=COUNCIL, may=PREPARES, writes=False, **OF_DRAFT),
    button("agreements:withdraw", visible=COUNCIL, may=PREPARES, sends=why, **OF_DRAFT),
    page("agreements:aligned_budgets"),
    page("agreements:aligned_budgets", case="as a file", query="format=csv"),
    page("agreements:joint_contracts"),
    *(
        Row(
            f"agreements:{name}_new",
            acts={
                "GET": Act(may=PREPARES | ELSEWHERE),
                "POST": Act(
                    may=PREPARES | ELSEWHERE,
                    sends=a_register_row,
                    answer=302,
                    writes=PREPARES_BOTH,
                    # The agreement is none of theirs.
                    instead={of("hackney", "finance", "governance"): 400},
                ),
            },
        )
        for name in ("aligned_budget", "joint_contract")
    ),
    form("agreements:aligned_budget", visible=COUNCIL, may=PREPARES, sends=an_aligned_row, pk="aligned_budget"),
    form("agreements:joint_contract", visible=BOARD, may=PREPARES, sends=a_register_row, pk="joint_contract"),
    button("agreements:aligned_budget_release", visible=COUNCIL, may=PREPARES, pk="aligned_budget"),
    button("agreements:joint_contract_release", visible=BOARD, may=PREPARES, writes=False, pk="joint_contract"),
]

POLICY = {"code": "=2025-26"}
POLICY_PAGES = [
    page("bcf_metrics:policy_years"),
    page("bcf_metrics:policy_year", **POLICY),
    page("bcf_metrics:policy_compare", **POLICY, other="=2015-16"),
    form("bcf_metrics:policy_begin", may=KEEPER, read=KEEPER, sends=a_year_to_begin_from, code="=2026-27"),
    form("bcf_metrics:policy_begin", may=KEEPER, read=KEEPER, answer=409, **POLICY, case="in work already"),
    page("bcf_metrics:policy_draft", may=KEEPER, **POLICY),
    form("bcf_metrics:policy_draft_year", may=KEEPER, read=KEEPER, sends=a_year_itself, **POLICY),
    button("bcf_metrics:policy_discard", may=KEEPER, **POLICY),
    form("bcf_metrics:policy_publish", may=KEEPER, read=KEEPER, sends=a_ground, **POLICY),
    form("bcf_metrics:policy_publish", may=KEEPER, read=KEEPER, answer=400, **POLICY, case="nothing"),
    page("bcf_metrics:policy_part", may=KEEPER, **POLICY, part="=metrics"),
    form(
        "bcf_metrics:policy_row", may=KEEPER, read=KEEPER, sends=a_condition, **POLICY, part="=conditions", index="=0"
    ),
    form("bcf_metrics:policy_row_new", may=KEEPER, read=KEEPER, sends=a_planning_date, **POLICY, part="=planning"),
    button("bcf_metrics:policy_row_remove", may=KEEPER, sends=the_condition, **POLICY, part="=conditions", index="=0"),
    form(
        "bcf_metrics:policy_move",
        visible=PARTIES,
        may=PREPARERS,
        read=PREPARERS,
        sends=a_reason_to_move,
        pk="open_return",
    ),
]
# Hackney is the body of the region, and its governance officer was given the view; they read nothing else of Southwark.
REGIONAL = of("hackney", "governance")
RETURN_PAGES = [
    page("bcf_metrics:completeness", visible=REGIONAL, pk="region"),
    page("bcf_metrics:completeness_csv", visible=REGIONAL, pk="region"),
    page("bcf_metrics:returns"),
    Row(
        "bcf_metrics:return_open",
        acts={
            "POST": Act(
                may=PREPARERS,
                sends=a_quarter(4),
                answer=302,
                writes=True,
                # The fund is not theirs to know of.
                instead={SIGNED_IN - BOARD: 404},
            )
        },
    ),
    page("bcf_metrics:return_detail", visible=PARTIES, pk="open_return", case="in progress"),
    page("bcf_metrics:return_detail", visible=PARTIES, pk="sent_return", case="with its signatories"),
    page("bcf_metrics:return_detail", visible=BOARD, pk="signed_return", case="signed"),
    button(
        "bcf_metrics:send",
        visible=PARTIES,
        may=PREPARERS,
        answer=409,
        pk="open_return",
        case="an incomplete return",
        sends=lambda made: {"seen": "0" * 64},
    ),
    *(
        Row(
            "bcf_metrics:sign",
            {"pk": "sent_return"},
            PARTIES,
            {
                "GET": Act(may=APPROVERS),
                # Nobody signs for another partner: it is none of their choices.
                "POST": Act(
                    may=APPROVERS, sends=sends, answer=302, writes=True, instead={APPROVERS - of(partner): 400}
                ),
            },
            f"for the {partner}",
        )
        for partner, sends in (("council", a_signature), ("ccg", a_signature_of_ccg))
    ),
    Row(
        "bcf_metrics:sign",
        {"pk": "signed_return"},
        BOARD,
        {
            "GET": Act(may=APPROVERS),
            "POST": Act(may=APPROVERS, sends=a_signature, answer=409, instead={of("ccg", "approver"): 400}),
        },
        "signed already",
    ),
    form(
        "bcf_metrics:submit",
        visible=PARTIES,
        read=of("council", "finance") | of("ccg", "finance"),
        may=of("council", "finance") | of("ccg", "finance"),
        answer=409,
        sends=lambda made: {"how": "By e-mail"},
        pk="sent_return",
        case="not signed yet",
    ),
    form(
        "bcf_metrics:submit",
        visible=BOARD,
        read=of("council", "finance") | of("ccg", "finance"),
        may=of("council", "finance") | of("ccg", "finance"),
        sends=lambda made: {"how": "By e-mail"},
        pk="signed_return",
        case="signed",
    ),
    form(
        "bcf_metrics:ratify",
        visible=BOARD,
        read=GOVERNANCE_OF_BOTH,
        may=GOVERNANCE_OF_BOTH,
        answer=409,
        sends=lambda made: {"decision": made.pk("decision")},
        pk="signed_return",
    ),
    *(
        form(
            name,
            visible=BOARD,
            read=of("council", "finance") | of("ccg", "finance"),
            may=of("council", "finance") | of("ccg", "finance"),
            answer=409,
            sends=sends,
            pk="signed_return",
        )
        for name, sends in (
            ("bcf_metrics:accept", lambda made: {"accepted_by": "National team", "accepted_on": "1/8/2014"}),
            ("bcf_metrics:restate", lambda made: {"what": "A figure", "why": "A slip", "told": "The Board"}),
        )
    ),
    button("bcf_metrics:ready", visible=PARTIES, may=PREPARERS, answer=409, pk="open_return"),
    form(
        "bcf_metrics:section_owner",
        visible=PARTIES,
        read=PREPARERS,
        may=PREPARERS,
        sends=lambda made: {"owner": made.pk("ccg"), "seen": section_seen(None)},
        pk="open_return",
        tab="=cover",
    ),
    form(
        "bcf_metrics:section_owner",
        visible=PARTIES,
        read=PREPARERS,
        may=PREPARERS,
        answer=409,
        sends=lambda made: {"owner": made.pk("ccg"), "seen": section_seen(None)},
        pk="open_return",
        tab="=narrative",
        case="changed meanwhile",
    ),
    button(
        "bcf_metrics:section_ready",
        visible=PARTIES,
        may=PREPARERS,
        answer=409,
        sends=lambda made: {"seen": "0" * 64},
        pk="open_return",
        tab="=cover",
        case="changed meanwhile",
    ),
    form(
        "bcf_metrics:amend",
        visible=PARTIES,
        read=PREPARERS,
        may=PREPARERS,
        sends=lambda made: {"reason": "The narrative has an error"},
        pk="sent_return",
    ),
    form(
        "bcf_metrics:send_back",
        visible=PARTIES,
        read=APPROVERS,
        may=APPROVERS,
        sends=lambda made: {"reason": "The narrative is missing"},
        pk="sent_return",
    ),
    Row("bcf_metrics:export", {"pk": "open_return"}, PARTIES, {"GET": Act(may=EXPORTERS, writes=True)}, "a draft"),
    Row("bcf_metrics:export", {"pk": "signed_return"}, BOARD, {"GET": Act(may=EXPORTERS, writes=True)}, "signed"),
    page("bcf_metrics:open_data", visible=PARTIES, may=EXPORTERS, pk="open_return", case="a draft"),
    page("bcf_metrics:open_data", visible=BOARD, may=EXPORTERS, pk="signed_return", case="signed"),
    *(
        Row(
            "bcf_metrics:open_data_file",
            {"pk": pk, "kind": f"={kind}"},
            visible,
            {"GET": Act(may=EXPORTERS, writes=True)},
            f"{kind}, {case}",
        )
        for kind in ("csv", "dictionary", "package")
        for pk, visible, case in (("open_return", PARTIES, "a draft"), ("signed_return", BOARD, "signed"))
    ),
    form(
        "bcf_metrics:load",
        visible=PARTIES,
        read=PREPARERS,
        may=PREPARERS,
        sends=a_returned_workbook,
        pk="open_return",
    ),
    form(
        "bcf_metrics:load",
        visible=PARTIES,
        read=PREPARERS,
        may=PREPARERS,
        answer=400,
        pk="open_return",
        case="no file",
    ),
    *(
        page(
            "bcf_metrics:load_preview",
            visible=COUNCIL,
            may=PREPARERS_OF_COUNCIL,
            pk="open_return",
            import_pk=f"load_{name}",
            case=name,
        )
        for name in ("staged", "refused", "confirmed")
    ),
    *(
        button(
            f"bcf_metrics:load_{act}",
            visible=COUNCIL,
            may=PREPARERS_OF_COUNCIL,
            answer=answer,
            pk="open_return",
            import_pk=f"load_{name}",
            case=case,
        )
        for act, name, answer, case in (
            ("confirm", "staged", 302, ""),
            ("confirm", "refused", 409, "a cell is wrong"),
            ("undo", "confirmed", 302, ""),
            ("discard", "staged", 302, ""),
        )
    ),
    form(
        "bcf_metrics:figure_file",
        visible=PARTIES,
        read=METRICS_OF_CCG,
        may=METRICS_OF_CCG,
        sends=a_file_of_figures,
        pk="open_return",
    ),
    *(
        page(
            "bcf_metrics:figure_template",
            visible=PARTIES,
            may=METRICS_OF_CCG,
            pk="open_return",
            query=f"format={kind}",
            case=kind,
        )
        for kind in ("xlsx", "csv")
    ),
    page(
        "bcf_metrics:load_preview",
        visible=CCG,
        may=METRICS_OF_CCG,
        pk="open_return",
        import_pk="load_figures",
        case="figures",
    ),
    *(
        button(
            f"bcf_metrics:load_{act}",
            visible=CCG,
            may=METRICS_OF_CCG,
            pk="open_return",
            import_pk="load_figures",
            case="figures",
        )
        for act in ("confirm", "discard")
    ),
    page("bcf_metrics:official", visible=PARTIES, may=EXPORTERS, pk="open_return", case="a draft"),
    page("bcf_metrics:official", visible=BOARD, may=EXPORTERS, pk="signed_return", case="signed"),
    button("bcf_metrics:official_upload", visible=PARTIES, may=PREPARERS, sends=an_official_file, pk="open_return"),
    form(
        "bcf_metrics:official_line",
        visible=PARTIES,
        read=PREPARERS,
        may=PREPARERS,
        sends=lambda made: {
            "target": "answers.email",
            "sheet": "1. Cover",
            "label": "Comments",
            "nth": "1",
            "right": "1",
            "down": "0",
            "seen": "1",
        },
        pk="open_return",
    ),
    button(
        "bcf_metrics:official_take_out",
        visible=PARTIES,
        may=PREPARERS,
        sends=lambda made: {"replaces": "answers.reporting_period", "seen": "1"},
        pk="open_return",
    ),
    button(
        "bcf_metrics:official_fill",
        visible=PARTIES,
        may=EXPORTERS,
        sends=lambda made: {"version": "draft"},
        pk="open_return",
    ),
    page("bcf_metrics:official_filled", visible=PARTIES, may=EXPORTERS, **OF_FILLING),
    page("bcf_metrics:official_download", visible=PARTIES, may=EXPORTERS, **OF_FILLING),
    page("bcf_metrics:version", visible=PARTIES, pk="sent_return", number="=1", case="with its signatories"),
    page("bcf_metrics:compare", visible=PARTIES, pk="open_return", case="a draft"),
    page("bcf_metrics:compare", visible=BOARD, pk="signed_return", case="signed"),
    page("bcf_metrics:version", visible=BOARD, pk="signed_return", number="=1", case="signed"),
    form("bcf_metrics:figures", visible=PARTIES, may=METRICS_OF_CCG, sends=a_metric_figure, pk="open_return"),
    form(
        "bcf_metrics:figures",
        visible=PARTIES,
        may=METRICS_OF_CCG,
        sends=a_metric_figure,
        pk="sent_return",
        answer=409,
        case="with its signatories",
    ),
    button("bcf_metrics:figures_release", visible=PARTIES, may=METRICS_OF_CCG, pk="open_return"),
    page("bcf_metrics:metric", visible=BOARD, pk="plan"),
    form(
        "bcf_metrics:target",
        visible=BOARD,
        read=METRICS_OF_CCG,
        may=METRICS_OF_CCG,
        # A return of the year is with its signatories, and reports the target.
        sends=lambda made: {"target": "9", "rationale": "Agreed again"},
        answer=409,
        pk="plan",
    ),
    form(
        "bcf_metrics:waivers",
        visible=BOARD,
        may=APPROVERS_OF_CCG,
        sends=lambda made: {
            "check": "M1",
            "until": today(),
            "reason": "The survey is repeated",
        },
        pk="plan",
    ),
    form(
        "bcf_metrics:waiver_end",
        visible=BOARD,
        read=APPROVERS_OF_CCG,
        may=APPROVERS_OF_CCG,
        sends=lambda made: {"reason": "The survey is done"},
        pk="plan",
        waiver_pk="waiver",
    ),
    form(
        "bcf_metrics:grid",
        visible=PARTIES,
        read=METRICS_OF_CCG,
        may=METRICS_OF_CCG,
        sends=a_grid_row,
        pk="open_return",
    ),
    *(
        button(
            "bcf_metrics:grid_row",
            visible=PARTIES,
            may=METRICS_OF_CCG,
            sends=a_grid_row,
            answer=answer,
            pk=pk,
            case=case,
        )
        for pk, answer, case in (("open_return", 200, ""), ("sent_return", 409, "with its signatories"))
    ),
    form(
        "bcf_metrics:section",
        visible=PARTIES,
        may=PREPARERS,
        sends=lambda made: {"narrative": "How it went", "seen-narrative": ANSWER.format(made.mark)},
        pk="open_return",
        tab="=narrative",
    ),
]

REPORT_PAGES = [
    page("reports:reports"),
    Row(
        "reports:new",
        acts={
            "GET": Act(may=ASKERS),
            # Southwark's fund is none of Hackney's choices.
            "POST": Act(
                may=ASKERS,
                sends=a_quarter(1),
                answer=302,
                writes=True,
                instead={of("hackney", "governance"): 400},
            ),
        },
    ),
    form(
        "reports:words",
        visible=COUNCIL,
        read=GOVERNANCE,
        may=GOVERNANCE,
        sends=the_words,
        pk="brief",
    ),
    form(
        "reports:words", visible=COUNCIL, read=GOVERNANCE, may=GOVERNANCE, answer=400, pk="brief", case="nothing sent"
    ),
    page("reports:dashboard", visible=BOARD, pk="board"),
    page("reports:report", visible=BOARD, pk="issued_report", case="issued"),
    page("reports:report", visible=COUNCIL, pk="ready_report", case="ready"),
    page("reports:report", visible=COUNCIL, pk="queued_report", case="queued"),
    page("reports:report", visible=COUNCIL, pk="failed_report", case="failed"),
    button("reports:issue", visible=COUNCIL, may=GOVERNANCE, pk="ready_report"),
    button("reports:issue", visible=COUNCIL, may=GOVERNANCE, answer=409, pk="queued_report", case="not ready"),
    button(
        "reports:attach",
        visible=COUNCIL,
        may=GOVERNANCE,
        sends=lambda made: {"meeting": made.pk("coming_meeting")},
        pk="ready_report",
    ),
    button("reports:try_again", visible=COUNCIL, may=GOVERNANCE, pk="failed_report"),
    button("reports:try_again", visible=COUNCIL, may=GOVERNANCE, answer=409, pk="ready_report", case="did not fail"),
    *(
        page(
            "reports:document",
            visible=visible,
            pk=f"{state}_report",
            file_format=f"={suffix}",
            case=f"{state}, {suffix}",
        )
        for suffix in ("docx", "pdf", "html")
        for state, visible in (("issued", BOARD), ("ready", COUNCIL))
    ),
]


# The API


def resource(prefix: str, *, visible: Any, pk: str, name: str = "") -> list[Row]:
    """The list of a resource, whatever each person finds in it, and one of its rows."""
    return [page(f"api:{prefix}-list"), page(f"api:{prefix}-detail", visible=visible, pk=pk)]


API = [
    replace(page("api:schema"), roles=False),
    replace(page("api:docs"), roles=False),
    page("api:me"),
    Row(
        "api:token",
        visible=EVERYBODY,
        acts={
            "POST": Act(
                sends=lambda made: {"email": made.world.person("finance").email, "password": "correct horse battery"},
                writes=True,
            )
        },
    ),
    Row("api:token", visible=EVERYBODY, acts={"POST": Act(answer=400)}, case="nothing sent"),
    page("api:publication-deadline", query="meeting=2014-07-28"),
    Row("api:publication-deadline", acts={"GET": Act(answer=400)}, case="no day"),
    *resource("areas", visible=DIRECTORY, pk="area"),
    *resource("organisations", visible=DIRECTORY, pk="council"),
    *resource("footprints", visible=DIRECTORY, pk="footprint"),
    *resource("audit", visible=AUDIT, pk="audit_event"),
    *resource("successions", visible=SUCCESSION, pk="succession"),
    *resource("boards", visible=BOARD, pk="board"),
    *resource("meetings", visible=BOARD, pk="meeting"),
    *resource("decisions", visible=BOARD, pk="decision"),
    *resource("delegations", visible=BOARD, pk="delegation"),
    *resource("agreements", visible=BOARD, pk="agreement"),
    *resource("funds", visible=BOARD, pk="fund"),
    page("api:funds-detail", visible=COUNCIL, pk="draft_fund", case="not released"),
    page("api:funds-position", visible=BOARD, pk="fund"),
    page("api:funds-months", visible=BOARD, pk="fund"),
    page("api:ledger-extracts-list"),
    page("api:ledger-extracts-detail", visible=COUNCIL, pk="extract_confirmed"),
    Row(
        "api:funds-imports",
        {"pk": "fund"},
        BOARD,
        {"POST": Act(may=FINANCE, sends=a_file, answer=201, writes=True)},
    ),
    Row("api:risk-share-simulate", acts={"POST": Act(sends=a_pool)}),
    Row("api:risk-share-simulate", acts={"POST": Act(answer=400)}, case="nothing sent"),
    Row(
        "api:funds-risk-share",
        {"pk": "fund"},
        BOARD,
        # Two schemes have no outturn.
        {"POST": Act(answer=409, sends=lambda made: {"rules_version": 1})},
        case="figures missing",
    ),
    Row("api:funds-risk-share", {"pk": "fund"}, BOARD, {"POST": Act(answer=400, sends=a_version_too_many)}),
    *resource("schemes", visible=BOARD, pk="scheme"),
    *resource("settlements", visible=BOARD, pk="settlement"),
    *resource("contributions", visible=BOARD, pk="contribution"),
    *(
        Row(
            f"api:contributions-{act}",
            {"pk": "contribution"},
            BOARD,
            {"POST": Act(may=FINANCE, sends=sends, answer=answer, writes=answer < 400)},
            case=case,
        )
        for act, sends, answer, case in (
            ("receipts", an_api_receipt, 201, ""),
            ("receipts", nothing, 400, "nothing sent"),
            ("changes", an_api_change, 201, ""),
            ("changes", lambda made: {**an_api_change(made), "seen": "1.00"}, 409, "changed meanwhile"),
        )
    ),
    Row(
        "api:forecasts-list",
        acts={
            "GET": Act(),
            "POST": Act(
                may=FINANCE,
                sends=a_forecast,
                answer=201,
                writes=True,
                # The scheme is not theirs to know of: as if it were not there.
                instead={SIGNED_IN - BOARD: 400},
            ),
        },
    ),
    Row(
        "api:forecasts-detail",
        {"pk": "forecast"},
        BOARD,
        {
            "GET": Act(),
            "PUT": Act(may=FINANCE, sends=another_forecast, answer=409),
            "PATCH": Act(may=FINANCE, sends=another_forecast, answer=409),
        },
        "released, in a locked quarter",
    ),
    Row(
        "api:forecasts-detail",
        {"pk": "draft_forecast"},
        COUNCIL,
        {
            "GET": Act(),
            "PUT": Act(may=FINANCE, sends=another_forecast, writes=True),
            "PATCH": Act(may=FINANCE, sends=another_forecast, writes=True),
        },
        "a draft",
    ),
    Row(
        "api:transactions-list",
        acts={
            "GET": Act(),
            "POST": Act(
                may=FINANCE,
                sends=a_posting_by_api(4),
                answer=201,
                writes=True,
                # The fund is not theirs to know of: as if it were not there.
                instead={SIGNED_IN - BOARD: 400},
            ),
        },
    ),
    Row("api:transactions-detail", {"pk": "posting"}, BOARD),
    *(
        page(f"api:{name}-list")
        for name in ("scheme-lines", "agreement-versions", "aligned-budgets", "joint-contracts")
    ),
    page("api:scheme-lines-detail", visible=BOARD, pk="line"),
    page("api:aligned-budgets-detail", visible=COUNCIL, pk="aligned_budget"),
    page("api:joint-contracts-detail", visible=BOARD, pk="joint_contract"),
    page("api:agreement-versions-detail", visible=PARTIES, pk="agreement_version"),
    Row(
        "api:virements-list",
        acts={
            "GET": Act(),
            "POST": Act(
                may=FINANCE,
                sends=lambda made: {
                    **a_virement(made),
                    "fund": made.pk("fund"),
                    "recurrent": False,
                    "effective_on": "2014-09-01",
                },
                answer=201,
                writes=True,
                instead={SIGNED_IN - BOARD: 400},
            ),
        },
    ),
    Row("api:virements-detail", {"pk": "virement"}, BOARD),
    *(
        Row(
            f"api:virements-{act}",
            {"pk": "virement"},
            BOARD,
            {"POST": Act(may=VIREMENT_APPROVERS, sends=sends, answer=200, writes=True, instead={FINANCE: 409})},
        )
        for act, sends in (
            ("approve", lambda made: {"authority": f"decision:{made.pk('decision')}"}),
            ("reject", lambda made: {"reason": "Not this year"}),
        )
    ),
    Row(
        "api:transactions-reverse",
        {"pk": "posting"},
        BOARD,
        {"POST": Act(may=FINANCE, sends=lambda made: {"reason": "Posted twice"}, answer=201, writes=True)},
    ),
    page("api:imports-list"),
    Row(
        "api:imports-detail",
        {"pk": "import_refused"},
        COUNCIL,
        {
            "GET": Act(),
            "PATCH": Act(may=FINANCE, sends=lambda made: {"corrections": {"D9": "214,000.00"}}, writes=True),
        },
    ),
    Row("api:imports-confirm", {"pk": "import_open"}, COUNCIL, {"POST": Act(may=FINANCE, writes=True)}),
    Row(
        "api:imports-confirm",
        {"pk": "import_staged"},
        COUNCIL,
        {"POST": Act(may=FINANCE, answer=409)},
        "a quarter is locked",
    ),
    Row(
        "api:imports-confirm",
        {"pk": "import_refused"},
        COUNCIL,
        {"POST": Act(may=FINANCE, answer=409)},
        "a cell is refused",
    ),
    Row("api:imports-undo", {"pk": "import_confirmed"}, COUNCIL, {"POST": Act(may=FINANCE, writes=True)}),
    # What national policy asks for is no partner's; the plans inside are.
    *resource("metrics", visible=SIGNED_IN, pk="definition"),
    Row(
        "api:metric-values-list",
        acts={"GET": Act(), "POST": Act(may=METRICS_OF_CCG, sends=a_value, answer=201, writes=True)},
    ),
    Row(
        "api:metric-values-detail",
        {"pk": "draft_figure"},
        CCG,
        {"GET": Act(), "PUT": Act(may=METRICS_OF_CCG, sends=another_value("draft_figure"), writes=True)},
        "a draft of the CCG",
    ),
    Row(
        "api:metric-values-detail",
        {"pk": "figure"},
        BOARD,
        {"GET": Act(), "PUT": Act(may=METRICS_OF_CCG, sends=another_value("figure"), answer=409)},
        "in a signed return",
    ),
    page("api:returns-list"),
    page("api:returns-detail", visible=PARTIES, pk="open_return", case="in progress"),
    page("api:returns-detail", visible=BOARD, pk="signed_return", case="signed"),
    Row("api:returns-export", {"pk": "open_return"}, PARTIES, {"GET": Act(may=EXPORTERS, writes=True)}, "a draft"),
    Row("api:returns-export", {"pk": "signed_return"}, BOARD, {"GET": Act(may=EXPORTERS, writes=True)}, "signed"),
    page("api:returns-submissions", visible=PARTIES, pk="open_return", case="in progress"),
    page("api:returns-submissions", visible=BOARD, pk="signed_return", case="signed"),
    Row(
        "api:returns-signatures",
        {"pk": "sent_return"},
        PARTIES,
        {
            "GET": Act(),
            # Nobody signs for another partner.
            "POST": Act(
                may=APPROVERS,
                sends=lambda made: {"organisation": made.pk("council"), "version": 1, "capacity": "Director"},
                answer=201,
                writes=True,
                instead={of("ccg", "approver"): 400},
            ),
        },
        "for the council",
    ),
    Row(
        "api:returns-signatures",
        {"pk": "signed_return"},
        BOARD,
        {
            "GET": Act(),
            "POST": Act(
                may=APPROVERS,
                sends=lambda made: {"organisation": made.pk("council"), "version": 1, "capacity": "Director"},
                answer=409,
                instead={of("ccg", "approver"): 400},
            ),
        },
        "signed already",
    ),
    Row(
        "api:returns-submit",
        {"pk": "signed_return"},
        BOARD,
        {"POST": Act(may=FINANCE_OF_BOTH, sends=lambda made: {"how": "By e-mail"}, answer=201, writes=True)},
        "signed",
    ),
    *(
        Row(f"api:returns-{name}", {"pk": "signed_return"}, BOARD, {"POST": Act(may=may, sends=sends, answer=409)})
        for name, may, sends in (
            ("ratify", GOVERNANCE_OF_BOTH, lambda made: {"decision": made.pk("decision")}),
            ("accept", FINANCE_OF_BOTH, lambda made: {"accepted_by": "National team", "accepted_on": "2014-08-01"}),
            ("restate", FINANCE_OF_BOTH, lambda made: {"what": "A figure", "why": "A slip", "told": "The Board"}),
        )
    ),
    *(
        Row(f"api:returns-{name}", {"pk": "sent_return"}, PARTIES, {"POST": Act(may=may, answer=400)}, "nothing sent")
        for name, may in (
            ("submit", FINANCE_OF_BOTH),
            ("ratify", GOVERNANCE_OF_BOTH),
            ("accept", FINANCE_OF_BOTH),
            ("restate", FINANCE_OF_BOTH),
        )
    ),
    Row(
        "api:reports-list",
        acts={
            "GET": Act(),
            # Southwark's board is as if it were not there for Hackney.
            "POST": Act(
                may=ASKERS, sends=a_report, answer=202, writes=True, instead={of("hackney", "governance"): 400}
            ),
        },
    ),
    page("api:reports-detail", visible=BOARD, pk="issued_report", case="issued"),
    page("api:reports-detail", visible=COUNCIL, pk="ready_report", case="not issued"),
    *(
        page(
            "api:reports-document",
            visible=visible,
            pk=f"{state}_report",
            file_format=f"={suffix}",
            case=f"{state}, {suffix}",
        )
        for suffix in ("docx", "pdf", "html")
        for state, visible in (("issued", BOARD), ("ready", COUNCIL))
    ),
]

# Roles make no difference to signing in; demonstration accounts, as these are, change no password and set up no app.
NO_FACTOR = dict.fromkeys(METHODS, 404)
SIGN_IN = [
    account("account_login", out={"GET": 200, "POST": 400, "PUT": 400}, **dict.fromkeys(METHODS, 302)),
    account("account_logout", out={"GET": 302, "POST": 302}, writes="POST", GET=200, POST=302),
    account("account_reauthenticate", GET=200, POST=400, PUT=400),
    account("account_change_password", GET=200, POST=409, PUT=200, PATCH=200, DELETE=200),
    account("account_set_password", **dict.fromkeys(METHODS, 302)),
    account("account_reset_password", out={"GET": 200, "POST": 400, "PUT": 400}, GET=200, POST=400, PUT=400),
    account("account_reset_password_done", out={"GET": 200}, GET=200),
    account("account_reset_password_from_key_done", out={"GET": 200}, GET=200),
    replace(
        account("account_reset_password_from_key", out=dict.fromkeys(METHODS, 200), **dict.fromkeys(METHODS, 200)),
        on={"uidb36": "=abc", "key": "=x-y"},
        case="a link that is none",
    ),
    account("mfa_index", GET=200),
    account("mfa_authenticate", out=dict.fromkeys(METHODS, 302), **dict.fromkeys(METHODS, 302)),
    account("mfa_reauthenticate", **dict.fromkeys(METHODS, 302)),
    account("mfa_activate_totp", GET=200, POST=409, PUT=200, PATCH=200, DELETE=200),
    account("mfa_deactivate_totp", GET=200, POST=409, PUT=200, PATCH=200, DELETE=200),
    # The provider of these does not answer; nobody is sent to it who is signed in.
    *(
        Row(
            name,
            {"pk": "single_sign_on"},
            EVERYBODY,
            {"GET": Act(answer=302, instead={frozenset({OUT}): answer})},
            roles=False,
        )
        for name, answer in (("single_sign_on_start", 502), ("single_sign_on_back", 400))
    ),
    account("mfa_add_webauthn", GET=200, POST=409, PUT=200, PATCH=200, DELETE=200),
    account("mfa_reauthenticate_webauthn", **dict.fromkeys(METHODS, 302)),
    replace(account("mfa_remove_webauthn", **NO_FACTOR), on={"pk": "=1"}, case="nobody's key"),
    account("mfa_view_recovery_codes", **NO_FACTOR),
    account("mfa_generate_recovery_codes", GET=200, POST=409, PUT=200, PATCH=200, DELETE=200),
    account("mfa_download_recovery_codes", **NO_FACTOR),
]

TABLE: list[Row] = [
    *PUBLIC,
    *SIGN_IN,
    *PARTNERS,
    *PEOPLE,
    *GOVERNANCE_PAGES,
    *PROGRAMME_PAGES,
    *FUND_PAGES,
    *AGREEMENT_PAGES,
    *POLICY_PAGES,
    *RETURN_PAGES,
    *REPORT_PAGES,
    *API,
]
# On years that can be settled, which the stage of the permission matrix alone has (everything.add_year_ends).
YEAR_ENDS: list[Row] = [
    form(
        "pooled_budgets:settlement_prepare",
        visible=BOARD,
        read=FINANCE,
        may=FINANCE,
        pk="unsettled_fund",
        case="a year that can be settled",
    ),
    form(
        "pooled_budgets:settlement_approve",
        visible=BOARD,
        read=APPROVERS,
        may=APPROVERS,
        sends=the_decision_on_the_year,
        pk="waiting_fund",
        number="=1",
        case="under a decision",
    ),
    form(
        "pooled_budgets:carry_forward",
        visible=BOARD,
        read=of("council", "approver"),
        may=of("council", "approver"),
        sends=a_carry_forward,
        pk="settled_fund",
        case="under a decision",
    ),
]
# Organisations and areas are no secret among those who work on integration, nor is national policy.
OPEN_TO_STRANGERS = frozenset(
    {
        # The lists of a year are reference data: everybody reads them, an operator corrects them.
        "pooled_budgets:stream_correct",
        "pooled_budgets:value_correct",
        # Hackney's governance officer was given the view of the region: states alone, which the leak tests crawl.
        "bcf_metrics:completeness",
        "bcf_metrics:completeness_csv",
        "partners:organisation",
        "partners:audit",
        "partners:note",
        "partners:code_new",
        "partners:code_end",
        "partners:code_check",
        "partners:area",
        "partners:area_code_new",
        "partners:kind",
        "partners:rename",
        "partners:organisation_end",
        "partners:service_new",
        "partners:service_end",
        "partners:footprint",
        "partners:footprint_move",
        "partners:footprint_end",
        # Whoever holds the letter sees what it offers.
        "partners:invitation",
        "partners:single_sign_on",
        "partners:single_sign_on_remove",
        "single_sign_on_start",
        "single_sign_on_back",
        "partners:audit_file",
        "partners:history",
        "partners:view_as",
        "partners:why",
        "api:organisations-detail",
        "api:areas-detail",
        "api:footprints-detail",
        "api:metrics-detail",
    }
)
