"""How an upper app gives to a lower page: providers registered in AppConfig.ready(), asked in order of registration.

Each provider reads through `visible_to`, in a constant number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
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
