"""In random worlds nobody reads another partner's draft, by whatever way: pages, files, API, lists, home, timelines.

Random memberships, seats, parties, successions, releases. What each person may read is worked out in
tests/factories/random_worlds.py in a few lines, from the rule and not from the querysets, and compared with what
querysets, reasons and every address that can be read answer. The second half takes each scope away in turn and shows
that this is noticed.
"""

import dataclasses
import html
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.test import Client
from django.urls import resolve, reverse
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoDbBlocker

from bcf_metrics.models import MetricFigure, MetricPlan, QuarterlyReturn, ReturnAnswer
from bcf_metrics.services import policy
from governance.models import Board, Decision, Delegation, Meeting, Seat
from integration_hub.core.models import AuditEvent, StagedImport
from partners.domain.roles import Role
from partners.domain.scope import Scope
from partners.models import Organisation, Succession, User, prepared
from partners.selectors import audit, history, kinds, successions, viewing, why
from partners.selectors import memberships as accounts
from pooled_budgets.models import (
    Agreement,
    AgreementAttachment,
    AgreementDraft,
    AgreementVersion,
    AlignedBudget,
    BalanceDifference,
    ClosedMonth,
    Commitment,
    Forecast,
    Fund,
    FundingLine,
    JointContract,
    ParkedRow,
    Receipt,
    RiskShareRules,
    RiskShareScenario,
    Scheme,
    SchemeLine,
    Settlement,
    Transaction,
    VarianceExplanation,
    Virement,
)
from pooled_budgets.selectors import imports
from programme.models import NextStep, Risk
from reports.models import Report, ReportBrief
from tests.architecture.matrix.table import TABLE
from tests.factories import random_worlds
from tests.factories.everything import printed
from tests.factories.money import month, quarter
from tests.factories.partners import NOON
from tests.factories.random_worlds import PARTNERS, FundPlan, Oracle, Plan, RandomWorld

EXAMPLES = 24
KINDS_WITH_DRAFTS = (
    *("agreement", "aligned-budget", "board", "contribution", "decision", "delegation", "fund", "joint-contract"),
    *("meeting", "report", "return", "risk", "risk-share-rules", "scheme", "step", "virement"),
)
# What scopes each kind of row, as pages, API, search and files use it.
SCOPES: dict[type[Any], Callable[[User], QuerySet[Any]]] = {
    **{
        model: (lambda user, model=model: model.objects.visible_to(user))
        for model in (
            Agreement,
            AgreementAttachment,
            AgreementDraft,
            AgreementVersion,
            AlignedBudget,
            Board,
            Decision,
            Delegation,
            Forecast,
            Fund,
            FundingLine,
            JointContract,
            Meeting,
            MetricFigure,
            MetricPlan,
            NextStep,
            QuarterlyReturn,
            Report,
            ReportBrief,
            ReturnAnswer,
            Risk,
            RiskShareRules,
            RiskShareScenario,
            Scheme,
            Settlement,
            Virement,
        )
    },
    AuditEvent: audit.visible_to,
    StagedImport: imports.plans,
    Succession: successions.visible_to,
}
LISTS = (
    "home",
    "partners:directory",
    "partners:areas",
    "partners:footprints",
    "partners:successions",
    "partners:succession_new",
    "governance:boards",
    "programme:programme",
    "pooled_budgets:funds",
    "bcf_metrics:returns",
    "reports:reports",
    "reports:new",
    "agreements:agreements",
    "agreements:new",
    "agreements:aligned_budgets",
    "agreements:aligned_budget_new",
    "agreements:joint_contracts",
    "agreements:joint_contract_new",
    "pooled_budgets:authority",
    "api:agreements-list",
    "api:audit-list",
    "api:boards-list",
    "api:contributions-list",
    "api:decisions-list",
    "api:delegations-list",
    "api:forecasts-list",
    "api:funds-list",
    "api:imports-list",
    "api:ledger-extracts-list",
    "api:meetings-list",
    "api:metric-values-list",
    "api:reports-list",
    "api:returns-list",
    "api:schemes-list",
    "api:successions-list",
    "api:settlements-list",
    "api:transactions-list",
    "api:scheme-lines-list",
    "api:virements-list",
    "api:agreement-versions-list",
    "api:aligned-budgets-list",
    "api:joint-contracts-list",
)
# The addresses of a row of each kind.
OF: dict[type[Any], tuple[str, ...]] = {
    Agreement: ("api:agreements-detail", "agreements:agreement", "agreements:terminate"),
    AgreementAttachment: ("agreements:attachment",),
    AgreementDraft: ("agreements:draft", "agreements:edit", "agreements:document", "agreements:clause"),
    AgreementVersion: ("agreements:version", "api:agreement-versions-detail"),
    AlignedBudget: ("agreements:aligned_budget", "api:aligned-budgets-detail"),
    AuditEvent: ("api:audit-detail",),
    Board: (
        "governance:board",
        "governance:meeting_new",
        "governance:decisions",
        "governance:decision_new",
        "governance:delegations",
        "governance:delegation_new",
        "reports:dashboard",
        "programme:risk_new",
        "programme:step_new",
        "api:boards-detail",
    ),
    Decision: ("governance:decision", "governance:decision_rescind", "api:decisions-detail"),
    Delegation: ("governance:delegation", "governance:delegation_revoke", "api:delegations-detail"),
    Forecast: ("api:forecasts-detail",),
    Fund: (
        "pooled_budgets:fund",
        "pooled_budgets:monitoring",
        "pooled_budgets:number",
        "pooled_budgets:plan_upload",
        "pooled_budgets:plan_template",
        "pooled_budgets:plan_example",
        "pooled_budgets:ledger",
        "pooled_budgets:posting_new",
        "pooled_budgets:grid",
        "pooled_budgets:balances",
        "pooled_budgets:outturns",
        "pooled_budgets:outturn_snapshots",
        "pooled_budgets:threshold",
        "pooled_budgets:months",
        "pooled_budgets:month_close",
        "pooled_budgets:month_reopen",
        "pooled_budgets:extracts",
        "pooled_budgets:parked",
        "pooled_budgets:commitments",
        "pooled_budgets:contributions",
        "pooled_budgets:contribution_new",
        "pooled_budgets:schemes",
        "pooled_budgets:scheme_new",
        "pooled_budgets:rules",
        "pooled_budgets:profile",
        "pooled_budgets:performance",
        "pooled_budgets:performance_record",
        "pooled_budgets:risk_share",
        "pooled_budgets:risk_share_figures",
        "pooled_budgets:risk_share_rules",
        "pooled_budgets:fund_authority",
        "pooled_budgets:virements",
        "pooled_budgets:virement_new",
        "pooled_budgets:recurrent",
        "pooled_budgets:settlement",
        "pooled_budgets:settlement_prepare",
        "pooled_budgets:carry_forward",
        "api:funds-detail",
        "api:funds-position",
        "api:funds-months",
    ),
    FundingLine: (
        "api:contributions-detail",
        "pooled_budgets:contribution",
        "pooled_budgets:contribution_edit",
        "pooled_budgets:contribution_change",
        "pooled_budgets:contribution_instalments",
        "pooled_budgets:contribution_receive",
    ),
    JointContract: ("agreements:joint_contract", "api:joint-contracts-detail"),
    Receipt: ("pooled_budgets:receipt_reverse",),
    RiskShareRules: ("pooled_budgets:risk_share_version",),
    Settlement: (
        "pooled_budgets:settlement_version",
        "pooled_budgets:settlement_approve",
        "pooled_budgets:memorandum",
        "pooled_budgets:memorandum_statement",
        "pooled_budgets:memorandum_docx",
        "pooled_budgets:memorandum_xlsx",
        "pooled_budgets:statement_docx",
        "pooled_budgets:statement_xlsx",
        "api:settlements-detail",
    ),
    Virement: (
        *("pooled_budgets:virement", "pooled_budgets:virement_approve", "pooled_budgets:virement_reject"),
        "pooled_budgets:recurrent_answer",
        "api:virements-detail",
    ),
    Meeting: ("governance:meeting_outcome", "api:meetings-detail"),
    MetricFigure: ("api:metric-values-detail",),
    MetricPlan: ("bcf_metrics:metric", "bcf_metrics:target", "bcf_metrics:waivers"),
    NextStep: ("programme:step",),
    Organisation: (
        "partners:organisation",
        "partners:audit",
        "partners:audit_file",
        "partners:people",
        "partners:review",
        "partners:view_as",
        "api:organisations-detail",
    ),
    QuarterlyReturn: (
        "bcf_metrics:return_detail",
        "bcf_metrics:sign",
        "bcf_metrics:send_back",
        "bcf_metrics:amend",
        "bcf_metrics:submit",
        "bcf_metrics:ratify",
        "bcf_metrics:accept",
        "bcf_metrics:restate",
        "bcf_metrics:export",
        "bcf_metrics:open_data",
        "bcf_metrics:open_data_file",
        "bcf_metrics:load",
        "bcf_metrics:official",
        "bcf_metrics:policy_move",
        "bcf_metrics:version",
        "bcf_metrics:figures",
        "bcf_metrics:grid",
        "bcf_metrics:figure_file",
        "bcf_metrics:figure_template",
        "bcf_metrics:section",
        "bcf_metrics:section_owner",
        "bcf_metrics:compare",
        "api:returns-detail",
        "api:returns-export",
        "api:returns-submissions",
        "api:returns-signatures",
    ),
    Report: ("reports:report", "reports:document", "api:reports-detail", "reports-document"),
    ReportBrief: ("reports:words",),
    Risk: ("programme:risk",),
    ParkedRow: ("pooled_budgets:extract", "api:ledger-extracts-detail"),
    Scheme: (
        "api:schemes-detail",
        "pooled_budgets:line_new",
        "pooled_budgets:scheme",
        "pooled_budgets:scheme_edit",
        "pooled_budgets:scheme_start",
    ),
    SchemeLine: ("pooled_budgets:line_edit", "pooled_budgets:profile_edit", "api:scheme-lines-detail"),
    StagedImport: ("pooled_budgets:plan_import", "api:imports-detail"),
    BalanceDifference: ("pooled_budgets:difference",),
    VarianceExplanation: ("pooled_budgets:explain",),
    ClosedMonth: ("pooled_budgets:closing",),
    Commitment: ("pooled_budgets:commitment_close",),
    Transaction: ("pooled_budgets:posting_reverse", "api:transactions-detail"),
    Succession: ("partners:succession", "api:successions-detail"),
}
# There for some funds alone, whoever asks: the example of a plan, a month that is closed, the year 2015/16, one
# with a recurrent virement in the year before.
FOR_SOME = (
    "pooled_budgets:plan_example",
    "pooled_budgets:month_reopen",
    "pooled_budgets:performance",
    "pooled_budgets:performance_record",
    "pooled_budgets:recurrent_answer",
)
UNDER_FUND = (FundingLine, RiskShareRules, Scheme, Settlement, Virement)
MORE: dict[str, dict[str, Any]] = {
    "agreements:clause": {"letter": "a"},
    "pooled_budgets:number": {"figure": "outturn"},
    "pooled_budgets:closing": {"number": 13, "closing": 1},
    "pooled_budgets:month_close": {"number": 4},
    "pooled_budgets:month_reopen": {"number": 4},
    "pooled_budgets:statement_docx": {"partner": "a"},
    "pooled_budgets:statement_xlsx": {"partner": "a"},
    "bcf_metrics:version": {"number": 1},
    "bcf_metrics:open_data_file": {"kind": "csv"},
    "bcf_metrics:section": {"tab": "narrative"},
    "bcf_metrics:section_owner": {"tab": "narrative"},
    "reports:document": {"file_format": "html"},
    "api:reports-document": {"file_format": "html"},
}
# Addresses that hold no row of a partner, or rows of people and the register, which the matrix and the leaks cover.
NOT_READ = re.compile(
    r"healthz|readyz|core:.*|account_.*|mfa_.*|single_sign_on_.*|api:(schema|docs|me|areas|organisations-list|metrics).*"
    r"|partners:(account|tokens|sessions?|session_left|roles|note|code_.*|area|area_.*|single_sign_on|invit.*|person.*"
    r"|role_.*|deputy_new|why|history|operations|organisation_(new|end)|kind|rename|service_.*|footprint.*)"
    r"|api:(publication-deadline|footprints.*)"
    r"|bcf_metrics:policy_(years?|compare|begin|draft|draft_year|discard|publish|part|row|row_new|row_remove)"
    r"|bcf_metrics:(official_(line|filled|download)|load_preview|waiver_end)"
    # States of returns alone; tests/integration/bcf_metrics/test_completeness.py proves it.
    r"|bcf_metrics:completeness(_csv)?"
    r"|pooled_budgets:(lists|stream_correct|value_correct|allocation_new)"
)

ROLES = [Role.FINANCE, Role.MEMBER, Role.AUDITOR, Role.ADMIN, Role.OPERATOR, Role.GOVERNANCE]
everybody = st.integers(0, PARTNERS)
partner = st.integers(0, PARTNERS - 1)
row = st.tuples(partner, st.booleans())
memberships = st.lists(
    st.tuples(everybody, st.sampled_from(ROLES), st.sampled_from(["now", "now", "over", "not yet"])),
    max_size=3,
    unique_by=lambda held: (held[0], held[1]),
).map(tuple)
plans = st.builds(
    Plan,
    held=memberships,
    sits=st.booleans(),
    in_agreement=st.frozensets(everybody),
    on_board=st.frozensets(everybody),
    funds=st.lists(
        st.builds(
            FundPlan,
            owner=partner,
            released=st.booleans(),
            rows=st.tuples(row, row),
            status=st.sampled_from(random_worlds.STATUSES),
            report=row,
        ),
        min_size=1,
        max_size=1,
    ).map(tuple),
    followed=st.none() | row,
    drafted=st.none() | st.tuples(partner, everybody),
)


def reference_data() -> None:
    """What every world stands on: the policy of the year, its quarters and months."""
    policy.load(at=NOON, system="test")
    for number in (1, 2, 3, 4):
        quarter(2014, number)
    for number in range(1, 14):
        month(2014, number)


class RandomWorlds(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        reference_data()

    @examples(
        max_examples=EXAMPLES,
        deadline=None,
        # A world takes a second: one that fails is told as it was drawn, not made smaller for minutes.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(plan=plans, seed=st.integers(0, 2**32))
    def test_nobody_reads_anothers_draft(self, plan: Plan, seed: int) -> None:
        world = random_worlds.build(plan)
        querysets_agree(world)
        looking_is_never_wider(world)
        drawn = Random(seed)
        reasons_agree(world, drawn)
        read(world, sample(world, drawn))


def querysets_agree(world: RandomWorld) -> None:
    """Each scope answers exactly the rows that the rules give, asked of the database or of what a request loads."""
    for person in (world.person, accounts.signed_in(world.person.pk)):
        assert person is not None
        for model, scope in SCOPES.items():
            rows = world.rows.get(model, [])
            found = set(scope(person).filter(pk__in=[made.pk for made, _ in rows]).values_list("pk", flat=True))
            assert found == {made.pk for made, seen in rows if seen}, f"{model.__name__} {person.loaded_scope}"


def reasons_agree(world: RandomWorld, drawn: Random) -> None:
    """A reason is given exactly where the object is seen; asked of some objects of each world."""
    known = [(kind, made, seen) for kind in kinds.every() for made, seen in world.rows.get(kind.model, [])]
    for kind, made, seen in drawn.sample(known, 3):
        assert bool(why.reasons(world.person, kind, made.pk)) is seen, f"{kind.slug} {made}"


def looking_is_never_wider(world: RandomWorld) -> None:
    """Seen as a role of one partner: what that partner reads, and nothing by seats or other partners."""
    for number in sorted(Oracle(world.plan).administers):
        seen_as = viewing.seen_as_role(world.partners[number], Role.FINANCE, by=world.person)
        lens = dataclasses.replace(world.plan, held=((number, Role.FINANCE, "now"),), sits=False)
        oracle = Oracle(lens)
        for made, plan in zip((made for made, _ in world.rows[Fund]), world.plan.funds, strict=True):
            sees = Fund.objects.visible_to(seen_as).filter(pk=made.pk).exists()
            assert sees is oracle.fund(plan), f"as finance of partner {number}"


def addresses(world: RandomWorld) -> Iterator[tuple[str, bool | None]]:
    """Every address of the world, with whether its row may be known of; None for lists."""
    for name in LISTS:
        yield reverse(name), None
    yield reverse("api:publication-deadline") + "?meeting=2014-07-28", None
    yield reverse("partners:directory") + "?name=Partner", None
    for model, names in OF.items():
        rows = [(made, None) for made in world.partners] if model is Organisation else world.rows.get(model, [])
        for made, seen in rows:
            for name in names:
                if name == "bcf_metrics:version" and made.status == "in_progress":
                    continue
                known = None if name in FOR_SOME and seen else seen
                # A row that is read does not open the page of a fund that is not.
                under_fund = model in UNDER_FUND and not name.startswith("api:")
                if under_fund and seen and not all(read for _, read in world.rows[Fund]):
                    known = None
                yield reverse(_full(name), kwargs=_of(world, name, made) | MORE.get(_full(name), {})), known
    for kind in kinds.every():
        for made, seen in world.rows.get(kind.model, []):
            yield reverse("partners:history", args=[kind.slug, made.pk]), seen
            yield reverse("partners:why", args=[kind.slug, made.pk]), seen


def _of(world: RandomWorld, name: str, made: Any) -> dict[str, Any]:
    """The ids that stand in the address of a row."""
    fund = world.rows[Fund][0][0].pk
    under: dict[type[Any], dict[str, Any]] = {
        FundingLine: {"pk": getattr(made, "fund_id", None), "line_pk": made.pk},
        Scheme: {"pk": getattr(made, "fund_id", None), "scheme_pk": made.pk},
        Settlement: {"pk": getattr(made, "fund_id", None), "number": getattr(made, "number", None)},
        Virement: {"pk": getattr(made, "fund_id", None), "virement_pk": made.pk},
        RiskShareRules: {"pk": fund, "rules_pk": made.pk},
        AgreementAttachment: {"pk": world.agreement.pk, "attachment_pk": made.pk},
        AgreementDraft: {"pk": world.agreement.pk, "draft_pk": made.pk},
        AgreementVersion: {"pk": world.agreement.pk, "number": getattr(made, "number", None)},
    }
    if name == "pooled_budgets:plan_import":
        return {"pk": made.target_id, "import_pk": made.pk}
    if name in ("programme:risk_new", "programme:step_new"):
        return {"board": made.pk}
    return {"pk": made.pk} if name.startswith("api:") else under.get(type(made), {"pk": made.pk})


def _full(name: str) -> str:
    return f"api:{name}" if name == "reports-document" else name


def sample(world: RandomWorld, drawn: Random) -> list[tuple[str, bool | None]]:
    """Some addresses of what is hidden, some of what is seen, and some lists: all of them take ten seconds a world."""
    by_kind: dict[bool | None, list[tuple[str, bool | None]]] = {False: [], True: [], None: []}
    for address, seen in addresses(world):
        by_kind[seen].append((address, seen))
    wanted = {False: 10, True: 4, None: 4}
    return [one for seen, found in by_kind.items() for one in drawn.sample(found, min(wanted[seen], len(found)))]


def read(world: RandomWorld, some: Iterable[tuple[str, bool | None]]) -> None:
    """No page, file, list, home, dashboard or timeline holds a hidden word, amount or sum; what is hidden is a 404."""
    client = Client()
    client.force_login(world.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    numbers = [form for amount in world.hidden_amounts for form in printed(amount)]
    numbers += [form for total, seen in world.sums if not seen for form in printed(str(total))]
    pattern = re.compile(rf"(?<![0-9a-f-])(?:{'|'.join(map(re.escape, numbers))})(?![0-9a-f-])") if numbers else None
    hidden_words = world.hidden_words
    for path, seen in some:
        response = client.get(path)
        allowed = {404} if seen is False else {200, 403} if seen else {200, 302, 403, 404}
        assert response.status_code in allowed, f"{path}: {response.status_code}, {'seen' if seen else 'hidden'}"
        text = text_of(response)
        told = [word for word in hidden_words if word in text]
        assert told == [], f"{path} told {told}"
        assert pattern is None or not (found := pattern.findall(text)), f"{path} told {found}"


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return html.unescape(content.decode("utf-8", "replace"))


def test_every_address_that_can_be_read_is_read():
    """A new page, file or list is read in the random worlds too, or says in NOT_READ that it holds nobody's rows."""
    names = {row.name for row in TABLE if "GET" in row.acts and not NOT_READ.fullmatch(row.name)}

    assert names - set(LISTS) - {_full(name) for found in OF.values() for name in found} == set()


# The proof of the proof: with each scope taken away, pages tell what they must not.

# The person reads for partner 0, which shares one agreement and board with partner 1; nothing of 1 or 2 is released but
# one fund, which partner 1 keeps. Partner 2 is a stranger to it all.
FUND = FundPlan(owner=1, released=True, rows=((1, True), (1, False)), status="in_progress", report=(1, False))
FINANCE, AUDITOR = (0, Role.FINANCE, "now"), (0, Role.AUDITOR, "now")
BESIDE = Plan(
    held=(FINANCE, AUDITOR),
    sits=False,
    in_agreement=frozenset({0, 1}),
    on_board=frozenset({0, 1}),
    funds=(FUND, dataclasses.replace(FUND, released=False)),
    drafted=(1, 2),
)
OUTSIDE = dataclasses.replace(BESIDE, in_agreement=frozenset({1, 2}), on_board=frozenset({1, 2}))
# Somebody who sits on the board alone, while a return is with its signatories.
SIGNING = dataclasses.replace(BESIDE, held=(), sits=True, funds=(dataclasses.replace(FUND, status="with_signatories"),))


def everything(self: Any, *args: Any, **kwargs: Any) -> Any:
    return self.all()


def of_model(model: type[Any], method: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The method of the model's queryset answers every row."""
    return lambda patch: patch.setattr(type(model._default_manager.all()), method, everything)


def of_kind(slug: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Reasons and timelines let everybody know of every object of a kind."""
    kind = kinds.named(slug)
    way = next(iter(kind.rules))
    broken = dataclasses.replace(kind, ways=lambda user: {way: Q(pk__isnull=False)})
    return lambda patch: patch.setitem(kinds._kinds, slug, broken)


def of_parts(slug: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The timelines of a kind show every version."""
    parts = [dataclasses.replace(part, scope=kinds.everything) for part in kinds.named(slug).parts]
    return lambda patch: patch.setitem(kinds._kinds, slug, dataclasses.replace(kinds.named(slug), parts=parts))


def of_module(module: Any, name: str, broken: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(module, name, broken)


def reading_for_all(pk: str) -> User:
    """The account as if it held a role in every organisation."""
    person = User.objects.get(pk=pk)
    person.loaded_scope = Scope(partners=[str(key) for key in Organisation.objects.values_list("pk", flat=True)])
    return person


# What is taken away, the world in which that is noticed, and the address that tells: of a row, or a list.
BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Plan, str]] = {
    **{
        f"{model.__name__}.{method}": (of_model(model, method), plan, address)
        for model, method, plan, address in (
            (Agreement, "visible_to", OUTSIDE, "api:agreements-detail"),
            (AgreementAttachment, "visible_to", BESIDE, "agreements:attachment"),
            (AgreementDraft, "visible_to", BESIDE, "agreements:draft"),
            (AgreementVersion, "visible_to", OUTSIDE, "agreements:version"),
            (AlignedBudget, "visible_to", BESIDE, "agreements:aligned_budgets"),
            (Board, "visible_to", OUTSIDE, "governance:board"),
            (Decision, "visible_to", BESIDE, "governance:decisions"),
            (Delegation, "visible_to", BESIDE, "governance:delegations"),
            (Forecast, "visible_to", BESIDE, "api:forecasts-list"),
            (Fund, "visible_to", OUTSIDE, "pooled_budgets:fund"),
            (FundingLine, "visible_to", BESIDE, "api:contributions-list"),
            (JointContract, "visible_to", BESIDE, "agreements:joint_contracts"),
            (Meeting, "visible_to", OUTSIDE, "api:meetings-detail"),
            (MetricFigure, "visible_to", BESIDE, "api:metric-values-list"),
            (MetricPlan, "visible_to", BESIDE, "bcf_metrics:figures"),
            (MetricPlan, "visible_to", OUTSIDE, "bcf_metrics:metric"),
            (NextStep, "visible_to", BESIDE, "programme:programme"),
            (QuarterlyReturn, "visible_to", SIGNING, "bcf_metrics:return_detail"),
            (Report, "visible_to", BESIDE, "reports:report"),
            (ReportBrief, "visible_to", BESIDE, "reports:words"),
            (Risk, "visible_to", BESIDE, "programme:programme"),
            (RiskShareRules, "visible_to", BESIDE, "pooled_budgets:risk_share_version"),
            (RiskShareScenario, "visible_to", BESIDE, "pooled_budgets:risk_share"),
            (Scheme, "visible_to", BESIDE, "pooled_budgets:fund"),
            (Settlement, "visible_to", BESIDE, "api:settlements-list"),
            (Virement, "visible_to", BESIDE, "pooled_budgets:virements"),
            (Agreement, "of_parties", SIGNING, "bcf_metrics:return_detail"),
            (Fund, "shared_now", OUTSIDE, "api:schemes-list"),
            (Organisation, "acted_for_by", OUTSIDE, "api:imports-list"),
            (Seat, "held_by", OUTSIDE, "governance:board"),
        )
    },
    "memberships.signed_in": (of_module(accounts, "signed_in", reading_for_all), OUTSIDE, "pooled_budgets:funds"),
    **{
        f"timeline of {slug}": (of_kind(slug), SIGNING if slug == "return" else OUTSIDE, f"/history/{slug}/")
        for slug in KINDS_WITH_DRAFTS
    },
    "versions of fund": (of_parts("fund"), BESIDE, "/history/fund/"),
    "audit.visible_to": (
        of_module(audit, "visible_to", lambda user: AuditEvent.objects.order_by("-at", "pk")),
        BESIDE,
        "api:audit-list",
    ),
    "history._own_lines": (
        of_module(history, "_own_lines", lambda user, kind, partners: AuditEvent.objects.all()),
        BESIDE,
        "/history/fund/",
    ),
    "imports.plans": (
        of_module(imports, "plans", lambda user: StagedImport.objects.order_by("-uploaded_at", "pk")),
        BESIDE,
        "api:imports-list",
    ),
    "successions.visible_to": (
        of_module(successions, "visible_to", lambda user: Succession.objects.all()),
        BESIDE,
        "partners:succession",
    ),
}


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[Plan, RandomWorld]]:
    """The worlds of BROKEN, built once and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        reference_data()
        logging.disable(logging.ERROR)
        yield {plan: random_worlds.build(plan) for plan in (BESIDE, OUTSIDE, SIGNING)}
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


def told(world: RandomWorld, where: str) -> str:
    """What the first of the addresses tells that must not; "" where none does."""
    # A fresh person: what was loaded for them before a scope was taken away is forgotten, and every query kept.
    world.person = User.objects.get(pk=world.person.pk)
    prepared.forget()
    some = [(address, seen) for address, seen in addresses(world) if is_at(where, address)]
    assert some != []
    try:
        read(world, some)
    except AssertionError as leak:
        return str(leak).partition("\n")[0]
    finally:
        prepared.forget()
    return ""


def is_at(where: str, address: str) -> bool:
    path = address.partition("?")[0]
    return path.startswith(where) if where.startswith("/") else resolve(path).view_name == where


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_a_scope_that_is_taken_away_is_noticed(worlds: dict[Plan, RandomWorld], name: str) -> None:
    take_away, plan, where = BROKEN[name]
    assert told(worlds[plan], where) == ""
    with pytest.MonkeyPatch.context() as patch:
        take_away(patch)
        leak = told(worlds[plan], where)

    assert leak != "", f"{name} can be taken away and {where} does not tell"


def test_every_scope_is_taken_away_once():
    models = {model.__name__ for model in SCOPES if hasattr(model._default_manager.all(), "visible_to")}

    # No page reads answers through it: they are reached through the return, and compared by the querysets above.
    assert models - {name.partition(".")[0] for name in BROKEN} == {"ReturnAnswer"}
