"""A return as it is written out to a file: its version in force with the signatures, else its present state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bcf_metrics.domain.templates import Template
from bcf_metrics.models import ReturnVersion
from bcf_metrics.selectors import content, returns
from bcf_metrics.selectors.returns import Standing
from partners.models import User


@dataclass(frozen=True)
class Shown:
    """A return's layout and content, and the version that it is; None for a draft.

    `keys` has the key of each answer that is typed in a draft, by its path.
    """

    template: Template
    content: dict[str, Any]
    version: ReturnVersion | None
    keys: Mapping[str, str] = field(default_factory=dict)


def shown(held: Standing, user: User, *, on: date, number: int | None = None) -> Shown:
    """The version in force, else the draft; `number` asks for a version, without signatures if not in force."""
    quarterly_return = held.quarterly_return
    version = held.current if number is None else held.version(number)
    if version is None:
        draft = content.draft(quarterly_return, user, on=on, parties=held.parties)
        return Shown(draft.template, draft.content, None, draft.keys)
    version = returns.content_of(version)
    in_force = held.current is not None and held.current.number == version.number
    words = quarterly_return.status_words if in_force else "Not in force: sent back or amended since"
    template = content.layout_of(quarterly_return, version.content)
    return Shown(template, content.signed_content(version, status_words=words, in_force=in_force), version)
