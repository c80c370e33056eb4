"""Names of files that people attach: kept as they were given, and harmless wherever they are saved."""

import re
import unicodedata

LONGEST, LONGEST_SUFFIX = 120, 10
FORBIDDEN = frozenset('<>:"|?*/\\')


def kept_name(given: str) -> str:
    """The name without its path: letters of any language and signs stay, what steers a system becomes a dash.

    "£é☃.pdf" stays; "../../etc/passwd" becomes "passwd"; a name that nothing is left of becomes "document".
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    # Control characters, marks that turn the direction of writing, halves of characters, ends of lines.
    plain = "".join("-" if _steers(character) else character for character in last)
    plain = re.sub(r"-{2,}", "-", re.sub(r"\s+", " ", plain))
    stem, dot, suffix = plain.rpartition(".")
    suffix = suffix.strip(" .-")
    if not dot or not suffix or len(suffix) > LONGEST_SUFFIX:
        return plain.strip(" .-")[:LONGEST].rstrip(" .-") or "document"
    return f"{stem.strip(' .-')[: LONGEST - len(suffix) - 1].rstrip(' .-') or 'document'}.{suffix}"


def _steers(character: str) -> bool:
    return character in FORBIDDEN or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
