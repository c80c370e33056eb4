"""Rows of the register in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from integration_hub.core.dates import long_date
from partners.models import AreaCode, OrganisationCode


@dataclass(frozen=True)
class CodeRow:
    """A code as a page prints it."""

    code: OrganisationCode | AreaCode
    since: str
    until: str
    checked: str

    @property
    def may_end(self) -> bool:
        return self.code.valid_to is None


def codes(found: Iterable[OrganisationCode] | Iterable[AreaCode]) -> Sequence[CodeRow]:
    """Codes with their days, and whether somebody read them."""
    return [
        CodeRow(
            code=code,
            since=long_date(code.valid_from) if code.valid_from else "Not known",
            until=long_date(code.valid_to) if code.valid_to else "In use",
            checked=f"Checked: {code.source}" if code.checked else f"Not checked{code.source and f': {code.source}'}",
        )
        for code in found
    ]
