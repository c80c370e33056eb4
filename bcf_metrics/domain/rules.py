"""When a field must be answered: a small rule in data, never code.

"always", "never", or `{when: condition}`, where a condition is one of

    {field: answer, is: "No"}       {field: answer, is_not: "Yes"}     {field: answer, in: ["No", "Part"]}
    {field: answer, answered: true} {differ: [actual, plan]}
    {all: [condition, ...]}         {any: [condition, ...]}            {not: condition}

`differ` holds where both fields are numbers and not the same number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bcf_metrics.domain.shapes import Shape, boolean, list_of, parse_decimal, record, text
from bcf_metrics.domain.words import listed

Lookup = Callable[[str], str | None]
ShownAs = Callable[[str, str], str]


class Op(StrEnum):
    """What a rule asks."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    IN = "in"
    ANSWERED = "answered"
    DIFFER = "differ"


@dataclass(frozen=True)
class Rule:
    """One node: IN looks for `values` in `fields[0]`, ANSWERED and DIFFER ask `fields`, the rest `parts`."""

    op: Op
    fields: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    parts: "tuple[Rule, ...]" = ()

    def holds(self, answer: Lookup) -> bool:
        """Whether the rule holds for answers looked up by field; None is an empty one."""
        if self.op is Op.ALL:
            return all(part.holds(answer) for part in self.parts)
        if self.op is Op.ANY:
            return any(part.holds(answer) for part in self.parts)
        if self.op is Op.NOT:
            return not self.parts[0].holds(answer)
        if self.op is Op.ANSWERED:
            return answer(self.fields[0]) is not None
        if self.op is Op.DIFFER:
            numbers = [parse_decimal(answer(name) or "") for name in self.fields]
            return None not in numbers and numbers[0] != numbers[1]
        return answer(self.fields[0]) in self.values

    def words(self, label: Callable[[str], str], shown: ShownAs) -> str:
        """The rule as the end of a sentence: 'because "Answer" is "No"'. Empty for always and never."""
        if self.op in (Op.ALL, Op.ANY):
            joined = [part.words(label, shown) for part in self.parts]
            return listed(joined, last="and" if self.op is Op.ALL else "or")
        if self.op is Op.NOT:
            return f"not: {self.parts[0].words(label, shown)}"
        if self.op is Op.ANSWERED:
            return f'"{label(self.fields[0])}" is answered'
        if self.op is Op.DIFFER:
            return f'"{label(self.fields[0])}" differs from "{label(self.fields[1])}"'
        options = [f'"{shown(self.fields[0], value)}"' for value in self.values]
        return f'"{label(self.fields[0])}" is {listed(options, last="or")}'

    def asked(self) -> Iterator[str]:
        """Each field that the rule looks at."""
        yield from self.fields
        for part in self.parts:
            yield from part.asked()


ALWAYS = Rule(Op.ALL)
NEVER = Rule(Op.ANY)


def shape(value: object, where: str) -> Iterator[str]:
    """The shape of a rule in data, for bcf_metrics.domain.shapes."""
    if value in ("always", "never"):
        return
    if isinstance(value, str):
        yield f"{where}: expected always, never or {{when: ...}}, found {value!r}"
        return
    yield from record({"when": _condition})(value, where)


def parse(value: Any) -> Rule:
    """The rule of data that has the shape."""
    if isinstance(value, str):
        return {"always": ALWAYS, "never": NEVER}[value]
    return _parse_condition(value["when"])


def _condition(value: object, where: str) -> Iterator[str]:
    """Choose the form by its key, so that the problem named is the one that was made."""
    keys = set(value) if isinstance(value, dict) else set()
    for key, form in _FORMS.items():
        if key in keys:
            yield from form(value, where)
            return
    yield f"{where}: expected a condition with one of {', '.join(_FORMS)}"


def _parse_condition(value: dict[str, Any]) -> Rule:
    if "all" in value or "any" in value:
        op = Op.ALL if "all" in value else Op.ANY
        return Rule(op, parts=tuple(_parse_condition(part) for part in value[op]))
    if "not" in value:
        return Rule(Op.NOT, parts=(_parse_condition(value["not"]),))
    if "differ" in value:
        return Rule(Op.DIFFER, fields=tuple(value["differ"]))
    fields = (value["field"],)
    if "in" in value:
        return Rule(Op.IN, fields, tuple(value["in"]))
    if "is" in value:
        return Rule(Op.IN, fields, (value["is"],))
    if "is_not" in value:
        return Rule(Op.NOT, parts=(Rule(Op.IN, fields, (value["is_not"],)),))
    answered = Rule(Op.ANSWERED, fields)
    return answered if value["answered"] else Rule(Op.NOT, parts=(answered,))


def _two_fields(value: object, where: str) -> Iterator[str]:
    yield from list_of(text)(value, where)
    if isinstance(value, list) and len(value) != 2:
        yield f"{where}: expected two fields, found {len(value)}"


_FORMS: dict[str, Shape] = {
    "all": record({"all": list_of(_condition)}),
    "any": record({"any": list_of(_condition)}),
    "not": record({"not": _condition}),
    "differ": record({"differ": _two_fields}),
    "in": record({"field": text, "in": list_of(text)}),
    "is_not": record({"field": text, "is_not": text}),
    "is": record({"field": text, "is": text}),
    "answered": record({"field": text, "answered": boolean}),
}
