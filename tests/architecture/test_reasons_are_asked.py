"""Where something locked, signed, registered or granted is changed, the reason is asked for and kept.

Each such service stands in the table below. Without a reason, or with spaces for one, it refuses in words and writes
nothing; with one, its audit line carries it.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from bcf_metrics.services import amendments, policy_drafts, policy_moves, returns, waivers
from governance.domain.authority import Named
from governance.services import decisions, delegations
from integration_hub.core.models import AuditEvent, Period
from integration_hub.core.reasons import ReasonMissing
from partners.domain.roles import Role
from partners.services import keeping, leaving, memberships, organisations, register, single_sign_on
from pooled_budgets.services import (
    agreement_drafts,
    agreement_signatures,
    balances,
    commitments,
    contributions,
    month_close,
    periods,
    postings,
    value_lists,
    virements,
)
from tests.architecture.matrix.stage import Stage, set_up
from tests.factories.everything import Everything
from tests.factories.money import month
from tests.factories.partners import NOON, UserFactory, give_role

ROOT = Path(__file__).parents[2]
APPS = ("partners", "governance", "pooled_budgets", "bcf_metrics", "programme", "reports")
GIVEN = "The section 151 officer asked for it"

pytestmark = pytest.mark.django_db

Act = Callable[[Everything, str], Any]


def now() -> dict[str, Any]:
    return {"at": timezone.now()}


def quarter_of(made: Everything) -> dict[str, Any]:
    return {"fund": made.world.fund, "period": Period.objects.get(pk=made.pk("quarter_4"))}


def lock(made: Everything, reason: str) -> Any:
    by = made.world.person("approver", "ccg")
    return periods.lock(**quarter_of(made), reason=reason, who_can_lift="Either signatory", by=by, **now())


def lift(made: Everything, reason: str) -> Any:
    by = made.world.person("approver", "ccg")
    return periods.lift(**quarter_of(made), reason=reason, by=by, **now())


def send_back(made: Everything, reason: str) -> Any:
    by = made.world.person("approver", "ccg")
    return returns.send_back(return_id=made["sent_return"].pk, reason=reason, by=by, **now())


def amend(made: Everything, reason: str) -> Any:
    by = made.world.person("finance")
    return amendments.begin(return_id=made["sent_return"].pk, reason=reason, by=by, **now())


def waive(made: Everything, reason: str) -> Any:
    last, by = timezone.localdate() + timedelta(days=30), made.world.person("approver", "ccg")
    return waivers.give(plan_id=made["plan"].pk, check="M1", until=last, reason=reason, by=by, **now())


def end_waiver(made: Everything, reason: str) -> Any:
    return waivers.end(waiver_id=made["waiver"].pk, reason=reason, by=made.world.person("approver", "ccg"), **now())


def publish_policy(made: Everything, reason: str) -> Any:
    draft, by = made["policy_draft"], made.world.person("operator")
    return policy_drafts.publish(code="2025-26", reason=reason, seen=draft.changes, by=by, **now())


def move_return(made: Everything, reason: str) -> Any:
    by = made.world.person("finance")
    return policy_moves.move(return_id=made["open_return"].pk, reason=reason, by=by, **now())


def end_role(made: Everything, reason: str) -> Any:
    by, today = made.world.person("admin"), timezone.localdate()
    return memberships.end(membership_id=made.pk("metrics_role"), ends_on=today, reason=reason, by=by, **now())


def leave(made: Everything, reason: str) -> Any:
    person, council = made["metrics_person"], made.world.council
    return leaving.leave(person=person, organisation=council, reason=reason, by=made.world.person("admin"), **now())


def of_council(made: Everything) -> dict[str, Any]:
    return {"organisation_id": made.world.council.pk, "by": made.world.person("admin"), **now()}


def note(made: Everything, reason: str) -> Any:
    return register.correct_note(note="New note", seen=made["council"].note, reason=reason, **of_council(made))


def add_code(made: Everything, reason: str) -> Any:
    values = {"scheme": "ons", "code": "E09000029", "valid_from": date(2020, 4, 1), "source": "A list"}
    return register.add_code(**values, checked=True, reason=reason, **of_council(made))


def end_code(made: Everything, reason: str) -> Any:
    return register.end_code(code_id=made.pk("code"), ends_on=date(2020, 3, 31), reason=reason, **of_council(made))


def check_code(made: Everything, reason: str) -> Any:
    return register.check_code(code_id=made.pk("code"), source="Another list", reason=reason, **of_council(made))


def add_area_code(made: Everything, reason: str) -> Any:
    operator = made.world.person("operator")
    values = {"code": "E09000030", "valid_from": date(2020, 4, 1), "source": "A list", "checked": True}
    return register.add_area_code(area_id=made.world.area.pk, **values, reason=reason, by=operator, **now())


def rename(made: Everything, reason: str) -> Any:
    given = {"name": "Southwark Borough Council", "from_": date(2015, 4, 1), "by": made.world.person("admin")}
    return organisations.rename(organisation=made.world.council, reason=reason, **given, **now())


def provider(made: Everything, reason: str) -> Any:
    given = {"name": "Account", "issuer": "elsewhere", "client_id": "hub", "secret": "secret", "system": "test"}
    return single_sign_on.set_up(organisation=made.world.council, reason=reason, **given, **now())


def register_organisation(made: Everything, reason: str) -> Any:
    given = {"name": "New Borough", "kind": "district", "valid_from": None, "codes": {}, "note": ""}
    by = made.world.person("operator")
    return keeping.register(**given, source="A list", checked=True, reason=reason, by=by, **now())


def correct_kind(made: Everything, reason: str) -> Any:
    council, by = made.world.council, made.world.person("operator")
    return keeping.correct_kind(
        organisation_id=council.pk, kind="unitary", seen=council.kind, reason=reason, by=by, **now()
    )


def rescind(made: Everything, reason: str) -> Any:
    by, day = made.world.person("governance"), NOON.date()
    return decisions.rescind(decision_id=made.pk("decision"), ended_on=day, reason=reason, by=by, **now())


def revoke(made: Everything, reason: str) -> Any:
    by, day = made.world.person("governance"), NOON.date()
    return delegations.revoke(delegation_id=made.pk("delegation"), ended_on=day, reason=reason, by=by, **now())


def reverse_posting(made: Everything, reason: str) -> Any:
    by = made.world.person("finance")
    return postings.reverse(transaction_id=made.pk("posting"), reason=reason, by=by, **now())


def _month(made: Everything, number: int = 4) -> dict[str, Any]:
    return {"fund": made.world.fund, "month": month(2014, number)}


def close_month(made: Everything, reason: str) -> Any:
    return month_close.close(**_month(made), reason=reason, by=made.world.person("finance"), **now())


def close_month_softly(made: Everything, reason: str) -> Any:
    by = made.world.person("finance")
    given = {"may_edit": by.pk, "until": timezone.localdate() + timedelta(days=30)}
    return month_close.close_softly(**_month(made), **given, reason=reason, by=by, **now())


def reopen_month(made: Everything, reason: str) -> Any:
    return month_close.reopen(**_month(made), reason=reason, by=made.world.person("approver"), **now())


def settle_difference(made: Everything, reason: str) -> Any:
    by, quarter = made.world.person("finance"), made["quarter_4"]
    given = {"fund": made.world.fund, "line_id": made["line"].pk, "seen": Decimal("1.00")}
    return balances.settle(**given, quarter=quarter, reason=reason, by=by, **now())


def close_commitment(made: Everything, reason: str) -> Any:
    by = made.world.person("finance")
    return commitments.close(commitment_id=made.pk("commitment"), reason=reason, by=by, **now())


def move_money(made: Everything, reason: str) -> Any:
    lines = {"from_line": made["virement"].from_line_id, "to_line": made["virement"].to_line_id}
    values = {"fund_id": made.pk("fund"), "amount": Decimal(1), "effective_on": date(2014, 9, 1)}
    return virements.prepare(**lines, **values, reason=reason, by=made.world.person("finance"), **now())


def reject(made: Everything, reason: str) -> Any:
    by = made.world.person("approver", "ccg")
    return virements.reject(virement_id=made.pk("virement"), reason=reason, by=by, **now())


def correct_stream(made: Everything, reason: str) -> Any:
    given = {"name": "Another", "ring_fence": "dfg", "source": "A list", "checked": True, "seen": made["stream"].name}
    by = made.world.person("operator")
    return value_lists.correct_stream(stream_id=made["stream"].pk, **given, reason=reason, by=by, **now())


def correct_value(made: Everything, reason: str) -> Any:
    given = {"name": "Another", "source": "A list", "checked": True, "seen": made["list_value"].name}
    by = made.world.person("operator")
    return value_lists.correct_value(value_id=made["list_value"].pk, **given, reason=reason, by=by, **now())


def change_contribution(made: Everything, reason: str) -> Any:
    line = made["contribution"]
    return contributions.change(
        line_id=line.pk,
        amount=line.amount + 1,
        effective_on=date(2014, 7, 1),
        reason=reason,
        authority_named=Named(decision=made.pk("contribution_decision")),
        seen=contributions.amount_seen(line),
        by=made.world.person("finance"),
        **now(),
    )


def reverse_receipt(made: Everything, reason: str) -> Any:
    by = made.world.person("finance")
    return contributions.reverse(receipt_id=made["receipt"].pk, reason=reason, by=by, **now())


def vary(made: Everything, reason: str) -> Any:
    by = made.world.person("finance")
    return agreement_drafts.vary(agreement_id=made.pk("agreement"), reason=reason, by=by, **now())


def withdraw(made: Everything, reason: str) -> Any:
    by = made.world.person("finance")
    return agreement_drafts.withdraw(draft_id=made.pk("agreement_draft"), reason=reason, by=by, **now())


def back_to_its_preparer(made: Everything, reason: str) -> Any:
    by = made.world.person("approver", "ccg")
    version = {"agreement_id": made.pk("signing"), "number": 1}
    return agreement_signatures.send_back(**version, reason=reason, by=by, **now())


def terminate(made: Everything, reason: str) -> Any:
    by, day = made.world.person("approver", "ccg"), date(2030, 3, 31)
    return agreement_signatures.terminate(
        agreement_id=made.pk("agreement"), last_day=day, reason=reason, by=by, **now()
    )


# Each with the kind of the audit line that carries the reason, and what it needs before it.
TABLE: dict[Act, tuple[str, Act | None]] = {
    lock: ("period.locked", None),
    lift: ("period.lock_lifted", lock),
    reverse_posting: ("posting.reversed", None),
    close_commitment: ("commitment.closed", None),
    settle_difference: ("balances.difference_settled", None),
    close_month: ("month.closed", None),
    close_month_softly: ("month.closed_softly", None),
    reopen_month: ("month.reopened", close_month),
    send_back: ("return.sent_back", lock),
    amend: ("return.amended", lock),
    waive: ("metric_check.waived", None),
    end_waiver: ("metric_check.waiver_ended", None),
    publish_policy: ("policy_year.published", None),
    move_return: ("return.moved_to_version", None),
    end_role: ("membership.ended", None),
    leave: ("person.left", None),
    note: ("organisation.corrected", None),
    add_code: ("organisation.code_added", None),
    end_code: ("organisation.code_ended", None),
    check_code: ("organisation.code_checked", None),
    add_area_code: ("area.code_added", None),
    rename: ("organisation.renamed", None),
    provider: ("single_sign_on.set_up", None),
    register_organisation: ("organisation.registered", None),
    correct_kind: ("organisation.kind_corrected", None),
    correct_stream: ("funding_stream.corrected", None),
    correct_value: ("list_value.corrected", None),
    change_contribution: ("contribution.changed", None),
    reverse_receipt: ("contribution.receipt_reversed", None),
    rescind: ("decision.rescinded", None),
    revoke: ("delegation.revoked", None),
    move_money: ("virement.prepared", None),
    reject: ("virement.rejected", None),
    vary: ("agreement.variation_begun", None),
    withdraw: ("agreement.draft_withdrawn", None),
    back_to_its_preparer: ("agreement.sent_back", None),
    terminate: ("agreement.terminated", None),
}
# Services that take a reason and are not in the table, each with why.
OTHERWISE = {
    "accounts.end_sessions_and_tokens": "Written by the services that end somebody's access; they pass it on.",
    "agreements.from_paper": "Set-up enters what was signed on paper; a first version varies nothing.",
    "recurrent.carry": "It passes the reason on to virements.prepare, and writes the same.",
    "recurrent.leave": "Tried with the rest of it in tests/integration/pooled_budgets/test_recurrent.py.",
    "keeping.end": "As keeping.register, by the same line.",
    "keeping.end_footprint": "As keeping.register, by the same line.",
    "keeping.end_service": "As keeping.register, by the same line.",
    "keeping.move_footprint": "As keeping.register, by the same line.",
    "keeping.register_footprint": "As keeping.register, by the same line.",
    "keeping.serve_area": "As keeping.register, by the same line.",
    "keeping.rename": "As keeping.register, by the same line.",
    "memberships.grant": "Granting opens nothing that was closed; a reason is kept where an invitation gives one.",
    "second_factor.reset": "Refuses with CannotReset: tests/integration/partners/test_second_factor_care.py.",
    "sessions.end_all": "Written by the services that make old sessions wrong; they pass it on.",
    "sessions.end_others": "One's own sessions; the reason is the act itself.",
    "settlement.carry_forward": "Asks once a year is settled: tests/integration/pooled_budgets/test_settlement.py.",
    "settlement.prepare": "Asks only where an approved one is replaced: the same file.",
    "single_sign_on.record_refused": "What the provider's answer lacked, told by the program.",
    "successions.prepare": "The legal reference is asked for and stands as the reason when it is confirmed.",
    "viewing.end": "Why a look ended, told by the program; the person who leaves it owes none.",
}


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), set_up() as made:
        give_role(UserFactory(email="second.admin@council.example"), made.made.world.council, Role.ADMIN)
        for role, partner in (("approver", "ccg"), ("operator", "council")):
            made.made.world.person(role, partner)  # made when first asked for
        yield made


@pytest.mark.parametrize("act", TABLE, ids=lambda act: act.__name__)
def test_without_a_reason_it_is_refused_in_words_and_nothing_changes(stage: Stage, act: Act):
    _, first = TABLE[act]
    with stage.undone():
        if first:
            first(stage.made, GIVEN)
        before, refusals = stage.read(), []
        for reason in ("", "   ", "\n\t"):
            with pytest.raises(ReasonMissing) as refused:
                act(stage.made, reason)
            refusals.append(refused.value)
        after = stage.read()

    assert all(refusal.message.startswith("Say ") for refusal in refusals)
    assert {(refusal.field, refusal.http_status) for refusal in refusals} == {("reason", 400)}
    assert after == before


@pytest.mark.parametrize("act", TABLE, ids=lambda act: act.__name__)
def test_the_reason_stands_in_the_audit_line(stage: Stage, act: Act):
    kind, first = TABLE[act]
    with stage.undone():
        if first:
            first(stage.made, GIVEN)
        known = list(AuditEvent.objects.values_list("pk", flat=True))
        act(stage.made, f"  {GIVEN} ")
        kept = list(AuditEvent.objects.exclude(pk__in=known).filter(kind=kind).values_list("reason", flat=True))

    assert kept == [GIVEN]


def test_a_lock_says_who_can_lift_it(stage: Stage):
    by = stage.made.world.person("approver", "ccg")
    with stage.undone(), pytest.raises(ReasonMissing, match="who can lift"):
        periods.lock(**quarter_of(stage.made), reason=GIVEN, who_can_lift=" ", by=by, at=NOON)


def services_with_a_reason() -> set[str]:
    """`module.function` of every service that takes a reason."""
    found = set()
    for app in APPS:
        for path in (ROOT / app / "services").glob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if not isinstance(node, ast.FunctionDef):
                    continue
                marks = {mark.id for mark in node.decorator_list if isinstance(mark, ast.Name)}
                if "service" in marks and "reason" in {argument.arg for argument in node.args.kwonlyargs}:
                    found.add(f"{path.stem}.{node.name}")
    return found


def tried() -> set[str]:
    """The services that the table calls, read off its functions."""
    calls = {
        f"{node.func.value.id}.{node.func.attr}"
        for act in TABLE
        for node in ast.walk(ast.parse(inspect.getsource(act)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    }
    return calls & services_with_a_reason()


def test_every_service_that_takes_a_reason_is_tried_or_said_otherwise():
    assert services_with_a_reason() - tried() == set(OTHERWISE)
    assert tried() & set(OTHERWISE) == set()
