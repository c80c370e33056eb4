"""The demonstration: what five published papers state, entered through the services that people use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from bcf_metrics.services import plans as metric_plans
from governance.models import Board, BoardLink
from governance.services import boards
from integration_hub.core.errors import HubError
from integration_hub.core.states import AmountState
from partners.domain import register_files
from partners.domain.capacities import capacity_words
from partners.domain.roles import READING_ROLES, Role
from partners.models import Area, Organisation, User
from partners.services import memberships, organisations, people
from pooled_budgets.models import Agreement, Fund, FundingStream
from pooled_budgets.services import agreements, funds
from reports.services import demonstration_data, reference_data

SYSTEM = "load_demo"
OPERATIONS = ("hub-operations", "Integration Hub operations")
OPERATOR = "operator@hub.example"
LONDON = ZoneInfo(settings.TIME_ZONE)
# What people of a partner may hold; the operator's role is the installation's own.
PARTNER_ROLES = tuple(role for role in Role if role in READING_ROLES)
# Two loads at once wait for each other on this number; any will do as long as it stays.
ADVISORY_LOCK = 7_202_015


class CannotLoad(HubError):
    """The demonstration is not for this database, or is there already."""

    code = "demonstration_refused"


@dataclass
class Cast:
    """What was loaded, by the keys of the files (people by their addresses)."""

    areas: dict[str, Area] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    funds: dict[str, Fund] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    # In which capacity an approver signs, by their address.
    capacities: dict[str, str] = field(default_factory=dict)

    def person(self, role: str, partner: str) -> User:
        """The person who holds a role for a partner, both by key: person("finance", "southwark-council")."""
        return self.people[f"{role}@{partner}.example"]


def is_empty() -> bool:
    """Whether nobody is there yet, and no organisation but those that every installation ships with."""
    shipped = [body.key for body in (*register_files.councils(), *register_files.icbs())]
    return not User.objects.exists() and not Organisation.objects.exclude(key__in=shipped).exists()


@transaction.atomic
def load(*, at: datetime) -> Cast:
    """Enter the areas, partners, boards, accounts, agreements and funds of the five papers, all or nothing.

    Raises CannotLoad without DEMO, beside real people, and where something is entered already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
    _check_may_load()
    reference_data.load(at=at, system=SYSTEM)
    cast = Cast()
    # Argon2 takes its time on purpose; all these accounts have one password, and so one hash.
    encoded = make_password(settings.DEMO_PASSWORD)
    for file in demonstration_data.files():
        # What a paper states is entered on the first morning of its year, so that all that follows comes later.
        began = datetime.combine(file["people_from"], time(9), tzinfo=LONDON)
        _load_directory(cast, file, at=began)
        _load_people(cast, file, encoded=encoded, at=began)
        _load_boards(cast, file, encoded=encoded, at=began)
        _load_money(cast, file, at=began)
    _load_operator(cast, encoded=encoded, at=at)
    return cast


def _check_may_load() -> None:
    if not settings.DEMO:
        raise CannotLoad("There is no demonstration here (DEMO is not 1). Nothing was loaded.")
    if User.objects.filter(is_demonstration=False).exists():
        raise CannotLoad(
            "Real people have accounts in this database, and demonstration accounts, which need no second factor, "
            "never stand beside them. Nothing was loaded. Use an empty database."
        )
    if not is_empty():
        raise CannotLoad(
            "Something is entered in this database already, so nothing was loaded. `make demo-reset` begins again."
        )


def _load_directory(cast: Cast, file: dict[str, Any], *, at: datetime) -> None:
    """Most areas, councils and integrated care boards are in the register already; the papers add to them."""
    for row in file["areas"]:
        cast.areas[row["key"]] = Area.objects.get(ons_code=row["ons_code"])
    registered = set(Organisation.objects.values_list("key", flat=True))
    for row in file["organisations"]:
        if row["key"] not in registered:
            organisations.register(key=row["key"], name=row["name"], kind=row["kind"], at=at, system=SYSTEM)
        cast.organisations[row["key"]] = organisations.describe(
            key=row["key"],
            areas=[cast.areas[key] for key in row["areas"]],
            note=row.get("note", ""),
            codes=row.get("codes", {}),
            source="General knowledge",
            at=at,
            system=SYSTEM,
        )


def _load_people(cast: Cast, file: dict[str, Any], *, encoded: str, at: datetime) -> None:
    """One account for each role of each partner that has accounts, and those of who signs returns beside them."""
    for row in file["organisations"]:
        if not row.get("accounts", False):
            continue
        partner = cast.organisations[row["key"]]
        named = {f"{account}@{partner.key}.example": words for account, words in row.get("signatories", {}).items()}
        cast.capacities |= named
        for role in PARTNER_ROLES:
            email = f"{role.value}@{partner.key}.example"
            person = _person(cast, email, name=f"{role.words}, {partner.name}", encoded=encoded, at=at)
            memberships.grant(
                person=person,
                organisation=partner,
                role=role,
                starts_on=file["people_from"],
                capacity=named.pop(email, ""),
                by=None,
                at=at,
                system=SYSTEM,
            )
        for email, capacity in named.items():
            name = f"{capacity_words(capacity)}, {partner.name}"
            person = _person(cast, email, name=name, encoded=encoded, at=at)
            memberships.grant(
                person=person,
                organisation=partner,
                role=Role.APPROVER,
                starts_on=file["people_from"],
                capacity=capacity,
                by=None,
                at=at,
                system=SYSTEM,
            )

    for successor, predecessor in file.get("same_people", {}).items():
        for role in PARTNER_ROLES:
            person = cast.person(role.value, predecessor)
            memberships.grant(
                person=person,
                organisation=cast.organisations[successor],
                role=role,
                starts_on=file["people_from"],
                capacity=cast.capacities.get(person.email, ""),
                by=None,
                at=at,
                system=SYSTEM,
            )


def _load_boards(cast: Cast, file: dict[str, Any], *, encoded: str, at: datetime) -> None:
    """The boards, then the lines between them, their meetings, and the people who only sit on one."""
    for row in file["boards"]:
        note = row.get("parties_note", "")
        cast.boards[row["key"]] = boards.create(
            key=row["key"],
            name=row["name"],
            kind=row["kind"],
            area=cast.areas[row["area"]],
            parties=[boards.Party(cast.organisations[key], note) for key in row["parties"]],
            status=row.get("status", "formal"),
            since=row.get("since", ""),
            note=row.get("note", ""),
            at=at,
            system=SYSTEM,
        )
    for row in file["boards"]:
        child = cast.boards[row["key"]]
        for parent in row.get("accountable_to", []):
            boards.link(child=child, parent=cast.boards[parent], at=at, system=SYSTEM)
        for moved in row.get("functions_moved_to", []):
            boards.link(
                child=child,
                parent=cast.boards[moved["board"]],
                kind=BoardLink.FUNCTIONS_MOVED,
                note=moved["note"],
                at=at,
                system=SYSTEM,
            )
    for row in file["meetings"]:
        boards.add_meeting(
            board=cast.boards[row["board"]],
            held_on=row["held_on"],
            title=row["title"],
            purpose=row.get("purpose", ""),
            outcome=row.get("outcome", ""),
            at=at,
            system=SYSTEM,
        )
    for row in file["seats"]:
        board = cast.boards[row["board"]]
        name = f"{row['title']}, {board.name}"
        person = _person(cast, row["email"], name=name, encoded=encoded, at=at)
        boards.seat(board=board, person=person, title=row["title"], starts_on=file["people_from"], at=at, system=SYSTEM)


def _load_money(cast: Cast, file: dict[str, Any], *, at: datetime) -> None:
    for row in file["agreements"]:
        cast.agreements[row["key"]] = agreements.create(
            key=row["key"],
            title=row["title"],
            kind=row["kind"],
            status=row["status"],
            area=cast.areas[row["area"]],
            board=cast.boards[row["board"]],
            host=_optional(cast.organisations.__getitem__, row.get("host")),
            parties=[cast.organisations[key] for key in row["parties"]],
            statutory_basis=row.get("statutory_basis", ""),
            note=row.get("note", ""),
            by=None,
            at=at,
            system=SYSTEM,
        )
    for row in file["funds"]:
        fund = funds.create(
            agreement=cast.agreements[row["agreement"]],
            owner=cast.organisations[row["owner"]],
            financial_year=row["financial_year"],
            name=row["name"],
            total=_optional(Decimal, row["total"]),
            total_state=row.get("total_state", AmountState.STATED),
            total_note=row["total_note"],
            split_note=row["split_note"],
            source=file["source"],
            discrepancies=row.get("discrepancies", []),
            illustrative=row.get("illustrative", False),
            by=None,
            at=at,
            system=SYSTEM,
        )
        cast.funds[row["key"]] = fund
        _load_funding(cast, fund, row.get("funding", []), at=at)
    for row in file.get("metric_plans", []):
        _load_metric_plans(cast, row, at=at)


def _load_funding(cast: Cast, fund: Fund, rows: Iterable[dict[str, Any]], *, at: datetime) -> None:
    streams = {stream.key: stream for stream in FundingStream.objects.filter(financial_year=fund.financial_year)}
    for row in rows:
        funds.add_funding(
            fund=fund,
            source=row["source"],
            amount=_optional(Decimal, row["amount"]),
            state=row.get("state", AmountState.STATED),
            payer=_optional(cast.organisations.__getitem__, row.get("payer")),
            stream=_optional(streams.__getitem__, row.get("stream")),
            note=row.get("note", ""),
            illustrative=row.get("illustrative", False),
            by=None,
            at=at,
            system=SYSTEM,
        )


def _load_metric_plans(cast: Cast, rows: dict[str, Any], *, at: datetime) -> None:
    """What a fund's partners aim at, released to them. A metric without a target is not yet defined."""
    for row in rows["metrics"]:
        metric_plans.set(
            fund=cast.funds[rows["fund"]],
            owner=cast.organisations[rows["owner"]],
            code=row["code"],
            name=row["name"],
            unit=row["unit"],
            target=_optional(Decimal, row["target"]),
            target_period=row.get("target_period", ""),
            baseline=_optional(Decimal, row.get("baseline")),
            baseline_period=row.get("baseline_period", ""),
            illustrative=rows.get("illustrative", False),
            by=None,
            at=at,
            system=SYSTEM,
        )


def _load_operator(cast: Cast, *, encoded: str, at: datetime) -> None:
    key, name = OPERATIONS
    operations = organisations.register(key=key, name=name, kind="other", at=at, system=SYSTEM)
    cast.organisations[key] = operations
    person = _person(cast, OPERATOR, name=f"{Role.OPERATOR.words}, {name}", encoded=encoded, at=at)
    memberships.grant(
        person=person,
        organisation=operations,
        role=Role.OPERATOR,
        starts_on=at.date(),
        by=None,
        at=at,
        system=SYSTEM,
    )


def _person(cast: Cast, email: str, *, name: str, encoded: str, at: datetime) -> User:
    person = people.create_person(
        email=email, name=name, encoded_password=encoded, demonstration=True, by=None, at=at, system=SYSTEM
    )
    cast.people[email] = person
    return person


def _optional(make: Callable[[str], Any], value: str | None) -> Any:
    return None if value is None else make(value)
