"""Horizontal grouped bars as SVG text: drawn on the server, with presentation attributes only.

Nothing in it needs a style or a script, so the strictest content security policy lets it through, and the
same text goes into the page, the PDF and, as a picture, the Word file. It is drawn narrow and tall: at 320
pixels a name is still read without zooming. Each bar carries its amount, so there is no scale to read off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from html import escape

INK = "#14242b"
MUTED = "#4a5a61"
WIDTH = 390
FONT = "'Source Sans 3', Arial, Helvetica, sans-serif"
_SIZE = 15
_LINE = 18
_BAR = 16
_GAP = 2
_BETWEEN = 11
_PADDING = 6
_SWATCH = 14
_SHORTEST = Decimal(2)


@dataclass(frozen=True)
class Fill:
    """One series of a chart: the colour of its outline, its ground, and whether stripes run across it."""

    line: str
    ground: str
    striped: bool


# Told apart without colour: one is plain and dark, the other pale with stripes.
FILLS = (Fill("#0b5c63", "#0b5c63", striped=False), Fill("#9a4a08", "#f6dfc8", striped=True))


@dataclass(frozen=True)
class Panel:
    """One picture of a chart: SVG with its own title and description, size in units of the SVG, and its words."""

    svg: str
    width: int
    height: int
    alternative: str


@dataclass(frozen=True)
class Bar:
    """One bar: pounds, or None where there is none; `words` is the printed amount, or the reason."""

    amount: Decimal | None
    words: str


@dataclass(frozen=True)
class Group:
    """The bars of one name, one for each series, in the order of the series."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Scale:
    """Where a value falls: from `lowest` to `highest` pounds over `span` units, starting at the left edge."""

    lowest: Decimal
    highest: Decimal
    span: Decimal

    def at(self, amount: Decimal) -> Decimal:
        """The horizontal place of an amount, in units of the drawing."""
        return (amount - self.lowest) / (self.highest - self.lowest) * self.span


def scale_for(groups: Sequence[Group]) -> Scale:
    """One scale for all groups, from nil or the lowest amount below it, with room for the longest label."""
    bars = [bar for group in groups for bar in group.bars if bar.amount is not None]
    amounts = [bar.amount for bar in bars if bar.amount is not None]
    lowest = min([Decimal(0), *amounts])
    highest = max([Decimal(0), *amounts])
    room = max((text_width(bar.words, _SIZE) for bar in bars), default=Decimal(0)) + 2 * _PADDING
    return Scale(lowest, highest if highest > lowest else lowest + 1, max(WIDTH - room, Decimal(WIDTH) / 4))


def grouped_bars(
    uid: str,
    *,
    title: str,
    description: str,
    series: Sequence[str],
    groups: Sequence[Group],
    scale: Scale,
    fluid: bool = False,
) -> Panel:
    """Draw one picture. `uid` keeps its ids apart from others on the page; each series has its fill.

    `fluid` lets it take the width of its column on a page; otherwise it has a size of its own.
    """
    parts: list[str] = []
    place = _legend(parts, uid, series)
    for group in groups:
        place = _group(parts, uid, group, scale, place)
    height = place - _BETWEEN + _PADDING
    size = 'width="100%"' if fluid else f'width="{WIDTH}" height="{height}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {size} '
        f'role="img" aria-labelledby="{uid}-title {uid}-desc" font-family="{escape(FONT, quote=False)}" '
        f'font-size="{_SIZE}" fill="{INK}"><title id="{uid}-title">{escape(title)}</title>'
        f'<desc id="{uid}-desc">{escape(description)}</desc><defs>{_patterns(uid)}</defs>'
        f"{''.join(parts)}</svg>"
    )
    return Panel(svg, WIDTH, height, f"{title}. {description}")


@lru_cache(4096)
def text_width(text: str, size: int) -> Decimal:
    """About how wide the text will be in Arial or Source Sans 3, on the safe side, in units of the drawing."""
    return sum((_character_width(character) for character in text), Decimal(0)) * size


def wrap(text: str, size: int, width: int) -> list[str]:
    """The text in lines no wider than `width`; a longer word has a line of its own."""
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and text_width(longer, size) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


@cache
def _character_width(character: str) -> Decimal:
    if character in "iljtfIr.,:;'|!()[] ":
        return Decimal("0.33")
    if character in "mwMW%@":
        return Decimal("0.90")
    return Decimal("0.70") if character.isupper() else Decimal("0.56")


def _patterns(uid: str) -> str:
    return "".join(
        f'<pattern id="{uid}-fill-{number}" width="7" height="7" patternUnits="userSpaceOnUse">'
        f'<rect width="7" height="7" fill="{fill.ground}"/>'
        f'<path d="M-1 1L1 -1M0 7L7 0M6 8L8 6" stroke="{fill.line}" stroke-width="1.8"/></pattern>'
        for number, fill in enumerate(FILLS)
        if fill.striped
    )


def _paint(uid: str, number: int, fill: Fill) -> str:
    ground = f"url(#{uid}-fill-{number})" if fill.striped else fill.ground
    return f'fill="{ground}" stroke="{fill.line}" stroke-width="1.5"'


def _legend(parts: list[str], uid: str, series: Sequence[str]) -> int:
    place = 1
    for number, (name, fill) in enumerate(zip(series, FILLS, strict=True)):
        parts.append(f'<rect x="1" y="{place}" width="{_SWATCH}" height="{_SWATCH}" {_paint(uid, number, fill)}/>')
        for line in wrap(name, _SIZE, WIDTH - _SWATCH - 2 * _PADDING):
            parts.append(f'<text x="{_SWATCH + 8}" y="{place + 13}">{escape(line)}</text>')
            place += _LINE + 2
    return place + 8


def _group(parts: list[str], uid: str, group: Group, scale: Scale, place: int) -> int:
    for line in wrap(group.name, _SIZE, WIDTH - 2 * _PADDING):
        parts.append(f'<text x="1" y="{place + 14}" font-weight="700">{escape(line)}</text>')
        place += _LINE
    place += 3
    top = place
    for number, (bar, fill) in enumerate(zip(group.bars, FILLS, strict=True)):
        _bar(parts, _paint(uid, number, fill), bar, scale, place)
        place += _BAR + _GAP
    # Where nil is; only beside the bars, so that it does not cross the names.
    nil = _n(scale.at(Decimal(0)) + 1)
    parts.append(f'<line x1="{nil}" x2="{nil}" y1="{top - 2}" y2="{place - _GAP}" stroke="{MUTED}"/>')
    return place - _GAP + _BETWEEN


def _bar(parts: list[str], paint: str, bar: Bar, scale: Scale, place: int) -> None:
    end = scale.at(Decimal(0))
    if bar.amount:
        # A small amount beside a very large one would vanish: two units stay. Nil itself has no bar.
        length = max(abs(scale.at(bar.amount) - end), _SHORTEST)
        left = end - length if bar.amount < 0 else end
        parts.append(f'<rect x="{_n(left + 1)}" y="{place}" width="{_n(length)}" height="{_BAR - 2}" {paint}/>')
        end = max(end, left + length)
    colour = "" if bar.amount is not None else f' fill="{MUTED}"'
    parts.append(f'<text x="{_n(end + _PADDING + 1)}" y="{place + 13}"{colour}>{escape(bar.words)}</text>')


def _n(value: Decimal) -> str:
    return f"{value:.1f}"
