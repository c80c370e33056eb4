"""Reading the data files that ship with the application."""

from pathlib import Path
from typing import Any

import yaml

from bcf_metrics.domain.shapes import ShapeError

DATA = Path(__file__).parent.parent / "data"


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml, eight times as fast
    """YAML without the trap that a key given twice silently keeps its last value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read(path: Path) -> Any:
    """The data of one YAML file; raises ShapeError, naming file and line, where it cannot be read."""
    try:
        # The loader is a SafeLoader: it makes plain data only.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ShapeError(path.name, [str(error)]) from error


def codes(folder: str) -> list[str]:
    """The names, without ending, of the files in a folder of data, in order."""
    return sorted(path.stem for path in (DATA / folder).glob("*.yaml"))
