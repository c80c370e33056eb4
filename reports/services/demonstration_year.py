"""A year of a pooled fund in the demonstration: the agreement signed and varied, what allows money to move, money in,
the ledger, months, virements and the risk share, each step by the person whose step it is. All of it is made up.
"""

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Any

from governance.domain.authority import Matter, Named
from governance.models import Decision, Delegation
from governance.services import decisions, delegations
from integration_hub.core import money
from integration_hub.core.models import Period
from partners.models import User
from pooled_budgets.domain import instalments
from pooled_budgets.domain.ledger_sheet import Controls
from pooled_budgets.domain.month_grid import CellEntry
from pooled_budgets.models import (
    AgreementVersion,
    AlignedBudget,
    Fund,
    FundingLine,
    JointContract,
    ParkedRow,
    RiskShareScenario,
    Scheme,
    SchemeLine,
)
from pooled_budgets.selectors import extracts as extract_rows
from pooled_budgets.selectors import positions
from pooled_budgets.services import (
    agreement_drafts,
    agreement_signatures,
    balances,
    commitments,
    contributions,
    extracts,
    month_close,
    month_forecasts,
    profiles,
    registers,
    risk_share,
    schemes,
    variances,
    virements,
)
from pooled_budgets.services.agreement_drafts import Upload
from reports.domain.plain_pdf import plain_pdf
from reports.services import demonstration_data
from reports.services.demonstration import LONDON, Cast


def load(cast: Cast) -> None:
    """Everything of the year, in the order in which it came about."""
    year = _Year(cast, demonstration_data.year())
    year.sign_agreement()
    year.give_authority()
    year.approve_rules()
    year.pay_in()
    year.write_lines()
    year.post_ledger()
    year.expect()
    year.look_ahead()
    year.close_months()
    year.explain()
    year.agree_balances()
    year.move_money()
    year.keep_registers()
    year.vary_agreement()


class _Year:
    """The steps, each with what the file says of it."""

    def __init__(self, cast: Cast, told: dict[str, Any]) -> None:
        self.cast, self.told = cast, told
        self.fund: Fund = cast.funds[told["fund"]]
        self.agreement = cast.agreements[told["agreement"]]
        self.board = cast.boards[told["board"]]
        self.finance = cast.person("finance", told["council"])
        self.governance = cast.person("governance", told["council"])
        self.approver = cast.person("approver", told["council"])
        self.authorities: dict[str, Decision | Delegation] = {}
        self.lines: dict[str, SchemeLine] = {}

    def sign_agreement(self) -> None:
        """The governance officer writes the terms, clause by clause; an approver of each partner signs."""
        rows = self.told["agreement_signed"]
        draft = agreement_drafts.vary(
            agreement_id=self.agreement.pk, reason=rows["reason"], by=self.governance, at=_moment(rows["begun_at"])
        )
        shared: dict[str, Any] = {"draft_id": draft.pk, "by": self.governance, "at": _moment(rows["begun_at"])}
        changes = {name: _plain(value) for name, value in rows["terms"].items()}
        for letter, clause in rows["clauses"].items():
            changes |= {f"clauses.{letter}.{part}": words for part, words in clause.items()}
        changes["effective_from"] = _plain(rows["effective_from"])
        draft = agreement_drafts.edit(changes=changes, seen=draft.revision, **shared)
        upload = Upload(rows["document"], plain_pdf(rows["document_lines"]))
        draft = agreement_drafts.set_document(upload=upload, seen=draft.revision, **shared)
        version = agreement_drafts.send(
            draft_id=draft.pk, seen=draft.revision, by=self.governance, at=_moment(rows["sent_at"])
        )
        self._sign(version, rows["signed"])
        for done in rows["duties_done"]:
            agreement_signatures.duty_done(
                agreement_id=self.agreement.pk, key=done["key"], by=self.governance, at=_moment(done["at"])
            )

    def vary_agreement(self) -> None:
        """A variation that one partner has signed and the other has before it."""
        rows = self.told["variation"]
        draft = agreement_drafts.vary(
            agreement_id=self.agreement.pk, reason=rows["reason"], by=self.governance, at=_moment(rows["begun_at"])
        )
        changes = {name: _plain(value) for name, value in rows["terms"].items()}
        for letter, clause in rows["clauses"].items():
            changes |= {f"clauses.{letter}.{part}": words for part, words in clause.items()}
        changes["effective_from"] = _plain(rows["effective_from"])
        draft = agreement_drafts.edit(
            draft_id=draft.pk,
            changes=changes,
            seen=draft.revision,
            by=self.governance,
            at=_moment(rows["begun_at"]),
        )
        draft = agreement_drafts.share(draft_id=draft.pk, by=self.governance, at=_moment(rows["shared_at"]))
        version = agreement_drafts.send(
            draft_id=draft.pk, seen=draft.revision, by=self.governance, at=_moment(rows["sent_at"])
        )
        self._sign(version, rows["signed"])

    def give_authority(self) -> None:
        """The governance officer enters what the Board resolved and what the council delegates."""
        rows = self.told["authority"]
        for row in rows["decisions"]:
            self.authorities[row["reference"]] = decisions.record(
                board_id=self.board.pk,
                reference=row["reference"],
                made_on=row["made_on"],
                title=row["title"],
                text=row["text"],
                matters=[Matter(matter) for matter in row["matters"]],
                amount_limit=_amount(row["amount_limit"]),
                source=self.fund.source,
                illustrative=True,
                by=self.governance,
                at=_moment(row["at"]),
            )
        for row in rows["delegations"]:
            made = delegations.grant(
                board_id=self.board.pk,
                reference=row["reference"],
                matters=[Matter(matter) for matter in row["matters"]],
                limit=Decimal(row["limit"]),
                year_total=Decimal(row["year_total"]),
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
                scheme_text=row["scheme_text"],
                to_organisation=self.cast.organisations[self.told["council"]],
                to_role=row["to_role"],
                illustrative=True,
                by=self.governance,
                at=_moment(row["at"]),
            )
            self.authorities[row["reference"]] = made
            if (revoked := row.get("revoked")) is not None:
                delegations.revoke(
                    delegation_id=made.pk,
                    ended_on=revoked["ended_on"],
                    reason=revoked["reason"],
                    by=self.governance,
                    at=_moment(revoked["at"]),
                )

    def approve_rules(self) -> None:
        """Who bears an overspend: prepared by finance, approved by another partner's approver, with the agreement."""
        rows = self.told["risk_share"]
        draft = risk_share.save_draft(
            fund=self.fund,
            period=self._quarter(1),
            groups=rows["groups"],
            clause=rows["clause"],
            note=rows["note"],
            illustrative=True,
            by=self.finance,
            at=_moment(rows["prepared_at"]),
        )
        risk_share.release_draft(rules_id=draft.pk, by=self.finance, at=_moment(rows["prepared_at"]))
        risk_share.approve(
            rules_id=draft.pk,
            effective_from=rows["effective_from"],
            by=self.cast.person("approver", self.told["nhs"]),
            at=_moment(rows["approved_at"]),
        )

    def pay_in(self) -> None:
        """A grant is changed by the Board's decision; instalments with their days, and what came in."""
        row = self.told["contribution_change"]
        line = self._contribution(row["source"])
        contributions.change(
            line_id=line.pk,
            amount=Decimal(row["amount"]),
            effective_on=row["effective_on"],
            reason=row["reason"],
            authority_named=self._named(row),
            seen=contributions.amount_seen(line),
            by=self.finance,
            at=_moment(row["at"]),
        )
        for row in self.told["contributions"]:
            line = self._contribution(row["source"])
            contributions.schedule(
                line_id=line.pk,
                parts=instalments.instalments(line.amount or money.NIL, row["due"]),
                seen=contributions.amount_seen(line),
                by=self.finance,
                at=_moment(self.told["contribution_change"]["at"]),
            )
            for receipt in row["receipts"]:
                contributions.receive(
                    line_id=line.pk,
                    received_on=receipt["received_on"],
                    amount=Decimal(receipt["amount"]),
                    reference=receipt["reference"],
                    by=self.finance,
                    at=datetime.combine(receipt["received_on"], datetime.min.time().replace(hour=15), tzinfo=LONDON),
                )

    def write_lines(self) -> None:
        """Each line of the plan gets its one source and the fields of the year's template; two schemes start."""
        at = _moment(self.told["lines_at"])
        plan = {scheme.number: scheme for scheme in Scheme.objects.filter(fund=self.fund)}
        for row in self.told["lines"]:
            scheme = plan[row["scheme"]]
            known = None if row.get("is_new") else SchemeLine.objects.get(scheme=scheme, position=1)
            line = schemes.save_line(
                scheme_id=scheme.pk,
                line_id=known.pk if known else None,
                funding_id=self._contribution(row["source"]).pk,
                budget=Decimal(row["budget"]),
                fields=row["fields"],
                seen=schemes.seen_of_line(known) if known else {},
                by=self.finance,
                at=at,
            )
            self.lines[row["code"]] = line
            budget = line.budget or money.NIL
            profiles.set_months(
                line_id=line.pk,
                months=instalments.even(budget),
                seen=schemes.budget_seen(budget, line.state),
                by=self.finance,
                at=at,
            )
        for row in self.told["starts"]:
            schemes.start(
                scheme_id=plan[row["scheme"]].pk,
                starts_on=row["starts_on"],
                authority_named=self._named(row),
                by=self.finance,
                at=_moment(row["at"]),
            )

    def post_ledger(self) -> None:
        """Extracts of the ledger: the codes of the first are given their lines but for one; an order is open."""
        for row in self.told["extracts"]:
            at = _moment(row["at"])
            staged = extracts.stage(
                fund=self.fund,
                file=io.BytesIO(_sheet(row["rows"])),
                filename=row["filename"],
                stated=Controls(len(row["rows"]), money.total(Decimal(line["amount"]) for line in row["rows"])),
                by=self.finance,
                at=at,
            )
            if not row["post"]:
                continue
            seen = extract_rows.preview(staged, self.fund, self.finance).seen
            extracts.confirm(import_id=staged.pk, seen=seen, by=self.finance, at=at)
            parked = set(ParkedRow.objects.filter(batch=staged.pk).values_list("code", flat=True))
            for code in sorted(parked & self.lines.keys()):
                extracts.assign(fund=self.fund, code=code, line_id=self.lines[code].pk, by=self.finance, at=at)
        row = self.told["commitment"]
        commitments.record(
            fund=self.fund,
            line_id=self.lines[row["line"]].pk,
            supplier=row["supplier"],
            description=row["description"],
            open_value=Decimal(row["open_value"]),
            due=self._month(row["due_month"]),
            by=self.finance,
            at=_moment(row["at"]),
        )

    def expect(self) -> None:
        """The grid of months: what is expected of each line, released; the last months of one are not known yet."""
        rows = self.told["forecasts"]
        cells = [
            CellEntry(self.lines[row["line"]].pk, number, Decimal(row["even"]), "")
            for row in rows["rows"]
            for number in row["months"]
        ]
        month_forecasts.record(fund_id=self.fund.pk, entries=cells, by=self.finance, at=_moment(rows["at"]))
        month_forecasts.release(fund=self.fund, by=self.finance, at=_moment(rows["released_at"]))

    def look_ahead(self) -> None:
        """What the risk share needs beside the budgets, and what-ifs under their names."""
        rows = self.told["risk_share"]
        risk_share.record_figures(
            fund=self.fund,
            contingency=Decimal(rows["contingency"]),
            contingency_state="stated",
            leads=rows["leads"],
            illustrative=True,
            by=self.finance,
            at=_moment(rows["figures_at"]),
        )
        for row in rows["scenarios"]:
            saved: RiskShareScenario = risk_share.save_scenario(
                fund=self.fund,
                period=self._quarter(1),
                name=row["name"],
                outturns={number: Decimal(amount) for number, amount in row["outturns"].items()},
                by=self.finance,
                at=_moment(row["at"]),
            )
            if "released_at" in row:
                risk_share.release_scenario(scenario_id=saved.pk, by=self.finance, at=_moment(row["released_at"]))

    def close_months(self) -> None:
        """Two months closed and one closed to all but the finance officer."""
        for row in self.told["months"]:
            shared = {"fund": self.fund, "month": self._month(row["number"]), "reason": row["reason"]}
            at = _moment(row["at"])
            if row["kind"] == "soft":
                month_close.close_softly(may_edit=self.finance.pk, until=row["until"], by=self.finance, at=at, **shared)
            else:
                month_close.close(by=self.finance, at=at, **shared)

    def explain(self) -> None:
        """From which variance on an explanation is asked for, and one explanation."""
        rows = self.told["variances"]
        variances.set_threshold(
            fund=self.fund,
            pounds=_amount(rows["pounds"]),
            percent=_amount(rows["percent"]),
            by=self.finance,
            at=_moment(rows["at"]),
        )
        quarter = self._quarter(1)
        found = {line.number: line for line in positions.position(self.fund, quarter, self.finance).lines}
        for row in rows["explained"]:
            line = found[row["scheme"]]
            variances.explain(
                fund=self.fund,
                scheme_id=line.scheme_id,
                period=quarter,
                seen=line.variance or money.NIL,
                text=row["text"],
                by=self.finance,
                at=_moment(row["at"]),
            )

    def agree_balances(self) -> None:
        """Both partners state what their books hold: one difference is settled, one is open."""
        rows = self.told["balances"]
        shared: dict[str, Any] = {"fund": self.fund, "quarter": self._quarter(1)}
        for row in rows["stated"]:
            balances.state(
                amounts={self.lines[code].pk: Decimal(amount) for code, amount in row["amounts"].items()},
                release=True,
                by=self.cast.person("finance", row["partner"]),
                at=_moment(row["at"]),
                **shared,
            )
        for row in rows["differences"]:
            line = self.lines[row["line"]]
            typed = balances.type_difference(
                line_id=line.pk,
                kind=row["kind"],
                owner_id=self.cast.organisations[row["owner"]].pk,
                person=row["person"],
                note=row["note"],
                by=self.finance,
                at=_moment(row["at"]),
                **shared,
            )
            if (settled := row.get("settled")) is not None:
                balances.settle(
                    line_id=line.pk,
                    seen=typed.amount,
                    reason=settled["reason"],
                    by=self.finance,
                    at=_moment(settled["at"]),
                    **shared,
                )

    def move_money(self) -> None:
        """One virement approved under a delegation, one that waits for somebody else's approval."""
        for row in self.told["virements"]:
            made = virements.prepare(
                fund_id=self.fund.pk,
                from_line=self.lines[row["from"]].pk,
                to_line=self.lines[row["to"]].pk,
                amount=Decimal(row["amount"]),
                reason=row["reason"],
                effective_on=row["effective_on"],
                by=self.finance,
                at=_moment(row["at"]),
            )
            if (approved := row.get("approved")) is not None:
                virements.approve(
                    virement_id=made.pk, named=self._named(approved), by=self.approver, at=_moment(approved["at"])
                )

    def keep_registers(self) -> None:
        """Budgets beside the pool and a contract of both partners, some not released yet."""
        rows = self.told["registers"]
        at = _moment(rows["at"])
        schemes_of_fund = {scheme.number: scheme for scheme in Scheme.objects.filter(fund=self.fund)}
        for model, found in ((AlignedBudget, rows["aligned"]), (JointContract, rows["contracts"])):
            for row in found:
                values = row["values"] | {"amount": _amount(row["values"]["amount"]), "note": "Illustrative"}
                if model is AlignedBudget:
                    values["financial_year"] = self.fund.financial_year
                elif "scheme" in row:
                    values["scheme"] = schemes_of_fund[row["scheme"]]
                kept = registers.add(model=model, agreement=self.agreement, values=values, by=self.governance, at=at)
                if row["released"]:
                    registers.release(model=model, row_id=kept.pk, by=self.governance, at=at)

    def _sign(self, version: AgreementVersion, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            signatory: User = self.cast.person("approver", row["as"])
            agreement_signatures.sign(
                agreement_id=self.agreement.pk,
                number=version.number,
                organisation=self.cast.organisations[row["partner"]],
                capacity=row["capacity"],
                by=signatory,
                at=_moment(row["at"]),
            )

    def _contribution(self, source: str) -> FundingLine:
        return FundingLine.objects.get(fund=self.fund, source=source)

    def _named(self, row: dict[str, Any]) -> Named:
        if "decision" in row:
            return Named(decision=str(self.authorities[row["decision"]].pk))
        return Named(delegation=str(self.authorities[row["delegation"]].pk))

    def _quarter(self, number: int) -> Period:
        return Period.objects.get(kind=Period.QUARTER, financial_year=self.fund.financial_year, number=number)

    def _month(self, number: int) -> Period:
        return Period.objects.get(kind=Period.MONTH, financial_year=self.fund.financial_year, number=number)


def _moment(written: datetime) -> datetime:
    """A moment of the files, which are written in London's time."""
    return written.replace(tzinfo=LONDON)


def _amount(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def _plain(value: Any) -> Any:
    """A term as the agreement keeps it: days as text."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _sheet(rows: list[dict[str, Any]]) -> bytes:
    """An extract as the ledger writes it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Code", "Month", "Amount", "Description", "Reference"])
    writer.writerows([row["code"], row["month"], row["amount"], row["words"], row["reference"]] for row in rows)
    return text.getvalue().encode()
