"""What an officer enters for one metric, what of it may be, and whether somebody else changed it meanwhile."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bcf_metrics.domain import numbers
from bcf_metrics.domain.completion import cell_length
from bcf_metrics.domain.numbers import NumberError
from bcf_metrics.domain.progress import Status
from integration_hub.core.dates import ENTER_PLAUSIBLE, is_plausible, long_date
from integration_hub.core.states import EFFECTS, Figure, FigureState

# Each field with what it is called where two people's values are set against each other.
FIELD_WORDS = {
    "figure": "figure",
    "value_period": "period of the figure",
    "lagged": "lagged",
    "numerator": "numerator",
    "denominator": "denominator",
    "source": "source",
    "provisional": "provisional",
    "override_status": "your own status",
    "override_reason": "reason for your own status",
    "challenges": "challenges",
    "achievements": "achievements",
    "support_needs": "support needs",
    "action": "action",
}
SHORT = 120
MEDIUM = 200
LONG = 4_000
LONGEST = {
    "value_period": SHORT,
    "source": MEDIUM,
    "override_reason": LONG,
    "challenges": LONG,
    "achievements": LONG,
    "support_needs": LONG,
    "action": LONG,
}
# What the return's one cell of commentary is made of, in its order, with what each part is headed there.
SAID = {"challenges": "Challenges", "achievements": "Achievements", "support_needs": "Support needs"}


def figure_code(figure: Figure) -> str:
    """A figure as one exact text: "23", "nil", "not_yet_available:2014-09-30"."""
    if figure.state == FigureState.STATED:
        return numbers.plain(figure.value)
    return f"{figure.state}:{figure.until.isoformat()}" if figure.until else str(figure.state)


@dataclass(frozen=True, kw_only=True)
class Entered:
    """All that is kept about one metric's figure, in the metric's unit."""

    figure: Figure
    value_period: str = ""
    lagged: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    source: str = ""
    provisional: bool = True
    override_status: str = ""
    override_reason: str = ""
    challenges: str = ""
    achievements: str = ""
    support_needs: str = ""
    action: str = ""

    def codes(self) -> dict[str, str]:
        """Each field as one exact text, which a form carries as the value that was seen."""
        return {
            "figure": figure_code(self.figure),
            "value_period": self.value_period,
            "lagged": "yes" if self.lagged else "",
            "numerator": numbers.plain(self.numerator),
            "denominator": numbers.plain(self.denominator),
            "source": self.source,
            "provisional": "yes" if self.provisional else "",
            "override_status": self.override_status,
            "override_reason": self.override_reason,
            "challenges": self.challenges,
            "achievements": self.achievements,
            "support_needs": self.support_needs,
            "action": self.action,
        }


def commentary(*, challenges: str, achievements: str, support_needs: str) -> str:
    """Challenges, achievements and support needs as the one text that the national layouts have a cell for.

    Challenges alone stand as they are: that is what was entered before there were three fields.
    """
    parts = {"challenges": challenges, "achievements": achievements, "support_needs": support_needs}
    if not (achievements.strip() or support_needs.strip()):
        return challenges
    return "\n\n".join(f"{heading}: {parts[field]}" for field, heading in SAID.items() if parts[field].strip())


# What stands where nobody has entered anything.
NOTHING = Entered(figure=Figure(state=FigureState.MISSING))
NOTHING_CODES = NOTHING.codes() | {"figure": ""}


@dataclass(frozen=True)
class Problem:
    """A field that cannot be kept as it is, and what to do."""

    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what was shown, what stands there now and from whom, what was to be saved."""

    key: str
    name: str
    field: str
    field_words: str
    seen: str
    now: str
    yours: str
    changed_by: str
    changed_when: str

    @property
    def words(self) -> str:
        return (
            f"{self.name}, {self.field_words}: you saw {self.seen}; {self.changed_by} saved {self.now} on "
            f"{self.changed_when}; you entered {self.yours}."
        )


def problems(entered: Entered, *, changed: frozenset[str], places: int, on: date) -> Iterator[Problem]:
    """What of the changed fields cannot be kept, for a metric that prints so many decimal places."""
    if "figure" in changed:
        yield from _figure_problems(entered.figure, places=places, on=on)
    if changed & {"numerator", "denominator"}:
        yield from _ratio_problems(entered)
    if entered.override_status and not entered.override_reason.strip():
        yield Problem(
            "override_reason",
            "reason_missing",
            "You set a status of your own. Say why it differs from the suggestion.",
        )
    if entered.override_reason.strip() and not entered.override_status:
        yield Problem(
            "override_status",
            "status_missing",
            "There is a reason for a status of your own and no status. Choose one, or clear the reason.",
        )
    if entered.override_status and entered.override_status not in set(Status):
        yield Problem("override_status", "unknown_status", "Choose one of the statuses.")
    for field, longest in LONGEST.items():
        text = getattr(entered, field)
        if len(text) > longest:
            yield Problem(field, "too_long", f"There are {len(text):,} characters. Shorten it to {longest:,} or fewer.")
    if changed & set(SAID):
        yield from _said_problems(entered)


def shown(field: str, code: str) -> str:
    """A field's code in words for a person: what two people see of each other's value."""
    if field == "figure":
        state, _, until = code.partition(":")
        if state in EFFECTS:
            return _until(EFFECTS[state].words, until)
        return code or "nothing"
    if field in ("lagged", "provisional"):
        return "yes" if code else "no"
    if field == "override_status" and code in set(Status):
        return Status(code).words
    return f"“{code}”" if code else "nothing"


def _until(words: str, day: str) -> str:
    """A state with its day; a day that no form of ours sends is told as it came."""
    try:
        return f"{words} until {long_date(date.fromisoformat(day))}" if day else words
    except ValueError:
        return f"{words} until “{day}”"


def merged(wanted: Entered, now: Entered, changed: frozenset[str]) -> Entered:
    """What stands there now with the changed fields as wanted."""
    values: Mapping[str, object] = {field: getattr(wanted if field in changed else now, field) for field in FIELD_WORDS}
    return Entered(**values)  # type: ignore[arg-type]  # each field from a row of the same shape


def _figure_problems(figure: Figure, *, places: int, on: date) -> Iterator[Problem]:
    if figure.state == FigureState.STATED and figure.value is not None:
        try:
            numbers.check(figure.value, places=places)
        except NumberError as error:
            yield Problem("figure", error.code, error.message)
    if figure.until is not None and not is_plausible(figure.until):
        yield Problem("until", "date_out_of_range", f"{long_date(figure.until)} is too far away. {ENTER_PLAUSIBLE}")
    elif figure.until is not None and figure.until <= on:
        yield Problem(
            "until",
            "date_passed",
            f"{long_date(figure.until)} is not in the future. Enter the day on which the figure will be there, or the "
            "figure itself.",
        )


def _said_problems(entered: Entered) -> Iterator[Problem]:
    """Each field fits, and so does the cell of the return that holds all three."""
    given = {field: getattr(entered, field) for field in SAID}
    together = cell_length(commentary(**given))
    if together > LONG and not any(len(text) > LONG for text in given.values()):
        longest = max(given, key=lambda field: len(given[field]))
        yield Problem(
            longest,
            "too_long_together",
            f"Challenges, achievements and support needs are one cell of the return and have {together:,} characters "
            f"together. Shorten them to {LONG:,} or fewer.",
        )


def _ratio_problems(entered: Entered) -> Iterator[Problem]:
    for field in ("numerator", "denominator"):
        number = getattr(entered, field)
        if number is None:
            continue
        try:
            numbers.check(number)
        except NumberError as error:
            yield Problem(field, error.code, error.message)
    if (entered.numerator is None) is not (entered.denominator is None):
        missing = "numerator" if entered.numerator is None else "denominator"
        yield Problem(missing, "ratio_half", "Enter both numerator and denominator, or neither.")
    if entered.denominator == 0:
        yield Problem("denominator", "denominator_nil", "There is no rate without a denominator. Enter more than 0.")
