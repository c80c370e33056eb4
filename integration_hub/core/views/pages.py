"""The pages that every public service owes its users. No sign-in."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested for accessibility, how, and what is known not to work."""
    return render(request, "pages/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which personal data there is, why, and who sees it."""
    return render(request, "pages/privacy.html")


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """What is kept, where, for how long, and what removes it."""
    return render(request, "pages/retention.html")


@require_safe
def licences(request: HttpRequest) -> HttpResponse:
    """Third-party parts and their licences."""
    return render(request, "pages/licences.html", {"sections": notices()})


@dataclass(frozen=True)
class Part:
    """Somebody else's work: its name, licence and what we use it for."""

    name: str
    licence: str
    use: str


@dataclass
class Section:
    """A table of NOTICES.md under its heading, with the words between them."""

    title: str
    words: str = ""
    parts: list[Part] = field(default_factory=list)


@cache
def notices() -> list[Section]:
    """Every table of NOTICES.md: the page reads the file, so that the two cannot differ."""
    return parse((Path(settings.BASE_DIR) / "NOTICES.md").read_text(encoding="utf-8"))


def parse(text: str) -> list[Section]:
    """Headings of the second level, the words under each, and its table of three columns."""
    found: list[Section] = []
    for line in text.splitlines():
        if line.startswith("## "):
            found.append(Section(line.removeprefix("## ").strip()))
        elif found and line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if cells[0] != "Part" and set(cells[0]) != {"-"}:
                found[-1].parts.append(Part(*cells))
        elif found and line.strip():
            found[-1].words = f"{found[-1].words} {line.strip()}".strip()
    return found
