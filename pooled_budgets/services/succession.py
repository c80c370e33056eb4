"""Successors take over agreements, funds and contributions. Called by partners.services.succession alone.

What was released stays its owner's; what a fund consists of goes with the fund.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef

from integration_hub.core import audit
from integration_hub.core.dates import long_date
from integration_hub.core.models import StagedImport
from integration_hub.core.registry import SuccessionProvider, Taking
from partners.domain.succession import STAYS
from partners.models import Organisation, User
from pooled_budgets.domain.contributions import remaining, taken_over
from pooled_budgets.domain.instalments import Instalment as Part
from pooled_budgets.domain.plan_sheet import KEEPER_CHANGED, Problem
from pooled_budgets.models import (
    Agreement,
    AgreementParty,
    Forecast,
    FormerParty,
    Fund,
    FundingLine,
    Instalment,
    Scheme,
    SchemeLine,
)
from pooled_budgets.selectors import imports
from pooled_budgets.selectors.succession import AGREEMENT, CONTRIBUTION, DRAFTS, FUND, HOST, holdings


def move(takings: Sequence[Taking], *, on: date, by: User, at: datetime) -> None:
    """Move parties, hosts, funds with their schemes, contributions from the day, and drafts."""
    by_kind: dict[str, dict[str, Taking]] = defaultdict(dict)
    for taking in takings:
        by_kind[taking.holding.kind][_key(taking)] = taking
    _agreements(by_kind[AGREEMENT], at)
    hosted = {taking.holding.key: taking.keeper for taking in by_kind[HOST].values()}
    for keeper, keys in _by_keeper(hosted).items():
        Agreement.objects.filter(pk__in=keys).update(host=keeper)
    take_funds({taking.holding.key: taking.keeper for taking in by_kind[FUND].values()}, on=on, by=by, at=at)
    _contributions(by_kind[CONTRIBUTION], on, at)
    for taking in by_kind[DRAFTS].values():
        _drafts(taking)


def take_funds(keepers: Mapping[str, str], *, on: date, by: User, at: datetime) -> None:
    """Give funds, each with its schemes and their budget lines, to those who keep them from now on.

    A plan that was uploaded and waits is put away: nobody could confirm it any more.
    """
    _put_away(keepers, on=on, by=by, at=at)
    for keeper, keys in _by_keeper(keepers).items():
        funds = Fund.objects.filter(pk__in=keys)
        previous = dict(funds.values_list("pk", "owner"))
        for owner in set(previous.values()):
            own = [pk for pk, former in previous.items() if former == owner]
            Scheme.objects.filter(fund__in=own, owner=owner).update(owner=keeper)
            SchemeLine.objects.filter(scheme__fund__in=own, owner=owner).update(owner=keeper)
            FundingLine.objects.filter(fund__in=own, owner=owner, released_at__isnull=True).update(owner=keeper)
        funds.update(owner=keeper)


def _put_away(keepers: Mapping[str, str], *, on: date, by: User, at: datetime) -> None:
    waiting = StagedImport.objects.select_for_update().filter(
        kind=imports.PLAN, target_id__in=keepers, status__in=[StagedImport.STAGED, StagedImport.REFUSED]
    )
    rows = list(waiting.defer("content").order_by("pk"))
    funds = {str(fund.pk): fund for fund in Fund.objects.filter(pk__in=keepers).select_related("owner")} if rows else {}
    names = {str(found.pk): found.name for found in Organisation.objects.filter(pk__in=set(keepers.values()))}
    for staged in rows:
        fund, keeper = funds[staged.target_id], names[keepers[staged.target_id]]
        words = (
            f"{keeper} has kept {fund} since {long_date(on)} in the place of {fund.owner}. If the plan still holds, "
            f"{keeper} uploads it."
        )
        staged.status = StagedImport.DISCARDED
        staged.problems = [*staged.problems, asdict(Problem(KEEPER_CHANGED, words))]
        audit.record(
            "plan.discarded", target=staged, by=by, at=at, partner=fund.owner, after={"fund": str(fund)}, reason=words
        )
    StagedImport.objects.bulk_update(rows, ["status", "problems"])


def _key(taking: Taking) -> str:
    holding = taking.holding
    return f"{holding.key} {holding.organisation}"


def _by_keeper(keepers: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, keeper in sorted(keepers.items()):
        found[keeper].append(key)
    return found


def _agreements(takings: Mapping[str, Taking], at: datetime) -> None:
    """Every successor becomes a party; the predecessor stays known as a former one, with who followed it."""
    by_link = {taking.holding.key: taking for taking in takings.values()}
    links = list(AgreementParty.objects.filter(pk__in=by_link).select_related("organisation").order_by("pk"))
    parties = AgreementParty.objects.filter(agreement__in=[link.agreement_id for link in links])
    known = {(agreement, str(party)) for agreement, party in parties.values_list("agreement", "organisation")}
    new, former = [], []
    for link in links:
        for successor in by_link[str(link.pk)].successors:
            former.append(
                FormerParty(
                    agreement_id=link.agreement_id,
                    organisation=link.organisation,
                    organisation_name=link.organisation.name,
                    followed_by_id=successor,
                    ended_at=at,
                )
            )
            if (link.agreement_id, successor) not in known:
                new.append(AgreementParty(agreement_id=link.agreement_id, organisation_id=successor))
                known.add((link.agreement_id, successor))
    AgreementParty.objects.filter(pk__in=by_link).delete()
    AgreementParty.objects.bulk_create(new)
    FormerParty.objects.bulk_create(former)


def _contributions(takings: Mapping[str, Taking], on: date, at: datetime) -> None:
    """Split each line: the predecessor's part of a running year stays in it, each successor's is a line of its own.

    A line of a year that has not begun becomes that of the first successor, so that what it pays for goes on with it.
    """
    by_line = {taking.holding.key: taking for taking in takings.values()}
    lines = list(
        FundingLine.objects.filter(pk__in=by_line).select_related("fund", "payer").order_by("fund", "position")
    )
    places = _last_places({line.fund_id for line in lines})
    new: list[FundingLine] = []
    new_of: dict[UUID, list[FundingLine]] = defaultdict(list)
    for line in lines:
        taking = by_line[str(line.pk)]
        successors = list(taking.successors)
        note = f"From {long_date(on)}, after {line.payer}"
        if not taking.holding.elapsed:
            first = successors.pop(0)
            line.payer_id, line.note = first, f"{line.note} {note}".strip()[:300]
            line.amount = taking.amounts.get(first, line.amount)
        else:
            line.amount = taking.amounts.get(STAYS, line.amount)
        for successor in successors:
            places[line.fund_id] += 1
            new_of[line.pk].append(
                FundingLine(
                    fund=line.fund,
                    owner_id=line.fund.owner_id,
                    released_at=at if line.released_at else None,
                    position=places[line.fund_id],
                    source=line.source,
                    stream_id=line.stream_id,
                    form=line.form,
                    payer_id=successor,
                    amount=taking.amounts.get(successor),
                    state=line.state,
                    note=note[:300],
                    illustrative=line.illustrative,
                    at=max(on, line.at),
                )
            )
        new += new_of[line.pk]
    FundingLine.objects.bulk_update(lines, ["payer", "amount", "note"])
    FundingLine.objects.bulk_create(new)
    _instalments(lines, new_of, by_line, on)


def _instalments(
    lines: Sequence[FundingLine],
    new_of: Mapping[UUID, Sequence[FundingLine]],
    takings: Mapping[str, Taking],
    on: date,
) -> None:
    """Divide the instalments as the amounts were divided, so that each contribution's add up to it. Three queries."""
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for row in Instalment.objects.filter(line__in=lines).order_by("line", "number"):
        parts[row.line_id].append(Part(row.number, row.due_on, row.amount))
    rows = []
    for line in lines:
        known = parts[line.pk]
        if not known or line.amount is None:
            parts.pop(line.pk)
            continue
        is_running = bool(takings[str(line.pk)].holding.elapsed)
        # A year that has not begun has no instalment before the day of its first.
        day = on if is_running else min(part.due_on for part in known)
        given = [
            (line, remaining(known, line.amount, on=day) if is_running else taken_over(known, line.amount, on=day))
        ]
        given += [(each, taken_over(known, each.amount, on=day)) for each in new_of[line.pk] if each.amount is not None]
        rows += [
            Instalment(line=of, number=part.number, due_on=part.due_on, amount=part.amount)
            for of, divided in given
            for part in divided
        ]
    Instalment.objects.filter(line__in=parts).delete()
    Instalment.objects.bulk_create(rows)


def _last_places(funds: Collection[UUID]) -> dict[UUID, int]:
    rows = FundingLine.objects.filter(fund__in=funds).order_by().values("fund").annotate(last=Max("position"))
    return {row["fund"]: row["last"] for row in rows}


def _drafts(taking: Taking) -> None:
    """Drafts go with their fund, unless the successor entered the same figure already."""
    same = Forecast.objects.filter(scheme=OuterRef("scheme"), period=OuterRef("period"), owner=UUID(taking.keeper))
    Forecast.objects.filter(
        ~Exists(same),
        owner=UUID(taking.holding.organisation),
        scheme__fund=UUID(taking.holding.key),
        released_at__isnull=True,
    ).update(owner=taking.keeper)


PROVIDER = SuccessionProvider(holdings=holdings, move=move)
