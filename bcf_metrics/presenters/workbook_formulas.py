"""The checklist as live formulas: what bcf_metrics.domain.completion decides in Python, said in a spreadsheet's way.

A test works the formulas out by itself and compares each answer with Python's, so that the two cannot part.
"""

from collections.abc import Callable

from bcf_metrics.domain.completion import Entry
from bcf_metrics.domain.rules import ALWAYS, NEVER, Op, Rule
from bcf_metrics.domain.templates import AMOUNTS, FieldType
from integration_hub.core.dates import EARLIEST, LATEST
from integration_hub.core.states import EFFECTS, FigureState, InWorkbook, state_words

CellOf = Callable[[str], str | None]
ShownAs = Callable[[str, str], str]

# Excel takes at most 255 characters between two quotes of a formula.
LONGEST_LITERAL = 250
_DATED = f"{state_words(FigureState.NOT_YET_AVAILABLE)} until "
EMPTY_WORDS = tuple(
    effect.words
    for state, effect in EFFECTS.items()
    if effect.in_workbook is InWorkbook.WORDS
    and effect.answers_the_checklist
    and state != FigureState.NOT_YET_AVAILABLE
)


def literal(text: str) -> str:
    """Text as a formula holds it: quotes doubled, in parts short enough for Excel."""
    parts = [text[start : start + LONGEST_LITERAL] for start in range(0, len(text), LONGEST_LITERAL)] or [""]
    return "&".join('"{}"'.format(part.replace('"', '""')) for part in parts)


def checker(entry: Entry, cell: str, required: str) -> str:
    """Yes or No for one cell: a good answer, or none where none is required."""
    valid = _valid(entry, cell)
    rule = entry.field.required
    if rule == ALWAYS:
        return f'=IF({valid},"Yes","No")'
    empty = _empty(entry, cell)
    if rule != NEVER:
        empty = f"AND({empty},NOT({required}))"
    return f'=IF({valid},"Yes",IF({empty},"Yes","No"))'


def condition(rule: Rule, cell_of: CellOf, shown: ShownAs) -> str:
    """A rule as a formula; `cell_of` gives the cell of a field, None where the year does not ask for it."""
    if rule.op in (Op.ALL, Op.ANY):
        parts = [condition(part, cell_of, shown) for part in rule.parts]
        if not parts:
            return "TRUE" if rule.op is Op.ALL else "FALSE"
        return f"{'AND' if rule.op is Op.ALL else 'OR'}({','.join(parts)})"
    if rule.op is Op.NOT:
        return f"NOT({condition(rule.parts[0], cell_of, shown)})"
    cells = [cell for name in rule.fields if (cell := cell_of(name)) is not None]
    if len(cells) < len(rule.fields):
        return "FALSE"
    if rule.op is Op.ANSWERED:
        return f"LEN({cells[0]})>0"
    if rule.op is Op.DIFFER:
        first, second = cells
        return f"AND(ISNUMBER({first}),ISNUMBER({second}),{first}<>{second})"
    return _one_of(cells[0], [shown(rule.fields[0], value) for value in rule.values])


def amount_rule(cell: str, limit: str) -> str:
    """The data validation of an amount that may be empty for a reason: pounds and pence, or the words."""
    number = f"AND({cell}>=0,{cell}<={limit},ROUND({cell},2)={cell})"
    words = ",".join(f"{cell}={literal(words)}" for words in EMPTY_WORDS)
    return f"=IF(ISNUMBER({cell}),{number},OR({words},LEFT({cell},{len(_DATED)})={literal(_DATED)}))"


def _valid(entry: Entry, cell: str) -> str:
    field = entry.field
    if field.type in AMOUNTS:
        number = f"AND(ISNUMBER({cell}),{cell}>=0,{cell}<={field.limit or 0:f})"
        if entry.figure is None:
            return number
        return f"OR({number},{_one_of(cell, EMPTY_WORDS)},EXACT(LEFT({cell},{len(_DATED)}),{literal(_DATED)}))"
    if field.type is FieldType.DATE:
        first, last = (f"DATE({day.year},{day.month},{day.day})" for day in (EARLIEST, LATEST))
        return f"AND(ISNUMBER({cell}),{cell}>={first},{cell}<={last})"
    if field.choices:
        return _one_of(cell, [words for _, words in field.choices])
    if field.format == "email":
        at = f'FIND("@",{cell})'
        none = ",".join(f"ISERROR(FIND({blank},{cell}))" for blank in ('" "', "CHAR(9)", "CHAR(10)"))
        once = f'LEN({cell})-LEN(SUBSTITUTE({cell},"@",""))=1'
        return f"IFERROR(AND({once},{at}>1,{at}<LEN({cell}),{none}),FALSE)"
    return f"AND(LEN({cell})>0,LEN({cell})<={field.max_length})"


def _empty(entry: Entry, cell: str) -> str:
    if entry.figure is None:
        return f"LEN({cell})=0"
    return f"OR(LEN({cell})=0,EXACT({cell},{literal(EFFECTS[FigureState.MISSING].words)}))"


def _one_of(cell: str, words: "list[str] | tuple[str, ...]") -> str:
    """EXACT, because = takes no notice of capitals and the application does."""
    tests = [f"EXACT({cell},{literal(word)})" for word in words]
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"
