"""What a selector reads goes to a page, file, list, e-mail, search or log: a manager there is scoped to a reader.

Each use of `Model.objects` of a model that can be scoped must go on with `visible_to`, `ways`, `of_parties`, … or stand
in the list below with the reason why it need not.
"""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
APPS = ("partners", "governance", "pooled_budgets", "bcf_metrics", "programme", "reports")
SCOPED = {
    "visible_to",
    "acted_for_by",
    "held_by",
    "sat_on_by",
    "of_parties",
    "reading",
    "today_of",
    "readable",
    "none",
    "shared_now",
    "ways",
}
# Rows of partners whose querysets cannot be scoped by themselves: they are reached through something that is.
UNSCOPED_BY_THEMSELVES = {
    "AgreementAct",
    "AgreementSignature",
    "AuditEvent",
    "Membership",
    "ReturnEvent",
    "ReturnVersion",
    "SchemeLine",
    "Seat",
    "Signature",
    "User",
}
# Why a use ("file: function: model") need not be scoped by itself.
REASONS: dict[str, list[str]] = {
    "Released statements alone, for the readiness of a return: the parties to it all read them.": [
        "pooled_budgets/selectors/balances.py: books: BalanceDifference",
        "pooled_budgets/selectors/balances.py: books: BalanceStatement",
        "pooled_budgets/selectors/balances.py: unsettled: SchemeLine",
    ],
    "Of a return that the reader may see: parties and board read its versions, answers, events and signatures.": [
        "bcf_metrics/selectors/content.py: _previous: ReturnVersion",
        "bcf_metrics/selectors/content.py: answers_of: ReturnAnswer",
        "bcf_metrics/selectors/loads.py: writers: ReturnAnswer",
        "bcf_metrics/selectors/policy.py: losses: ReturnAnswer",
        "bcf_metrics/selectors/returns.py: _events: ReturnEvent",
        "bcf_metrics/selectors/returns.py: _signatures: Signature",
        "bcf_metrics/selectors/returns.py: _versions: ReturnVersion",
        "bcf_metrics/selectors/returns.py: content_of: ReturnVersion",
        "bcf_metrics/selectors/sections.py: of_return: ReturnSection",
        "bcf_metrics/selectors/comparison.py: last_quarter: ReturnVersion",
        "bcf_metrics/selectors/tasks.py: _unsigned: ReturnEvent",
        "bcf_metrics/selectors/tasks.py: _unsigned: ReturnSection",
        "bcf_metrics/selectors/tasks.py: _unsigned: ReturnVersion",
        "bcf_metrics/selectors/tasks.py: _unsigned: Signature",
    ],
    "Of an agreement or version that the reader may see.": [
        "pooled_budgets/selectors/agreements.py: acts_of: AgreementAct",
        "pooled_budgets/selectors/agreements.py: signatures_of: AgreementSignature",
        "pooled_budgets/selectors/agreements.py: _asking: AgreementAct",
        "pooled_budgets/selectors/agreements.py: _asking: AgreementSignature",
    ],
    "Of the areas of a region that the reader was given the view of: states are told, no answer and no name.": [
        "bcf_metrics/selectors/completeness.py: _answers: ReturnAnswer",
        "bcf_metrics/selectors/completeness.py: _previous: ReturnVersion",
        "bcf_metrics/selectors/completeness.py: _returns: QuarterlyReturn",
    ],
    "Released figures only, and waivers, which are about the return: the parties to it all read them.": [
        "bcf_metrics/selectors/checks.py: released_past: MetricFigure",
        "bcf_metrics/selectors/checks.py: waivers: MetricWaiver",
    ],
    "Released plans only.": [
        "bcf_metrics/selectors/figures.py: released: MetricPlan",
    ],
    "The name of a plan whose figure passed the scope of versions.": [
        "bcf_metrics/selectors/kinds.py: register_all: MetricPlan",
    ],
    "For services: which returns a fund has, to lock or count them; no row is shown.": [
        "bcf_metrics/selectors/returns.py: of_fund: QuarterlyReturn",
        "bcf_metrics/selectors/returns.py: openable: QuarterlyReturn",
        "bcf_metrics/selectors/returns.py: with_signatories: QuarterlyReturn",
    ],
    "How many returns a new version finds open: a number, whoever they belong to.": [
        "bcf_metrics/selectors/policy.py: open_returns: QuarterlyReturn",
    ],
    "Who entered something, so that they cannot sign; only ids and names of preparers are kept.": [
        "bcf_metrics/selectors/returns.py: preparers: MetricPlan",
        "bcf_metrics/selectors/returns.py: preparers: User",
    ],
    "Lines of partners whose audit log the caller asked the right for, or of the reader's own partners.": [
        "partners/selectors/audit.py: kinds: AuditEvent",
        "partners/selectors/audit.py: _theirs: Membership",
        "partners/selectors/audit.py: of_partner: AuditEvent",
        "partners/selectors/audit.py: people: Membership",
        "partners/selectors/audit.py: people: AuditEvent",
        "partners/selectors/audit.py: visible_to: AuditEvent",
        "partners/selectors/history.py: _own_lines: AuditEvent",
    ],
    "Lines that explain a version which the reader sees: the act and the partner alone are told.": [
        "partners/selectors/history.py: _add_lines: AuditEvent",
        "partners/selectors/history.py: heads: AuditEvent",
    ],
    "The line that tells who withdrew a succession, asked by whoever sees that one.": [
        "partners/selectors/audit.py: last: AuditEvent",
    ],
    "The demonstration's accounts stand on its sign-in page.": [
        "partners/selectors/demonstration.py: accounts: User",
    ],
    "The account of a session, for nobody but the person who signed in.": [
        "partners/selectors/memberships.py: _signed_in: Membership",
        "partners/selectors/memberships.py: _signed_in: User",
    ],
    "People of a partner, for its own people or its administrator.": [
        "partners/selectors/directory.py: _people: Membership",
        "bcf_metrics/selectors/sections.py: people: Membership",
        "bcf_metrics/selectors/sections.py: people: User",
        "partners/selectors/viewing.py: people: Membership",
        "partners/selectors/viewing.py: people: User",
    ],
    "Lines and counts of schemes or funds that are scoped themselves.": [
        "pooled_budgets/selectors/contributions.py: scheme_lines: SchemeLine",
        "pooled_budgets/selectors/schemes.py: lines: SchemeLine",
        "pooled_budgets/selectors/schemes.py: of_fund: SchemeLine",
        "pooled_budgets/selectors/schemes.py: _lines: SchemeLine",
        "pooled_budgets/selectors/funds.py: schemes: SchemeLine",
        "pooled_budgets/selectors/ledger.py: _lines: SchemeLine",
        "pooled_budgets/selectors/known.py: _seen: Fund",
        "pooled_budgets/selectors/recurrent.py: _namesakes: Fund",
        "pooled_budgets/selectors/risk_share.py: _rows: SchemeLine",
        "pooled_budgets/selectors/settlement.py: _lines: SchemeLine",
        "pooled_budgets/selectors/tasks.py: _theirs: Scheme",
        "pooled_budgets/selectors/virements.py: _lines: SchemeLine",
        "pooled_budgets/selectors/virements.py: locked_lines: SchemeLine",
        "pooled_budgets/selectors/virements.py: spent_on: Transaction",
        "pooled_budgets/selectors/tasks.py: _quarters: Forecast",
    ],
    "The plan as it stands, for the owner's own import.": [
        "pooled_budgets/selectors/imports.py: _held: Forecast",
        "pooled_budgets/selectors/imports.py: _lines: SchemeLine",
        "pooled_budgets/selectors/imports.py: _moved: Virement",
        "pooled_budgets/selectors/imports.py: _outturns: Forecast",
        "pooled_budgets/selectors/imports.py: standing: Scheme",
    ],
    "For the job, which asks for the rights of whoever wanted the report.": [
        "reports/selectors/gather.py: gather: ReportBrief",
        "reports/selectors/reports.py: to_build: Report",
    ],
    "Of the same board, fund, quarter and owner as a row that the reader may see.": [
        "reports/selectors/reports.py: brief_of: ReportBrief",
        "reports/selectors/reports.py: _for_home: Report",
        "reports/selectors/reports.py: newest_version: Report",
        "reports/selectors/reports.py: _open_briefs: Report",
    ],
    "People of a partner, for its own people: every caller has the partner from `people.partner` or a permission.": [
        "partners/selectors/people.py: may_stand_in: Membership",
        "pooled_budgets/selectors/months.py: finance_people: Membership",
        "pooled_budgets/selectors/months.py: finance_people: User",
        "partners/selectors/people.py: may_stand_in: User",
        "partners/selectors/people.py: members: Membership",
        "partners/selectors/people.py: members: User",
        "partners/selectors/people.py: next_review: Membership",
        "partners/selectors/people.py: person_of: Membership",
        "partners/selectors/people.py: person_of: User",
        "partners/selectors/people.py: _roles: Membership",
        "partners/selectors/people.py: rows: Membership",
        "partners/selectors/people.py: under_review: Membership",
        "partners/selectors/people.py: upkeep: Membership",
        "partners/selectors/single_sign_on.py: _people: Membership",
        "partners/selectors/single_sign_on.py: _people: User",
    ],
    "Scoped by the organisation: only of partners that the reader acts for.": [
        "partners/selectors/people.py: locked_membership: Membership",
        "partners/selectors/people.py: membership_of: Membership",
        "partners/selectors/people.py: tasks: Membership",
        "partners/selectors/people.py: deputies_of_or_for: Membership",
    ],
    "How many there are, for operators: no row is shown.": [
        "partners/selectors/operations.py: numbers: Membership",
        "partners/selectors/operations.py: numbers: User",
    ],
    "For services that change roles and accounts: to lock, compare or count; no row is shown.": [
        "partners/selectors/people.py: administrators: Membership",
        "partners/selectors/people.py: cannot_spare: Membership",
        "partners/selectors/people.py: has_reason_to_sign_in: Membership",
        "partners/selectors/people.py: held_by: Membership",
        "partners/selectors/people.py: held_everywhere: Membership",
        "partners/selectors/people.py: is_member: Membership",
        "partners/selectors/people.py: overlapping: Membership",
        "partners/selectors/people.py: signed_in_before: User",
        "partners/selectors/people.py: with_address: User",
    ],
    "What moves in a succession, whole for its digest and confirming: `successions.view` cuts it to the reader.": [
        "bcf_metrics/selectors/succession.py: _drafts: MetricFigure",
        "bcf_metrics/selectors/succession.py: holdings: MetricPlan",
        "bcf_metrics/selectors/succession.py: holdings: QuarterlyReturn",
        "bcf_metrics/selectors/succession.py: open_returns: Agreement",
        "bcf_metrics/selectors/succession.py: open_returns: QuarterlyReturn",
        "governance/selectors/succession.py: holdings: Board",
        "governance/selectors/succession.py: holdings: Seat",
        "partners/selectors/successions.py: _people: Membership",
        "partners/selectors/successions.py: agreeing: Membership",
        "pooled_budgets/selectors/succession.py: _agreements: Agreement",
        "pooled_budgets/selectors/succession.py: _contributions: FundingLine",
        "pooled_budgets/selectors/succession.py: _drafts: Forecast",
        "pooled_budgets/selectors/succession.py: _hosted: Agreement",
        "pooled_budgets/selectors/succession.py: holdings: Fund",
        "pooled_budgets/selectors/succession.py: open_funds: Agreement",
        "pooled_budgets/selectors/succession.py: open_funds: Fund",
        "programme/selectors/succession.py: holdings: NextStep",
        "programme/selectors/succession.py: holdings: Risk",
        "reports/selectors/succession.py: holdings: Report",
        "reports/selectors/succession.py: holdings: ReportBrief",
    ],
}
ALLOWED = {place: reason for reason, places in REASONS.items() for place in places}


def scoped_models() -> set[str]:
    """Models whose rows are not everybody's: their querysets know `visible_to`."""
    found = {model.__name__ for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")}
    return found | UNSCOPED_BY_THEMSELVES


def uses() -> list[tuple[str, str]]:
    """Each use of a manager in selectors that nothing scopes, as (place, line)."""
    models, found = scoped_models(), []
    for app in APPS:
        for path in sorted((ROOT / app / "selectors").glob("**/*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
                found += [
                    (f"{path.relative_to(ROOT)}: {function.name}: {model}", f"line {line}")
                    for model, line in unscoped(function, models)
                ]
    return found


def unscoped(function: ast.FunctionDef, models: set[str]) -> list[tuple[str, int]]:
    """`Model.objects` in a function whose chain of calls has none of SCOPED."""
    chains: dict[ast.AST, set[str]] = {}
    for node in ast.walk(function):
        names, inner = set(), node
        while isinstance(inner, ast.Call | ast.Attribute):
            if isinstance(inner, ast.Attribute):
                names.add(inner.attr)
                if inner.attr == "objects" and isinstance(inner.value, ast.Name) and inner.value.id in models:
                    chains.setdefault(inner, set()).update(names)
            inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return [(manager.value.id, manager.lineno) for manager, names in chains.items() if not names & SCOPED]


def test_there_is_something_to_check():
    assert len(scoped_models()) > 12
    assert {"Fund", "Board", "Report"} <= scoped_models()


def test_a_forgotten_scope_is_found():
    function = ast.parse("def leak(user):\n    return list(Fund.objects.filter(name='x').order_by('pk'))").body[0]
    scoped = ast.parse("def fine(user):\n    return list(Fund.objects.visible_to(user).filter(name='x'))").body[0]

    assert unscoped(function, {"Fund"}) == [("Fund", 2)]
    assert unscoped(scoped, {"Fund"}) == []


def test_every_manager_in_selectors_is_scoped_or_has_a_reason():
    missing = sorted({f"{place} ({line})" for place, line in uses() if place not in ALLOWED})

    assert missing == [], "scope it with visible_to, or give the reason in ALLOWED"


@pytest.mark.parametrize("place", sorted(ALLOWED))
def test_list_of_reasons_names_nothing_that_is_gone(place: str):
    assert place in {found for found, _ in uses()}
