"""How an upper app gives to a lower page: providers registered in AppConfig.ready(), asked in order of registration.

Each provider reads through `visible_to`, in a constant number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeVar

Provider = TypeVar("Provider", bound=Callable[..., Any])


@dataclass(frozen=True)
class Task:
    """Something that waits for the reader: where to do it, by when, and for which partner."""

    title: str
    url: str
    partner: str
    detail: str = ""
    due_on: date | None = None


class Providers(Generic[Provider]):
    """A list of functions that a page asks; registering one twice changes nothing."""

    def __init__(self) -> None:
        self._providers: list[Provider] = []

    def register(self, provider: Provider) -> Provider:
        if provider not in self._providers:
            self._providers.append(provider)
        return provider

    def __iter__(self) -> Any:
        return iter(self._providers)


# Called with user and on (a date); each returns a list of Task.
tasks: Providers[Callable[..., list[Task]]] = Providers()


@dataclass(frozen=True)
class Link:
    """A link on a lower app's page to something of an upper app, with a word on its state."""

    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Panel:
    """A titled list of links; an empty one is not shown."""

    title: str
    links: list[Link]


# Called with user and board; each returns a Panel for the board's page.
board_panels: Providers[Callable[..., Panel]] = Providers()

# Called with user and organisation, and with user and area; each returns a Panel for the page of the register.
organisation_panels: Providers[Callable[..., Panel]] = Providers()
area_panels: Providers[Callable[..., Panel]] = Providers()


# Called with fund, period, by and at, inside the transaction that changed what partners see of a period's outturns.
outturns_changed: Providers[Callable[..., None]] = Providers()


@dataclass(frozen=True)
class Holding:
    """One thing that an organisation holds and a successor takes. Ids are text; `amount` is in pounds.

    `divides`: the amount is split by share, after the part of its period that had `elapsed`; `shared`:
    every successor takes a place of it, as a party does; all else goes whole to the one that takes what cannot be
    divided. `count` says how many rows a line stands for.
    """

    kind: str
    key: str
    organisation: str
    label: str
    area: str = ""
    period: str = ""
    amount: Decimal | None = None
    divides: bool = False
    shared: bool = False
    elapsed: Fraction = Fraction(0)
    count: int = 1


@dataclass(frozen=True)
class Taking:
    """A holding with the successors that take it, whoever takes what cannot be divided first, and pounds for each.

    `amounts` holds the part that stays with the predecessor under an empty key.
    """

    holding: Holding
    successors: tuple[str, ...]
    amounts: dict[str, Decimal]

    @property
    def keeper(self) -> str:
        return self.successors[0]


@dataclass(frozen=True)
class SuccessionProvider:
    """What an app knows of a succession.

    `holdings(organisations, on=, lock=)` takes ids and lists what moves, in a constant number of queries;
    `move(takings, on=, by=, at=)` moves exactly that, inside the caller's transaction.
    """

    holdings: Callable[..., list[Holding]]
    move: Callable[..., None]


# Asked in order of registration, lower apps first.
successions: list[SuccessionProvider] = []


def register_succession(provider: SuccessionProvider) -> None:
    """Registering one twice changes nothing."""
    if provider not in successions:
        successions.append(provider)
