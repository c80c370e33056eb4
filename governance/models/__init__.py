from governance.models.board import Board, BoardLink, BoardParty, Seat
from governance.models.meeting import Meeting

__all__ = ["Board", "BoardLink", "BoardParty", "Meeting", "Seat"]
