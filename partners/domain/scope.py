"""For whom a person reads, as plain ids: what a request loads once with the account."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

# No organisation has this id. An empty list is no scope for a query: Django leaves out a condition that nothing meets,
# and with it the column that it stood in.
NOBODY = str(UUID(int=0))


@dataclass(frozen=True)
class Scope:
    """The ids of the partners that a person reads for today, and of what these inherited from others.

    `inherited` holds pairs of a predecessor and the area in which it is read; None stands for every area. `left` is
    whether one of the partners gave something up to a successor, so that it may have left boards and agreements.
    """

    partners: Sequence[str]
    inherited: Sequence[tuple[str, str | None]] = ()
    left: bool = True

    @property
    def ids(self) -> Sequence[str]:
        """The ids of the partners, to stand behind `__in`."""
        return self.partners or (NOBODY,)

    def predecessors(self) -> Iterator[tuple[str | None, list[str]]]:
        """Each area with the predecessors that are read in it, to stand behind `__in`."""
        in_order = sorted(self.inherited or [(NOBODY, None)], key=lambda pair: (pair[1] or "", pair[0]))
        for area, pairs in groupby(in_order, key=lambda pair: pair[1]):
            yield area, [predecessor for predecessor, _ in pairs]
