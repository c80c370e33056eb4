"""Why an amount or figure is empty. Zero is never shown for missing (docs/domain/empty-figures.md has the effects)."""

from enum import StrEnum


class AmountState(StrEnum):
    """Of a budget, contribution or target: an amount that somebody still has to state."""

    STATED = "stated"
    TO_BE_CONFIRMED = "to_be_confirmed"
    NOT_STATED = "not_stated"


class TargetState(StrEnum):
    SET = "set"
    NOT_YET_DEFINED = "not_yet_defined"


class FigureState(StrEnum):
    """Of an actual or forecast. Nil counts as 0.00; the others are no number at all."""

    STATED = "stated"
    NIL = "nil"
    NOT_APPLICABLE = "not_applicable"
    NOT_YET_AVAILABLE = "not_yet_available"
    SUPPRESSED = "suppressed"
    MISSING = "missing"
