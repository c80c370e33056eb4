"""The list of a person's sessions."""

from collections.abc import Iterable
from dataclasses import dataclass

from partners.models import Session
from partners.presenters import devices


@dataclass(frozen=True)
class SessionRow:
    """A session as its person sees it."""

    session: Session
    is_this: bool

    @property
    def device_words(self) -> str:
        return devices.words(self.session.device)

    @property
    def about(self) -> str:
        """What the button that ends it says to screen readers."""
        return f"{self.device_words}, {self.session.address or 'address not known'}"


def rows(found: Iterable[Session], *, this: str) -> list[SessionRow]:
    """The sessions in their order, the one that asks marked."""
    return [SessionRow(session, session.session_key == this) for session in found]
