from governance.models.authority import Authorised, Decision, Delegation, at_most_one_authority
from governance.models.board import Board, BoardLink, BoardParty, Seat
from governance.models.meeting import Meeting

__all__ = [
    "Authorised",
    "Board",
    "BoardLink",
    "BoardParty",
    "Decision",
    "Delegation",
    "Meeting",
    "Seat",
    "at_most_one_authority",
]
