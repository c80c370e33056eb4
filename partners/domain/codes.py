"""Official codes: which schemes there are, and what a code of each looks like."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Scheme:
    """A scheme of codes: its name, what its codes look like in words, and as a pattern."""

    words: str
    looks: str
    pattern: str


OTHER: Final = "other"
SCHEMES: Final[dict[str, Scheme]] = {
    "ods": Scheme("ODS", "three to six capital letters and digits, such as 08Q or QKK", r"[0-9A-Z]{3,6}"),
    "ons": Scheme("ONS", "E and eight digits, such as E09000028", r"E[0-9]{8}"),
    "mhclg": Scheme("MHCLG E-code", "E and four digits, such as E5019", r"E[0-9]{4}"),
    "register": Scheme("GOV.UK register", "three capital letters, such as SWK", r"[A-Z]{3}"),
    "cassr": Scheme("CASSR", "three digits", r"[0-9]{3}"),
    OTHER: Scheme("Other", "up to 20 characters", r".{1,20}"),
}
SCHEME_CHOICES: Final = [(code, scheme.words) for code, scheme in SCHEMES.items()]
# Areas have codes for statistics; all the others name bodies.
AREA_SCHEMES: Final = ("ons", OTHER)


def looks_right(scheme: str, code: str) -> bool:
    """Whether a code has the look of its scheme. Whether it is given out is another question."""
    return re.fullmatch(SCHEMES[scheme].pattern, code) is not None
