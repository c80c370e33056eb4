"""Two neighbourhoods of partners: one to work in, one of strangers who must see nothing of it."""

from dataclasses import dataclass, field

from governance.models import Board, Meeting, Seat
from integration_hub.core.models import Period
from partners.domain.roles import Role
from partners.models import Area, Organisation, User
from pooled_budgets.models import Agreement, Fund
from tests.factories.money import (
    AgreementFactory,
    BoardFactory,
    FundFactory,
    MeetingFactory,
    join_agreement,
    join_board,
    quarter,
)
from tests.factories.partners import LONG_AGO, AreaFactory, OrganisationFactory, UserFactory, give_role


@dataclass
class World:
    """`people["finance", "council"]` is a person; partners are "council", "ccg" and, strangers, "hackney"."""

    area: Area
    council: Organisation
    ccg: Organisation
    hackney: Organisation
    board: Board
    meeting: Meeting
    agreement: Agreement
    fund: Fund
    period: Period
    people: dict[tuple[str, str], User] = field(default_factory=dict)
    board_member: User | None = None

    def person(self, role: str, partner: str = "council") -> User:
        """A person with one role in one partner, made when first asked for."""
        key = (role, partner)
        if key not in self.people:
            user = UserFactory(email=f"{role}@{partner}.example", name=f"{role.capitalize()} of {partner}")
            give_role(user, getattr(self, partner), Role(role))
            self.people[key] = user
        return self.people[key]

    def sitting_member(self) -> User:
        """A person who only sits on the board and acts for no partner."""
        if self.board_member is None:
            self.board_member = UserFactory(email="member@southwark-hwb.example", name="Member of the board")
            Seat.objects.create(board=self.board, person=self.board_member, title="Member", starts_on=LONG_AGO)
        return self.board_member


def build() -> World:
    area = AreaFactory(name="Southwark", ons_code="E09000028")
    council = OrganisationFactory(key="southwark-council", name="Southwark Council", kind="london_borough")
    ccg = OrganisationFactory(key="southwark-ccg", name="NHS Southwark CCG", kind="ccg")
    hackney = OrganisationFactory(key="hackney-council", name="London Borough of Hackney", kind="london_borough")
    board = BoardFactory(key="southwark-hwb", name="Southwark Health and Wellbeing Board", area=area)
    join_board(board, council, ccg)
    agreement = AgreementFactory(key="southwark-bcf", title="Southwark Better Care Fund", area=area, board=board)
    join_agreement(agreement, council, ccg)
    fund = FundFactory(agreement=agreement, owner=council, name="Southwark Better Care Fund")
    return World(
        area=area,
        council=council,
        ccg=ccg,
        hackney=hackney,
        board=board,
        meeting=MeetingFactory(board=board),
        agreement=agreement,
        fund=fund,
        period=quarter(2014, 1),
    )
