"""When a section of a return can be given to somebody or said to be ready. Each refusal says who can lift it."""

from datetime import date

from bcf_metrics.domain.completion import Completion
from bcf_metrics.domain.templates import Tab
from bcf_metrics.models import QuarterlyReturn, ReturnSection
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from partners.models import Organisation, User

NAMED = 3


class NotForSection(HubError):
    """The owner, the person or the day does not fit the return."""

    code = "not_for_section"
    http_status = 400


class SectionNotComplete(HubError):
    """Something that the section needs is not there."""

    code = "section_not_complete"


class NotTheOwner(HubError):
    """The section has an owner, for whom the person does not act."""

    code = "not_the_owner"


def check_owner(owner: Organisation, parties: list[Organisation]) -> None:
    """Raise NotForSection unless the owner is party to the fund's agreement."""
    if owner not in parties:
        raise NotForSection(
            f"{owner} is not party to the fund. Nothing was saved. Choose one of its partners.", field="owner"
        )


def check_person(person: User, owner: Organisation, *, offered: list[User]) -> None:
    """Raise NotForSection for somebody who prepares no returns of the owner."""
    if person not in offered:
        raise NotForSection(
            f"{person} prepares no returns for {owner}. Nothing was saved. Choose another.", field="owner"
        )


def check_due(quarterly_return: QuarterlyReturn, due_on: date | None, *, after_return: bool) -> None:
    """Raise NotForSection for a day after the return's own, unless that was said to be meant."""
    if due_on is None or quarterly_return.due_on is None or due_on <= quarterly_return.due_on or after_return:
        return
    raise NotForSection(
        f"The return itself is due on {long_date(quarterly_return.due_on)}. Nothing was saved. Choose that day or an "
        "earlier one, or say that the section may come later.",
        field="due_on",
    )


def check_section_complete(tab: Tab, completion: Completion) -> None:
    """Raise SectionNotComplete, naming the first things to put right, unless the sheet is complete."""
    missing = [check for check in completion.checks if check.entry.tab.code == tab.code and not check.ok]
    if not missing:
        return
    named = " ".join(f"{check.entry.label}: {check.todo}." for check in missing[:NAMED])
    more = f" And {len(missing) - NAMED} more: see the checklist." if len(missing) > NAMED else ""
    raise SectionNotComplete(f"{tab.title} is not complete, so it was not marked as ready. {named}{more}")


def check_may_say_ready(row: ReturnSection | None, tab: Tab, owned: list[Organisation]) -> None:
    """Raise NotTheOwner where the section has an owner for whom the person does not prepare returns."""
    if row is not None and row.owner not in owned:
        raise NotTheOwner(
            f"{row.assigned_by_name} gave {tab.title} to {row.owner}, so its people say when it is ready. Nothing was "
            "changed.",
            who_can_lift=f"whoever prepares returns for {row.owner}, or anybody who prepares the return, by changing "
            "the section's owner",
        )
