"""The colours of every report document, in one place, so that a test can compute each contrast."""

from dataclasses import dataclass

from integration_hub.core import charts

WHITE = "#ffffff"
# Charts and text share them.
INK, MUTED = charts.INK, charts.MUTED
BRAND = "#0b5c63"
RULE = "#b4c2c6"
PANEL = "#eaf1f2"
WARNING = "#9c1c12"


@dataclass(frozen=True)
class Tone:
    """A status as a person sees it: colour of words, ground, and a shape for those who see no colour."""

    ink: str
    ground: str
    symbol: str


# The symbols are in Arial, Source Sans 3 and whatever face a council's machine will put in their place.
TONES = {
    "on_track": Tone("#0a5c36", "#e4f2ea", "\N{BLACK CIRCLE}"),
    "not_on_track": Tone("#9c1c12", "#fbe9e7", "\N{BLACK UP-POINTING TRIANGLE}"),
    "data_not_available": Tone("#5c4200", "#fbf2d9", "\N{WHITE CIRCLE}"),
    "not_defined": Tone("#3f4a52", "#eceff1", "\N{WHITE SQUARE}"),
}


# Each pair of text colour and ground that any renderer uses.
TEXT_PAIRS = (
    (INK, WHITE),
    (INK, PANEL),
    (MUTED, WHITE),
    (MUTED, PANEL),
    (BRAND, WHITE),
    (BRAND, PANEL),
    (WARNING, WHITE),
    *((tone.ink, tone.ground) for tone in TONES.values()),
)
# Lines and shapes that carry meaning, against the page.
GRAPHIC_PAIRS = tuple((fill.line, WHITE) for fill in charts.FILLS)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours ("#rrggbb") as WCAG 2 defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
