"""What a random world holds of agreements, authority and risk share, and who may read each, from the rules alone."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from governance.domain.authority import Matter
from governance.models import Decision, Delegation
from partners.models import User
from pooled_budgets.models import (
    AgreementAttachment,
    AgreementDraft,
    AgreementVersion,
    AlignedBudget,
    Fund,
    JointContract,
    RiskShareRules,
    RiskShareScenario,
    SchemeLine,
    Virement,
)
from tests.factories import settlement
from tests.factories.money import quarter, terms_of
from tests.factories.partners import NOON

if TYPE_CHECKING:
    from tests.factories.random_worlds import FundPlan, Oracle, RandomWorld


def of_agreement(world: "RandomWorld", oracle: "Oracle", mark: str, by: User) -> None:
    """Terms that went to the signatories of the parties, whom no board joins before they all signed."""
    word = f"VERSION-{mark}-X"
    version = AgreementVersion.objects.create(
        agreement=world.agreement,
        number=1,
        content=terms_of(world.agreement, services=word),
        sha256="0" * 64,
        effective_from=date(2014, 4, 1),
        **_prepared(by),
    )
    world.keep(version, oracle.party, word)


def of_row(
    world: "RandomWorld", oracle: "Oracle", mark: str, row: tuple[int, bool], by: User, amounts: tuple[Decimal, Decimal]
) -> None:
    """What one partner enters beside its board and its agreement: its own, then of those who share that."""
    owner, released = row
    own = owner in oracle.reads
    of_board, of_agreement = oracle.of_board(row), own or (released and oracle.shares)
    shared = {"owner": world.partners[owner], "released_at": NOON if released else None}
    words = {kind: f"{kind.upper()}-{mark}-X" for kind in ("decision", "delegation", "aligned", "contract", "terms")}
    decision = Decision.objects.create(
        board=world.board,
        reference=words["decision"],
        made_on=date(2014, 4, 1),
        title=words["decision"],
        text=words["decision"],
        matters=[Matter.VIREMENT],
        recorded_by_name=str(by),
        **shared,
    )
    delegation = Delegation.objects.create(
        board=world.board,
        reference=words["delegation"],
        scheme_text=words["delegation"],
        to_organisation=world.partners[owner],
        to_role="approver",
        matters=[Matter.VIREMENT],
        starts_on=date(2014, 4, 1),
        recorded_by_name=str(by),
        **shared,
    )
    beside = {"agreement": world.agreement, **shared}
    aligned = AlignedBudget.objects.create(service=words["aligned"], financial_year=2014, amount=amounts[0], **beside)
    contract = JointContract.objects.create(
        service=words["contract"], provider=words["contract"], amount=amounts[1], **beside
    )
    draft = AgreementDraft.objects.create(
        content=terms_of(world.agreement, services=words["terms"]), **_prepared(by), **beside
    )
    attachment = AgreementAttachment.objects.create(
        draft=draft,
        filename=f"{words['terms']}.pdf",
        content_type="application/pdf",
        content=words["terms"].encode(),
        size=20,
        sha256="0" * 64,
        added_by_name=str(by),
        added_at=NOON,
    )
    world.keep(decision, of_board, words["decision"])
    world.keep(delegation, of_board, words["delegation"])
    world.keep(aligned, of_agreement, words["aligned"], amounts=(amounts[0],))
    world.keep(contract, of_agreement, words["contract"], amounts=(amounts[1],))
    # The parties read a copy that was shown to them; the board does not.
    sees_draft = own or (released and oracle.party)
    world.keep(draft, sees_draft, words["terms"])
    world.keep(attachment, sees_draft)


def of_fund(
    world: "RandomWorld",
    oracle: "Oracle",
    fund: Fund,
    plan: "FundPlan",
    mark: str,
    by: User,
    amounts: tuple[Decimal, Decimal, Decimal],
) -> None:
    """A virement between the fund's lines, the rules of its risk share, and a what-if with a name."""
    (owner, released), (moved, imagined, spent) = plan.rows[1], amounts
    shared = {"owner": world.partners[owner], "released_at": NOON if released else None}
    sees = oracle.row(plan, plan.rows[1])
    words = {kind: f"{kind.upper()}-{mark}-X" for kind in ("virement", "rules", "settled", "whatif")}
    # Between two lines of one scheme, for a virement names both.
    line = SchemeLine.objects.filter(scheme__fund=fund).order_by("scheme__position")[1]
    other = SchemeLine.objects.create(scheme=line.scheme, position=2, budget=Decimal(0), at=date(2014, 4, 1), **shared)
    virement = Virement.objects.create(
        fund=fund,
        number=1,
        from_line=line,
        to_line=other,
        amount=moved,
        reason=words["virement"],
        effective_on=date(2014, 8, 1),
        prepared_by=by,
        prepared_at=NOON,
        **shared,
    )
    scenario = RiskShareScenario.objects.create(
        fund=fund,
        name=words["whatif"],
        period=quarter(2014, 1),
        outturns={"1": str(imagined)},
        saved_by=by,
        saved_by_name=str(by),
        at=NOON,
        **shared,
    )
    settled = settlement.content("a", "b", mark=words["settled"], amount=spent)
    made = settlement.frozen(fund, world.partners[owner], settled, by=by)
    # A settlement is shown as soon as it is prepared.
    world.keep(made, oracle.row(plan, (owner, True)), words["settled"], amounts=(spent,))
    world.keep(virement, sees, words["virement"], amounts=(moved,))
    world.keep(scenario, sees, words["whatif"], amounts=(imagined,))
    if not RiskShareRules.objects.filter(agreement=world.agreement, owner=world.partners[owner]).exists():
        tiers = [{"method": "contributions"}]
        rules = RiskShareRules.objects.create(
            agreement=world.agreement,
            groups=[{"name": words["rules"], "schemes": "rest", "overspend": tiers, "underspend": tiers}],
            clause=words["rules"],
            prepared_by=by,
            prepared_by_name=str(by),
            prepared_at=NOON,
            **shared,
        )
        in_time = released and (oracle.shares or oracle.former)
        world.keep(rules, owner in oracle.reads or in_time, words["rules"])


def _prepared(by: User) -> dict[str, Any]:
    return {"prepared_by": by, "prepared_by_name": str(by), "prepared_at": NOON, "preparers": []}
