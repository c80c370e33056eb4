"""A report as a tagged PDF/UA-1 file, and a chart as a picture, both set by typst."""

import json
import re
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import typst
from django.conf import settings

from integration_hub.core.charts import Panel
from integration_hub.core.documents import palette
from integration_hub.core.documents.blocks import Document, as_data

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "typst"
STANDARD: Final = "ua-1"
# What stands in the PDF for a character that no shipped face has, such as an emoji.
REPLACEMENT: Final = "\N{WHITE SQUARE}"
_MISSING_GLYPH = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
_MISSING_GLYPH_LIMIT = 60
_PICTURE_DOTS_PER_INCH = 216


def render(document: Document) -> bytes:
    """The report as PDF: the same bytes for the same document. Raises typst.TypstError if none can be set."""
    words = json.dumps(as_data(document), ensure_ascii=False)
    for _ in range(_MISSING_GLYPH_LIMIT):
        try:
            return _compile(words, datetime.fromisoformat(document.made_at))
        except typst.TypstError as refusal:
            missing = _MISSING_GLYPH.search(str(refusal))
            if missing is None:
                raise
            # The standard forbids a character without a glyph. The page and the Word file keep it.
            words = _without(words, missing[1])
    return _compile(words, datetime.fromisoformat(document.made_at))


def picture(panel: Panel) -> bytes:
    """One picture of a chart as PNG, at three times its size in points."""
    png = typst.compile(
        str(TEMPLATES / "picture.typ"),
        root=str(TEMPLATES),
        format="png",
        ppi=_PICTURE_DOTS_PER_INCH,
        font_paths=_fonts(_font_directories()),
        ignore_system_fonts=True,
        sys_inputs={"svg": panel.svg, "width": str(panel.width)},
    )
    return _single(png)


def _compile(words: str, made_at: datetime) -> bytes:
    return _single(
        typst.compile(
            str(TEMPLATES / "report.typ"),
            root=str(TEMPLATES),
            format="pdf",
            font_paths=_fonts(_font_directories()),
            ignore_system_fonts=True,
            sys_inputs={"document": words, "palette": _palette()},
            pdf_standards=STANDARD,
            timestamp=int(made_at.timestamp()),
        )
    )


def _single(result: object) -> bytes:
    if not isinstance(result, bytes):
        raise TypeError("typst gave several pages where one file was expected")
    return result


def _without(words: str, missing: str) -> str:
    for character in missing:
        if not character.isascii():
            words = words.replace(character, REPLACEMENT)
    return words


def _font_directories() -> tuple[str, ...]:
    # Without any, typst's own faces stand in: the report is sound, but set in another type.
    return tuple(str(directory) for directory in getattr(settings, "REPORT_FONT_DIRS", ()))


@cache
def _fonts(directories: tuple[str, ...]) -> typst.Fonts:
    """The shipped faces, then typst's own: never the machine's, so that a report looks alike everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(directories))


@cache
def _palette() -> str:
    return json.dumps(
        {
            "ink": palette.INK,
            "muted": palette.MUTED,
            "brand": palette.BRAND,
            "rule": palette.RULE,
            "panel": palette.PANEL,
            "warning": palette.WARNING,
            "tones": {name: asdict(tone) for name, tone in palette.TONES.items()},
        }
    )
