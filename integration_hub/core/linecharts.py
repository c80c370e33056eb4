"""A line over quarters as SVG text: gaps stay gaps, with steps for a target and bands for limits.

Like the bars of charts.py it needs neither style nor script. Nothing is told by colour alone: what is flagged is a
diamond, what is provisional a ring, nil a square, and each gap has its letter under the axis with its words below.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import pairwise

from integration_hub.core.charts import FONT, INK, MUTED, WIDTH, Panel, text_width, wrap

LINE = "#0b5c63"
TARGET = "#9a4a08"
FLAG = "#7a1f5c"
_SIZE = 14
_LINE = 19
_HEIGHT = 190
_TOP = 12
_RADIUS = 4
_TICKS = 4
_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One quarter: its number, or the letter and words of why there is none. `label` goes under the axis."""

    label: str
    number: Fraction | None = None
    target: Fraction | None = None
    gap: str = ""
    gap_words: str = ""
    nil: bool = False
    provisional: bool = False
    flagged: bool = False


@dataclass(frozen=True)
class Level:
    """A level line, such as a mean or a limit, with its name: over the whole width, or between two places."""

    name: str
    number: Fraction
    dashes: str
    first: int = 0
    last: int | None = None


@dataclass(frozen=True)
class Mark:
    """An upright line before a place, with its letter and what it says: where a series breaks, or is joined."""

    place: int
    letter: str
    words: str
    breaks: bool


@dataclass(frozen=True)
class _Field:
    """Where quarters and numbers fall."""

    left: Fraction
    step: Fraction
    lowest: Fraction
    highest: Fraction

    def x(self, place: int) -> Fraction:
        return self.left + self.step * place + self.step / 2

    def y(self, number: Fraction) -> Fraction:
        return _TOP + _HEIGHT * (self.highest - number) / (self.highest - self.lowest)


def line(
    uid: str,
    *,
    title: str,
    description: str,
    name: str,
    unit: str,
    dots: Sequence[Dot],
    levels: Sequence[Level] = (),
    marks: Sequence[Mark] = (),
) -> Panel:
    """Draw one series. `uid` keeps its ids apart from others on the page; `name` and `unit` stand in the legend.

    The line does not cross a mark that breaks it.
    """
    ticks = _ticks(dots, levels)
    field = _field(ticks, len(dots))
    parts: list[str] = []
    _axes(parts, field, ticks)
    for level in levels:
        _level(parts, field, level, len(dots))
    for mark in marks:
        _upright(parts, field, mark)
    _targets(parts, field, dots)
    _joins(parts, field, dots, {mark.place for mark in marks if mark.breaks})
    for place, dot in enumerate(dots):
        _dot(parts, field, place, dot)
    place = _labels(parts, field, dots)
    height = _legend(parts, place, name=f"{name}, {unit}" if unit else name, dots=dots, levels=levels, marks=marks)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" '
        f'role="img" aria-labelledby="{uid}-title {uid}-desc" font-family="{escape(FONT, quote=False)}" '
        f'font-size="{_SIZE}" fill="{INK}"><title id="{uid}-title">{escape(title)}</title>'
        f'<desc id="{uid}-desc">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
    return Panel(svg, WIDTH, height, f"{title}. {description}")


def _ticks(dots: Sequence[Dot], levels: Sequence[Level]) -> list[Fraction]:
    """Round numbers from below the lowest to above the highest. They begin at 0 unless that would flatten the line."""
    numbers = [number for dot in dots for number in (dot.number, dot.target) if number is not None]
    numbers += [level.number for level in levels]
    low, high = min(numbers, default=Fraction(0)), max(numbers, default=Fraction(1))
    if 0 <= low <= (high - low) * 2:
        low = Fraction(0)
    span = high - low or abs(high) or Fraction(1)
    step = _round_step(span / _TICKS)
    first, last = low // step, -(-high // step)
    return [step * place for place in range(int(first), int(max(last, first + 1)) + 1)]


def _round_step(least: Fraction) -> Fraction:
    """The smallest of 1, 2, 2.5, 5, 10, 20... (and 0.1, 0.2...) that is at least so much."""
    power = Fraction(1)
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    return next(power * step for step in _STEPS if power * step >= least)


def _field(ticks: Sequence[Fraction], places: int) -> _Field:
    room = max(text_width(_number(tick), _SIZE) for tick in ticks) + 8
    left = Fraction(room)
    return _Field(left, (WIDTH - 2 - left) / max(places, 1), ticks[0], ticks[-1])


def _axes(parts: list[str], field: _Field, ticks: Sequence[Fraction]) -> None:
    for tick in ticks:
        y = _n(field.y(tick))
        parts.append(f'<line x1="{_n(field.left)}" x2="{WIDTH}" y1="{y}" y2="{y}" stroke="#d5dbdd"/>')
        parts.append(
            f'<text x="{_n(field.left - 6)}" y="{_n(field.y(tick) + 5)}" text-anchor="end" fill="{MUTED}">'
            f"{escape(_number(tick))}</text>"
        )


def _upright(parts: list[str], field: _Field, mark: Mark) -> None:
    x = field.x(mark.place) - field.step / 2
    parts.append(_mark_line(_n(x), _TOP, _TOP + _HEIGHT, mark))
    parts.append(f'<text x="{_n(x + 5)}" y="{_TOP + 12}" font-weight="700">{escape(mark.letter)}</text>')


def _mark_line(x: str, top: int, bottom: int, mark: Mark) -> str:
    dashes = "" if mark.breaks else ' stroke-dasharray="2 3"'
    width = 3 if mark.breaks else 2
    return f'<line x1="{x}" x2="{x}" y1="{top}" y2="{bottom}" stroke="{INK}" stroke-width="{width}"{dashes}/>'


def _level(parts: list[str], field: _Field, level: Level, places: int) -> None:
    y = _n(field.y(level.number))
    start = field.left + field.step * level.first
    end = (
        Fraction(WIDTH)
        if level.last is None or level.last >= places - 1
        else field.left + field.step * (level.last + 1)
    )
    dashes = f' stroke-dasharray="{level.dashes}"' if level.dashes else ""
    parts.append(f'<line x1="{_n(start)}" x2="{_n(end)}" y1="{y}" y2="{y}" stroke="{MUTED}"{dashes}/>')


def _targets(parts: list[str], field: _Field, dots: Sequence[Dot]) -> None:
    for place, dot in enumerate(dots):
        if dot.target is not None:
            y = _n(field.y(dot.target))
            start, end = field.x(place) - field.step / 2, field.x(place) + field.step / 2
            parts.append(
                f'<line x1="{_n(start)}" x2="{_n(end)}" y1="{y}" y2="{y}" stroke="{TARGET}" stroke-width="3"/>'
            )


def _joins(parts: list[str], field: _Field, dots: Sequence[Dot], breaks: Collection[int]) -> None:
    for place, (one, other) in enumerate(pairwise(dots)):
        if one.number is not None and other.number is not None and place + 1 not in breaks:
            parts.append(
                f'<line x1="{_n(field.x(place))}" y1="{_n(field.y(one.number))}" x2="{_n(field.x(place + 1))}" '
                f'y2="{_n(field.y(other.number))}" stroke="{LINE}" stroke-width="2"/>'
            )


def _dot(parts: list[str], field: _Field, place: int, dot: Dot) -> None:
    if dot.number is not None:
        parts.append(_mark(field.x(place), field.y(dot.number), dot))


def _mark(x: Fraction, y: Fraction, dot: Dot) -> str:
    ground = "#ffffff" if dot.provisional else (FLAG if dot.flagged else LINE)
    paint = f'fill="{ground}" stroke="{FLAG if dot.flagged else LINE}" stroke-width="2"'
    if dot.flagged:
        r = _RADIUS + 3
        return f'<path d="M{_n(x)} {_n(y - r)}L{_n(x + r)} {_n(y)}L{_n(x)} {_n(y + r)}L{_n(x - r)} {_n(y)}Z" {paint}/>'
    if dot.nil:
        side = 2 * _RADIUS
        return f'<rect x="{_n(x - _RADIUS)}" y="{_n(y - _RADIUS)}" width="{side}" height="{side}" {paint}/>'
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_RADIUS}" {paint}/>'


def _labels(parts: list[str], field: _Field, dots: Sequence[Dot]) -> int:
    """The letters of the gaps, then as many quarters as there is room for; the newest always has its label."""
    place = _TOP + _HEIGHT + _LINE
    for number, dot in enumerate(dots):
        if dot.gap:
            x = _n(field.x(number))
            parts.append(f'<text x="{x}" y="{place}" text-anchor="middle" font-weight="700">{escape(dot.gap)}</text>')
    if any(dot.gap for dot in dots):
        place += _LINE
    # The newest is moved in from the edge by up to half its width: that much room more.
    widest = max((text_width(dot.label, _SIZE) for dot in dots), default=Decimal(0)) * 3 / 2 + 6
    every = max(1, -(-Fraction(widest) // field.step))
    for number, dot in enumerate(dots):
        if (len(dots) - 1 - number) % every == 0:
            half = Fraction(text_width(dot.label, _SIZE)) / 2
            middle = min(max(field.x(number), half), WIDTH - half)
            parts.append(
                f'<text x="{_n(middle)}" y="{place}" text-anchor="middle" fill="{MUTED}">{escape(dot.label)}</text>'
            )
    return place + 10


def _legend(
    parts: list[str], place: int, *, name: str, dots: Sequence[Dot], levels: Sequence[Level], marks: Sequence[Mark]
) -> int:
    plain = Dot(label="", number=Fraction(0))
    keys = [(_sample(plain), name)]
    if any(dot.target is not None for dot in dots):
        keys.append(
            (f'<line x1="0" x2="24" y1="0" y2="0" stroke="{TARGET}" stroke-width="3"/>', "Target at the quarter")
        )
    for level in levels:
        dashes = f' stroke-dasharray="{level.dashes}"' if level.dashes else ""
        keys.append((f'<line x1="0" x2="24" y1="0" y2="0" stroke="{MUTED}"{dashes}/>', level.name))
    for mark in marks:
        keys.append(
            (
                _mark_line("4", -8, 8, mark) + f'<text x="12" y="5" font-weight="700">{escape(mark.letter)}</text>',
                mark.words,
            )
        )
    for shown, words in (
        (Dot(label="", nil=True), "Nil: counts as 0"),
        (Dot(label="", provisional=True), "Provisional"),
        (Dot(label="", flagged=True), "Flagged: see the words beside its quarter in the table"),
    ):
        if any(_has(dot, shown) for dot in dots):
            keys.append((_sample(shown), words))
    for gap, words in sorted({(dot.gap, dot.gap_words) for dot in dots if dot.gap}):
        keys.append((f'<text x="12" y="5" text-anchor="middle" font-weight="700">{escape(gap)}</text>', words))
    for sample, words in keys:
        place += _LINE
        parts.append(f'<g transform="translate(1 {place - 5})">{sample}</g>')
        for number, row in enumerate(wrap(words, _SIZE, WIDTH - 34)):
            place += _LINE if number else 0
            parts.append(f'<text x="32" y="{place}">{escape(row)}</text>')
    return place + 8


def _sample(dot: Dot) -> str:
    joined = f'<line x1="0" x2="24" y1="0" y2="0" stroke="{LINE}" stroke-width="2"/>'
    return joined + _mark(Fraction(12), Fraction(0), dot)


def _has(dot: Dot, shown: Dot) -> bool:
    """Whether the mark of the sample is on the chart."""
    return (shown.nil and dot.nil) or (shown.provisional and dot.provisional) or (shown.flagged and dot.flagged)


def _number(number: Fraction) -> str:
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _n(value: Fraction) -> str:
    return f"{float(value):.1f}"
