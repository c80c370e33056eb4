"""Names of attached files: kept, and harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooled_budgets.domain.file_names import LONGEST, kept_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("£é☃.pdf", "£é☃.pdf"),
        ("Section 75 (final), signed.docx", "Section 75 (final), signed.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\s75.pdf", "s75.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a-Set-Cookie- x=1.pdf"),
        ("contract\u202efdp.exe", "contract-fdp.exe"),
        ('"quoted".pdf', "quoted.pdf"),
        (".pdf", "document.pdf"),
        ("...", "document"),
        ("", "document"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("no suffix", "no suffix"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_steers_a_system(name, kept):
    assert kept_name(name) == kept


@given(st.text())
def test_no_name_has_a_path_or_a_control_character_or_is_too_long_or_empty(name):
    kept = kept_name(name)
    assert 0 < len(kept) <= LONGEST
    assert not set(kept) & set('/\\"<>|?*:')
    assert all(unicodedata.category(character)[0] != "C" for character in kept)
    assert not kept.startswith(".")
    assert kept_name(kept) == kept
