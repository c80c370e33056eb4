"""A mistake in a file of the demonstration stops the load and is named."""

import pytest

from bcf_metrics.domain.shapes import ShapeError
from reports.services import demonstration_data


def test_files_all_have_their_shape_and_name_things_once():
    files = demonstration_data.files()

    for section in ("areas", "organisations", "boards", "agreements", "funds"):
        keys = [row["key"] for file in files for row in file[section]]
        assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("sauce: A paper", "unknown key 'sauce'"),
        ("funds: [{total: 8957000}]", "expected pounds as text"),
        ("boards:", "boards: expected a list"),
    ],
)
def test_files_with_a_mistake_in_a_file_are_refused_and_named(tmp_path, monkeypatch, wrong, words):
    (tmp_path / "southwark.yaml").write_text(wrong, encoding="utf-8")
    monkeypatch.setattr(demonstration_data, "FOLDER", tmp_path)

    with pytest.raises(ShapeError, match=r"southwark\.yaml") as refusal:
        demonstration_data.files.__wrapped__()

    assert words in str(refusal.value)
