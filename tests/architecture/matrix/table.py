"""The permission matrix: each address of the site x each method x each actor -> one status.

A row states for whom its object is there (404 for others, whatever the method), who may use each method (403), and
what they get. Everything else follows from rows.py. Objects are those of tests/factories/everything.py: the council
owns them unless the row's case says otherwise. docs/permission-matrix.md is made from this table:

    UPDATE_PERMISSION_MATRIX=1 pytest tests/architecture/test_permission_matrix.py -k document
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from bcf_metrics.selectors.figures import entered_of
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
from tests.architecture.matrix.rows import METHODS, Act, Row, account, button, form, page
from tests.factories.everything import ANSWER, DRAFT_OUTTURN, Everything, seen, sheet

FINANCE, METRICS_OF_CCG = of("council", "finance"), of("ccg", "metrics")
GOVERNANCE_OF_BOTH = of("council", "governance") | of("ccg", "governance")
GOVERNANCE = of("council", "governance")
PROGRAMME_OF_BOTH = of("council", "programme") | of("ccg", "programme")
PROGRAMME = of("council", "programme")
APPROVERS = of("council", "approver") | of("ccg", "approver")
PREPARERS = of("council", "finance", "metrics") | of("ccg", "finance", "metrics")
EXPORTERS = PREPARERS | APPROVERS | of("council", "auditor") | of("ccg", "auditor")
AUDIT = of("council", "auditor", "admin")
KEEPER = frozenset({OPERATOR})
CORRECTORS = of("council", "admin") | KEEPER
ADMIN = of("council", "admin")
ASKERS = GOVERNANCE_OF_BOTH | of("hackney", "governance")
OPERATORS = frozenset({OPERATOR})
CCG_ADMIN = of("ccg", "admin")
SUCCESSION = OPERATORS | CCG_ADMIN


ADMIN = of("council", "admin")


# What is sent


def an_identity(made: Everything) -> Mapping[str, Any]:
    """Single sign-on for somebody of the council with an account of their own."""
    return {
        "person": made.pk("own_account"),
        "provider": made.pk("single_sign_on"),
        "subject": "another",
    }


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


def a_metric_figure(made: Everything) -> Mapping[str, Any]:
    """The page of figures with one for the metric that has none."""
    key = made.pk("other_plan")
    return {f"{key}-value": "12", f"{key}-seen-figure": "", f"{key}-commentary": "As expected"}


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
    button("pooled_budgets:release", visible=BOARD, may=FINANCE, sends=lambda made: {"quarter": "2"}, pk="fund"),
]

RETURN_PAGES = [
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
        "bcf_metrics:send_back",
        visible=PARTIES,
        read=APPROVERS,
        may=APPROVERS,
        sends=lambda made: {"reason": "The narrative is missing"},
        pk="sent_return",
    ),
    Row("bcf_metrics:export", {"pk": "open_return"}, PARTIES, {"GET": Act(may=EXPORTERS, writes=True)}, "a draft"),
    Row("bcf_metrics:export", {"pk": "signed_return"}, BOARD, {"GET": Act(may=EXPORTERS, writes=True)}, "signed"),
    page("bcf_metrics:version", visible=PARTIES, pk="sent_return", number="=1", case="with its signatories"),
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
    *resource("agreements", visible=BOARD, pk="agreement"),
    *resource("funds", visible=BOARD, pk="fund"),
    page("api:funds-detail", visible=COUNCIL, pk="draft_fund", case="not released"),
    page("api:funds-position", visible=BOARD, pk="fund"),
    Row(
        "api:funds-imports",
        {"pk": "fund"},
        BOARD,
        {"POST": Act(may=FINANCE, sends=a_file, answer=201, writes=True)},
    ),
    *resource("schemes", visible=BOARD, pk="scheme"),
    *resource("contributions", visible=BOARD, pk="contribution"),
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
    *RETURN_PAGES,
    *REPORT_PAGES,
    *API,
]
# Organisations and areas are no secret among those who work on integration, nor is national policy.
OPEN_TO_STRANGERS = frozenset(
    {
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
