"""Partners that end, and those that follow them, with money, boards and people, for the tests of succession."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from governance.models import Board, Seat
from partners.domain.roles import Role
from partners.models import Area, Organisation, OrganisationArea, Succession, User
from partners.selectors import successions as selectors
from partners.services import successions
from partners.services.successions import Wanted
from pooled_budgets.models import Agreement, Fund, FundingLine
from tests.factories.money import AgreementFactory, BoardFactory, FundFactory, join_agreement, join_board
from tests.factories.partners import LONG_AGO, AreaFactory, OrganisationFactory, UserFactory, give_role

JULY_2022 = date(2022, 7, 1)
THEN = datetime(2022, 7, 4, 12, 0, tzinfo=UTC)


@dataclass
class Stage:
    """Organisations, areas and funds by a short name; `people["role", "name"]`."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    funds: dict[str, Fund] = field(default_factory=dict)
    people: dict[tuple[str, str], User] = field(default_factory=dict)

    def organisation(self, name: str, kind: str = "ccg", *areas: str, title: str = "") -> Organisation:
        self.organisations[name] = OrganisationFactory(key=name, name=title or f"NHS {name.upper()}", kind=kind)
        for area in areas:
            OrganisationArea.objects.create(organisation=self.organisations[name], area=self.area(area))
        return self.organisations[name]

    def area(self, name: str) -> Area:
        if name not in self.areas:
            self.areas[name] = AreaFactory(name=name)
        return self.areas[name]

    def person(self, role: str, name: str) -> User:
        if (role, name) not in self.people:
            user = UserFactory(email=f"{role}@{name}.example", name=f"{role.capitalize()} of {name}")
            give_role(user, self.organisations[name], Role(role))
            self.people[role, name] = user
        return self.people[role, name]

    def operator(self, number: int = 1) -> User:
        if "operations" not in self.organisations:
            self.organisations["operations"] = OrganisationFactory(key="operations", name="Operations", kind="other")
        key = ("operator", f"operations{number}")
        if key not in self.people:
            self.people[key] = UserFactory(email=f"operator{number}@hub.example", name=f"Operator {number}")
            give_role(self.people[key], self.organisations["operations"], Role.OPERATOR)
        return self.people[key]

    def fund(self, name: str, area: str, owner: str, *parties: str, year: int = 2022, total: str = "0") -> Fund:
        """A fund of an area's agreement, under the area's board, that the owner keeps; made with its agreement."""
        if area not in self.agreements:
            self.boards[area] = BoardFactory(key=f"board-{area}", name=f"{area} board", area=self.area(area))
            members = [self.organisations[key] for key in (owner, *parties)]
            join_board(self.boards[area], *members)
            self.agreements[area] = AgreementFactory(
                key=f"agreement-{area}",
                title=f"{area} agreement",
                area=self.area(area),
                board=self.boards[area],
                host=self.organisations[owner],
            )
            join_agreement(self.agreements[area], *members)
        self.funds[name] = FundFactory(
            agreement=self.agreements[area],
            owner=self.organisations[owner],
            name=name,
            financial_year=year,
            total=Decimal(total),
            released_at=datetime(year, 4, 1, tzinfo=UTC),
        )
        return self.funds[name]

    def pays(self, fund: str, payer: str, amount: str | None, source: str = "Minimum contribution") -> FundingLine:
        held = self.funds[fund]
        return FundingLine.objects.create(
            fund=held,
            owner=held.owner,
            position=held.funding_lines.count() + 1,
            source=source,
            payer=self.organisations[payer],
            amount=None if amount is None else Decimal(amount),
            state="stated" if amount is not None else "to_be_confirmed",
            at=held.year.starts_on,
            released_at=held.released_at,
        )

    def seat(self, area: str, appointed_by: str, title: str = "Chief officer") -> Seat:
        return Seat.objects.create(
            board=self.boards[area],
            person=UserFactory(),
            title=title,
            appointed_by=self.organisations[appointed_by],
            starts_on=LONG_AGO,
        )

    def line(self, predecessor: str, successor: str, share: str = "1", area: str = "", **options: bool) -> Wanted:
        return Wanted(
            predecessor=self.organisations[predecessor],
            successor=self.organisations[successor],
            share=Fraction(share),
            area=self.areas[area] if area else None,
            **options,
        )

    def prepare(self, kind: str, *lines: Wanted, on: date = JULY_2022, **options: object) -> Succession:
        return successions.prepare(
            kind=kind,
            effective_on=on,
            legal_reference="Health and Care Act 2022, section 14",
            lines=lines,
            by=self.operator(),
            at=THEN,
            **options,
        )

    def preview(self, draft: Succession) -> selectors.Preview:
        return selectors.preview(draft, selectors.lines_of(draft))

    def agree(self, draft: Succession, name: str) -> None:
        successions.agree(
            succession_id=draft.pk,
            organisation=self.organisations[name],
            seen=self.preview(draft).sha256,
            by=self.person("admin", name),
            at=THEN,
        )

    def confirm(self, draft: Succession, *, by: User | None = None, at: datetime = THEN) -> Succession:
        return successions.confirm(
            succession_id=draft.pk, seen=self.preview(draft).sha256, by=by or self.operator(2), at=at
        )


def paid(fund: Fund) -> dict[str, Decimal | None]:
    """What each payer puts into a fund, in pounds; the sum of its lines."""
    found: dict[str, Decimal | None] = {}
    for line in fund.funding_lines.select_related("payer").order_by("position"):
        name = line.payer.key if line.payer else ""
        found[name] = None if line.amount is None else (found.get(name) or Decimal(0)) + line.amount
    return found
