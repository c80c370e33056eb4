"""The shape of a row of the matrix, and what follows from it for each method and actor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.architecture.matrix.actors import (
    EVERYBODY,
    FEWEST,
    IN_ORDER,
    NOBODY,
    OUT,
    READERS,
    REFUSED,
    SIGNED_IN,
    Actors,
)
from tests.factories.everything import Everything

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SIGN_IN = 302
Sends = Callable[[Everything], Mapping[str, Any]]
Status = int


def nothing(made: Everything) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Act:
    """What a method of an address does: for whom, what is sent, and what is answered.

    `may` None: whoever may see the object. `writes`: the answer to those who may (or to some of them) leaves a trace in
    the tables, which proves that what was sent would have worked for anybody whom nothing stopped. `instead`: where
    some get another answer than follows from the rest.
    """

    may: Actors | None = None
    sends: Sends = nothing
    answer: Status = 200
    writes: bool | Actors = False
    instead: Mapping[Actors, Status] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """An address with an object in it (or none), for whom it is there at all, and what its methods do.

    `on` names for each part of the path an object of tests.factories.everything, or gives a text after "=".
    `visible`: for anybody else it is a 404, whatever the method.
    """

    name: str
    on: Mapping[str, str] = field(default_factory=dict)
    visible: Actors = SIGNED_IN
    acts: Mapping[str, Act] = field(default_factory=lambda: {"GET": Act()})
    case: str = ""
    query: str = ""
    # Whether roles could make a difference at all.
    roles: bool = True

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:") and self.name != "api:docs"

    @property
    def is_public(self) -> bool:
        return OUT in self.visible

    @property
    def title(self) -> str:
        return f"{self.name} ({self.case})" if self.case else self.name

    def expected(self, method: str, actor: str) -> Status:
        """The one status that is right. Decided in this order: sign-in, visible, method there, allowed, the rest."""
        act = self.acts.get(method)
        for actors, status in act.instead.items() if act else ():
            if actor in actors:
                return status
        if actor == OUT and not self.is_public:
            return 401 if self.is_api else SIGN_IN
        if actor not in self.visible:
            return 404
        if act is None:
            # An address that only takes POST has no page, so there is nothing at it for any other method.
            return 405 if self.is_api or "GET" in self.acts else 404
        if act.may is not None and actor not in act.may:
            return 403
        return act.answer

    def traces(self, method: str, actor: str) -> bool:
        """Whether the request leaves a trace in the tables; every other one must not."""
        act = self.acts.get(method)
        if act is None or not act.writes or self.expected(method, actor) != act.answer:
            return False
        return actor in (act.may if act.may is not None else self.visible) and (
            act.writes is True or actor in act.writes
        )

    def cells(self) -> list[tuple[str, str]]:
        """Every method with the actors that are tried.

        All of them where the method asks for a right. Where it only reads, one person stands for the other partner,
        whose roles do not differ in what they read, and in a further case of the same address for each partner. Where
        the address has no such method: everybody who may not see the object, and one who may.
        """
        found: list[tuple[str, str]] = []
        for method in METHODS:
            found += [(method, actor) for actor in IN_ORDER if actor in self._tried(self.acts.get(method))]
        return found

    def _tried(self, act: "Act | None") -> Actors:
        if act is None:
            return REFUSED
        if act.answer in (400, 409):
            return FEWEST | (act.may or NOBODY)
        if not self.roles or (self.case and act.may is None):
            return FEWEST
        return READERS if act.may is None else EVERYBODY


def page(
    name: str, *, visible: Actors = SIGNED_IN, case: str = "", query: str = "", may: Actors | None = None, **on: str
) -> Row:
    """A page to be read."""
    return Row(name, on, visible, {"GET": Act(may=may)}, case, query)


def form(
    name: str,
    *,
    visible: Actors = SIGNED_IN,
    may: Actors,
    sends: Sends = nothing,
    answer: Status = 302,
    read: Actors | None = None,
    writes: bool | None = None,
    case: str = "",
    query: str = "",
    **on: str,
) -> Row:
    """A page to be read by those of `read` (whoever sees it unless given), with something that those of `may` send."""
    wrote = answer < 400 if writes is None else writes
    return Row(
        name,
        on,
        visible,
        {"GET": Act(may=read), "POST": Act(may=may, sends=sends, answer=answer, writes=wrote)},
        case,
        query,
    )


def button(
    name: str,
    *,
    visible: Actors = SIGNED_IN,
    may: Actors | None,
    sends: Sends = nothing,
    answer: Status = 302,
    case: str = "",
    writes: bool | Actors | None = None,
    **on: str,
) -> Row:
    """An address that only takes what is sent to it."""
    act = Act(may=may, sends=sends, answer=answer, writes=answer < 400 if writes is None else writes)
    return Row(name, on, visible, {"POST": act}, case)


def account(name: str, *, out: Mapping[str, Status] | None = None, writes: str = "", **answers: Status) -> Row:
    """An address of signing in: what it answers to each method, and `out` to whoever is signed out."""
    acts = {
        method: Act(
            answer=answers.get(method, 405),
            writes=SIGNED_IN if method == writes else False,
            instead={frozenset({OUT}): out.get(method, 405)} if out is not None else {},
        )
        for method in METHODS
    }
    return Row(name, visible=EVERYBODY if out is not None else SIGNED_IN, acts=acts, roles=False)
