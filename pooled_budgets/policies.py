"""When an act on a fund is allowed. Each check raises an error that says who stands in the way, since when and why."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from integration_hub.core import emptyfigures
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from integration_hub.core.models import Period, StagedImport
from partners.models import User
from pooled_budgets.domain.words import moment
from pooled_budgets.models import AgreementVersion, Fund, PeriodLock, RiskShareRules, RiskShareScenario, Transaction


class PeriodLocked(HubError):
    """The fund's period takes no more changes until its lock is lifted."""

    code = "period_locked"


class NothingToRelease(HubError):
    """There is no draft figure at the period."""

    code = "nothing_to_release"


class ImportNotOpen(HubError):
    """The import was already confirmed, undone or discarded."""

    code = "import_not_open"


class ImportHasProblems(HubError):
    """Cells of the sheet are still refused, so nothing of it can be imported."""

    code = "import_has_problems"


class AlreadyImported(HubError):
    """The very same file stands in the fund already."""

    code = "already_imported"


class OtherYear(HubError):
    """The period belongs to another financial year than the fund."""

    code = "other_year"
    http_status = 400


class MonthClosed(HubError):
    """The month is closed already."""

    code = "month_closed"


class MonthOpen(HubError):
    """The month is not closed, so it cannot be reopened."""

    code = "month_open"


class NotYetBegun(HubError):
    """The month lies in the future."""

    code = "not_yet_begun"


class AlreadyReversed(HubError):
    """A posting is taken back once, and a reversal never."""

    code = "already_reversed"


class NothingToExplain(HubError):
    """There is no variance at the quarter, or no outturn yet."""

    code = "nothing_to_explain"


class NoDifference(HubError):
    """The partners' figures of a line do not differ."""

    code = "no_difference"


class NothingParked(HubError):
    """No row of an extract waits for the code."""

    code = "nothing_parked"


class CommitmentClosed(HubError):
    """The commitment is closed already."""

    code = "commitment_closed"


def check_period_open(fund: Fund, period: Period) -> None:
    """Raise PeriodLocked while a lock on the fund's period is in force."""
    lock = PeriodLock.objects.filter(fund=fund, period=period, lifted_at__isnull=True).select_related("period").first()
    if lock is not None:
        raise PeriodLocked(lock_words(lock, fund), who_can_lift=lock.who_can_lift)


def check_months_open(fund: Fund, months: Collection[Period], *, by: User, at: datetime) -> None:
    """Raise PeriodLocked while one of the months, or the quarter that it falls in, is closed to the person. One query.

    A softly closed month stays open to whom its closing names, until the day that it names.
    """
    closed = Q(period__in=months) | Q(
        period__kind=Period.QUARTER, period__number__in={quarter_number(month) for month in months}
    )
    locks = PeriodLock.objects.filter(closed, fund=fund, lifted_at__isnull=True)
    for lock in locks.select_related("period", "may_edit").order_by("period__number"):
        if not may_still_write(lock, by, timezone.localdate(at)):
            raise PeriodLocked(lock_words(lock, fund, on=timezone.localdate(at)), who_can_lift=lock.who_can_lift)


def check_quarter_open(fund: Fund, month: Period) -> None:
    """Raise PeriodLocked while the quarter that a month falls in is locked by its return."""
    quarter = {"period__kind": Period.QUARTER, "period__number": quarter_number(month)}
    locks = PeriodLock.objects.filter(fund=fund, lifted_at__isnull=True, **quarter).select_related("period")
    for lock in locks:
        raise PeriodLocked(lock_words(lock, fund), who_can_lift=lock.who_can_lift)


def may_still_write(lock: PeriodLock, person: User, on: date) -> bool:
    """Whether a soft lock leaves a person the right to write on a day; a hard one, or a return's, never does."""
    named = lock.kind == PeriodLock.SOFT and lock.may_edit_id == person.pk
    return named and lock.until is not None and on <= lock.until


def check_begun(months: Collection[Period], *, at: datetime) -> None:
    """Raise NotYetBegun for what would be spent in a month that has not come."""
    today = timezone.localdate(at)
    for month in sorted(months, key=lambda month: month.number):
        if month.starts_on > today:
            raise NotYetBegun(
                f"{month.label} has not begun, so nothing can have been spent in it. Post it to an earlier month, or "
                "enter it as a commitment or a forecast.",
                field="month",
            )


def check_not_reversed(posting: Transaction) -> None:
    """Raise AlreadyReversed for a reversal, and for a posting that was taken back already."""
    if posting.reverses_id is not None:
        raise AlreadyReversed("This is a reversal itself. Post the right amount again instead of reversing it.")
    taken_back = Transaction.objects.filter(reverses=posting).select_related("entered_by").first()
    if taken_back is not None:
        raise AlreadyReversed(
            f"{taken_back.entered_by} reversed this posting on {moment(taken_back.entered_at)}: {taken_back.reason}"
        )


def quarter_number(month: Period) -> int:
    """The quarter that a month's figures are reported in; adjustments fall in quarter 4."""
    return min(4, (month.number + 2) // 3)


def check_plan_open(fund: Fund, locks: Sequence[PeriodLock], *, unchanged: str = "Nothing was imported.") -> None:
    """Raise PeriodLocked while any quarter of the fund is locked: its budgets and variances rest on the plan."""
    if locks:
        raise PeriodLocked(
            f"The schemes and budgets of {fund} cannot change while a quarter of it is locked. {unchanged} "
            + " ".join(lock_words(lock, fund) for lock in locks),
            who_can_lift="; ".join(dict.fromkeys(lock.who_can_lift for lock in locks)),
        )


def check_period_of_fund(fund: Fund, period: Period) -> None:
    """Raise OtherYear where the period is not one of the fund's year."""
    if period.financial_year != fund.financial_year:
        raise OtherYear(
            f"{period.label} is not in the year of {fund}. Choose a quarter of {fund.year.label}.", field="period"
        )


def check_import_open(staged: StagedImport) -> None:
    """Raise ImportNotOpen unless the import still waits for correction or confirmation."""
    if staged.status in (StagedImport.STAGED, StagedImport.REFUSED):
        return
    raise ImportNotOpen(f"{staged.filename} {_fate(staged)} Upload it again if you need it.")


def check_import_clean(staged: StagedImport) -> None:
    """Raise ImportHasProblems while any cell is refused."""
    if staged.status == StagedImport.REFUSED:
        raise ImportHasProblems(
            f"{staged.filename} still has refused cells. Correct them on this page, or upload a corrected sheet."
        )


def check_extract_clean(staged: StagedImport) -> None:
    """Raise ImportHasProblems while a cell is refused or a control total does not hold."""
    if staged.status == StagedImport.REFUSED:
        raise ImportHasProblems(
            f"{staged.filename} cannot be posted: its cells or control totals are refused. Correct the file, or state "
            "the right totals, and upload it again."
        )


def check_not_posted(earlier: StagedImport | None) -> None:
    """Raise AlreadyImported where the very same file is in the fund's ledger: `earlier` is that import."""
    if earlier is not None and earlier.confirmed_at is not None:
        raise AlreadyImported(
            f"This file is in the ledger already, as {earlier.filename}: {earlier.uploaded_by_name} uploaded it on "
            f"{moment(earlier.uploaded_at)} and {earlier.confirmed_by_name} posted it on "
            f"{moment(earlier.confirmed_at)}. Take that import back first if you want to post it again.",
            field="file",
        )


def check_import_confirmed(staged: StagedImport) -> None:
    """Raise ImportNotOpen unless the import is in the plan, so that it can be undone."""
    if staged.status == StagedImport.CONFIRMED:
        return
    if staged.status in (StagedImport.STAGED, StagedImport.REFUSED):
        raise ImportNotOpen(f"{staged.filename} has not been confirmed, so there is nothing to undo.")
    raise ImportNotOpen(f"{staged.filename} {_fate(staged)} There is nothing to undo.")


def check_not_what_stands(latest: StagedImport | None, digest: str) -> None:
    """Raise AlreadyImported where the fund's latest import, unless undone, was of the same bytes."""
    if latest is not None and latest.confirmed_at is not None and latest.content_sha256 == digest:
        raise AlreadyImported(
            f"This file was imported already, as {latest.filename}: {latest.confirmed_by_name} confirmed it on "
            f"{moment(latest.confirmed_at)}, and nothing was imported since. Undo that import first if you want to "
            "import it again.",
            field="file",
        )


def lock_words(lock: PeriodLock, fund: Fund, *, on: date | None = None) -> str:
    """What is closed, by whom, when and why; to whom it is still open on a day, today unless given; who can lift it."""
    is_now = "locked" if lock.kind == PeriodLock.RETURN else "closed"
    still = who_may_still_write(lock, on or timezone.localdate())
    return (
        f"{lock.period.label} of {fund.name} is {is_now}: {lock.reason.rstrip('.')}. {lock.locked_by_name} {is_now} it "
        f"on {moment(lock.locked_at)}.{still} Who can lift the lock: {lock.who_can_lift.rstrip('.')}."
    )


def who_may_still_write(lock: PeriodLock, on: date) -> str:
    """Until when who may still write, or that the day has passed: a sentence after a blank; "" for any other lock."""
    if lock.kind != PeriodLock.SOFT or lock.until is None:
        return ""
    if on > lock.until:
        return f" {lock.may_edit} could write in it until {long_date(lock.until)}; since then nobody may."
    return f" Only {lock.may_edit} may still write in it, until {long_date(lock.until)}."


def _fate(staged: StagedImport) -> str:
    if staged.status == StagedImport.UNDONE and staged.undone_at is not None:
        return f"was imported and then undone by {staged.undone_by_name} on {moment(staged.undone_at)}."
    if staged.status == StagedImport.CONFIRMED and staged.confirmed_at is not None:
        return f"was already imported by {staged.confirmed_by_name} on {moment(staged.confirmed_at)}."
    return "was discarded; nothing was imported."


class RulesNotDraft(HubError):
    """The rules are approved, and never change again."""

    code = "rules_not_draft"


class RulesNotReleased(HubError):
    """The rules are still their partner's own draft."""

    code = "rules_not_released"


class AlreadyReleased(HubError):
    """What is to be released was released before."""

    code = "already_released"


class SamePerson(HubError):
    """Whoever prepared something does not approve it."""

    code = "same_person"


class RulesOutOfOrder(HubError):
    """Another version of the rules applies from the same or a later day."""

    code = "rules_out_of_order"


class NoVariation(HubError):
    """A signed agreement has no version that begins on the day."""

    code = "no_variation"


class ScenarioReleased(HubError):
    """A what-if that the partners read stays as it is."""

    code = "scenario_released"


def check_rules_are_draft(rules: RiskShareRules) -> None:
    """Raise RulesNotDraft for a version that was approved."""
    if rules.approved_at is not None:
        raise RulesNotDraft(
            f"Version {rules.number} of the rules was approved by {rules.approved_by_name} on "
            f"{moment(rules.approved_at)} and never changes. Prepare a new version.",
            who_can_lift="Nobody: a new version replaces it",
        )


def check_not_released(rules: RiskShareRules) -> None:
    """Raise AlreadyReleased where the parties read the draft already."""
    if rules.released_at is not None:
        raise AlreadyReleased(f"The draft was released to the partners on {moment(rules.released_at)}.")


def check_released(rules: RiskShareRules) -> None:
    """Raise RulesNotReleased while the parties cannot read what is to be approved."""
    if rules.released_at is None:
        raise RulesNotReleased(
            f"The draft of {rules.prepared_by_name} has not been released to the partners, so it cannot be approved.",
            who_can_lift=f"A finance officer of {rules.owner}, by releasing it",
        )


def check_other_person(prepared_by: object, name: str, by: User) -> None:
    """Raise SamePerson where somebody would approve what they prepared, whatever roles they hold."""
    if prepared_by == by.pk:
        raise SamePerson(
            f"{name} prepared this, so another person has to approve it.", who_can_lift="Any other approver"
        )


def check_rules_in_order(versions: Sequence[RiskShareRules], effective_from: date) -> None:
    """Raise RulesOutOfOrder where an approved version applies from that day or later."""
    days = {row.effective_from: row.number for row in versions if row.effective_from is not None}
    last = max(days, default=None)
    if last is not None and last >= effective_from:
        raise RulesOutOfOrder(
            f"Version {days[last]} applies from {emptyfigures.day(last)}. Choose a later day.",
            field="effective_from",
        )


def check_variation_brings_rules(
    signed: Sequence[AgreementVersion], effective_from: date, *, after: date | None = None
) -> AgreementVersion | None:
    """The signed version that the rules begin with; None where nothing is signed. Raises NoVariation.

    `after` is the day from which the last approved rules apply: only a version that begins later can bring others.
    """
    if not signed:
        return None
    found = [version for version in signed if version.effective_from == effective_from]
    free = [version for version in signed if after is None or version.effective_from > after]
    if not found or not free:
        days = ", ".join(emptyfigures.day(version.effective_from) for version in free)
        choose = f"Choose one of the days on which its versions begin ({days}), or" if free else "No version is left:"
        raise NoVariation(
            "The agreement is signed, so its risk share changes only with a version of it that has no rules yet. "
            f"{choose} have a variation signed first.",
            field="effective_from",
            who_can_lift="The parties, by signing a variation",
        )
    return found[-1]


def check_scenario_open(scenario: RiskShareScenario | None) -> None:
    """Raise ScenarioReleased for a what-if that the partners read."""
    if scenario is not None and scenario.released_at is not None:
        raise ScenarioReleased(
            f"“{scenario.name}” was released to the partners on {moment(scenario.released_at)} and stays as it is. "
            "Save yours under another name.",
            field="name",
        )
