"""In random worlds nobody reads another partner's draft, by whatever way: pages, API, search, dashboards, timelines.

Random memberships, seats, parties and release states. What each person may read is worked out here in a few lines of
plain Python, from the rule and not from the querysets, and compared with what querysets, reasons and pages answer.
"""

import itertools
from datetime import date, timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from governance.models import Board, BoardParty, Seat
from partners.domain.roles import READING_ROLES, Role
from partners.models import Membership, Organisation, User
from partners.permissions import group_for
from partners.selectors import kinds, why
from pooled_budgets.models import Agreement, AgreementParty, Forecast, Fund, FundingLine, Scheme
from programme.models import Risk
from tests.factories.money import BoardFactory, quarter
from tests.factories.partners import LONG_AGO, NOON, OrganisationFactory, UserFactory

PARTNERS = 3

memberships = st.lists(
    st.tuples(
        st.integers(0, PARTNERS - 1),
        st.sampled_from([Role.FINANCE, Role.MEMBER, Role.AUDITOR, Role.ADMIN, Role.OPERATOR]),
        st.sampled_from(["now", "over", "not yet"]),
    ),
    max_size=3,
    unique_by=lambda held: (held[0], held[1]),
)
parties = st.sets(st.integers(0, PARTNERS - 1), max_size=PARTNERS)
# (owner, fund released, row on it: owner, released)
rows = st.lists(
    st.tuples(st.integers(0, PARTNERS - 1), st.booleans(), st.integers(0, PARTNERS - 1), st.booleans()),
    min_size=1,
    max_size=2,
)
PATHS = (
    "/",
    "/funds/",
    "/programme/",
    "/reports/",
    "/returns/",
    "/boards/",
    "/api/v1/funds/",
    "/api/v1/contributions/",
    "/api/v1/schemes/",
    "/api/v1/forecasts/",
    "/api/v1/agreements/",
)
COUNT = itertools.count()


class RandomWorlds(TestCase):
    @examples(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(held=memberships, sits=st.booleans(), in_agreement=parties, on_board=parties, funds=rows)
    def test_nobody_reads_anothers_draft(self, held, sits, in_agreement, on_board, funds):
        mark = next(COUNT)
        partners = [OrganisationFactory(key=f"p{mark}-{n}", name=f"Partner {mark} {n}") for n in range(PARTNERS)]
        person = UserFactory(email=f"random{mark}@partner.example")
        reads = appoint(person, partners, held)
        board = BoardFactory(key=f"b{mark}", name=f"Board {mark}")
        BoardParty.objects.bulk_create(BoardParty(board=board, organisation=partners[n]) for n in on_board)
        agreement = Agreement.objects.create(
            key=f"a{mark}",
            title=f"Agreement {mark}",
            kind="preparatory",
            status="in_force",
            area=board.area,
            board=board,
        )
        AgreementParty.objects.bulk_create(
            AgreementParty(agreement=agreement, organisation=partners[n]) for n in in_agreement
        )
        if sits:
            Seat.objects.create(board=board, person=person, title="Member", starts_on=LONG_AGO)

        shares = sits or bool(reads & in_agreement)
        knows_board = sits or bool(reads & on_board)
        seen, hidden = set(), set()
        for number, (owner, fund_released, row_owner, row_released) in enumerate(funds):
            released = (fund_released, row_released)
            words = make(f"{mark}-{number}", agreement, board, partners[owner], partners[row_owner], released)
            sees_fund = owner in reads or (fund_released and shares)
            sees_row = row_owner in reads or (row_released and sees_fund)
            sees_risk = row_owner in reads or (row_released and knows_board)
            for word, sees in zip(words, (sees_fund, sees_row, sees_row, sees_risk), strict=True):
                (seen if sees else hidden).add(word)

        assert {fund.name for fund in Fund.objects.visible_to(person)} == {word for word in seen if "FUND" in word}
        assert {line.source for line in FundingLine.objects.visible_to(person)} == {
            word for word in seen if "LINE" in word
        }
        assert {found.name for found in Scheme.objects.visible_to(person)} == {
            word for word in seen if "SCHEME" in word
        }
        assert {risk.text for risk in Risk.objects.visible_to(person)} == {word for word in seen if "RISK" in word}
        assert Board.objects.visible_to(person).filter(pk=board.pk).exists() is knows_board
        assert Agreement.objects.visible_to(person).filter(pk=agreement.pk).exists() is shares
        reasons_agree(person)
        read_everything(person, hidden)


def appoint(person: User, partners: list[Organisation], held: list[tuple[int, Role, str]]) -> set[int]:
    """Give the roles; answers the partners whose figures the person reads today."""
    today, days = timezone.localdate(), {"now": (-30, 30), "over": (-30, -1), "not yet": (1, 30)}
    for partner, role, when in held:
        first, last = days[when]
        group = group_for(partners[partner], role)
        Membership.objects.create(
            person=person,
            organisation=partners[partner],
            role=role.value,
            group=group,
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last),
        )
        person.groups.add(group)
    return {partner for partner, role, when in held if when == "now" and role in READING_ROLES}


def make(mark, agreement, board, owner, row_owner, released) -> tuple[str, str, str, str]:
    """A fund with a line, a scheme with a projected outturn, and a risk; each with a word that stands nowhere else."""
    fund_at, row_at = (NOON if yes else None for yes in released)
    words = (
        f"FUND-{mark}-X",
        f"LINE-{mark}-X",
        f"SCHEME-{mark}-X",
        f"RISK-{mark}-X",
    )
    fund = Fund.objects.create(
        agreement=agreement, owner=owner, financial_year=2014, name=words[0], released_at=fund_at, total=1
    )
    shared = {"owner": row_owner, "released_at": row_at}
    FundingLine.objects.create(fund=fund, position=1, source=words[1], at=date(2014, 4, 1), amount=1, **shared)
    scheme = Scheme.objects.create(fund=fund, number="1", position=1, name=words[2], **shared)
    Forecast.objects.create(
        scheme=scheme,
        period=quarter(2014, 1),
        amount=1,
        state="stated",
        at=date(2014, 6, 30),
        entered_by=UserFactory(email=f"by{mark}@partner.example"),
        entered_at=NOON,
        note=words[2],
        **shared,
    )
    Risk.objects.create(board=board, text=words[3], at=date(2014, 4, 1), **shared)
    return words


def reasons_agree(person: User) -> None:
    """A reason is given exactly where the object is seen."""
    for slug in ("fund", "board", "agreement", "risk", "organisation"):
        kind = kinds.named(slug)
        seen = set(kind.model._default_manager.filter(kinds.either(kind.ways(person))).values_list("pk", flat=True))
        for pk in kind.model._default_manager.values_list("pk", flat=True):
            assert bool(why.reasons(person, kind, pk)) is (pk in seen), f"{slug} {pk}"


def read_everything(person: User, hidden: set[str]) -> None:
    """No page, list, detail, search, dashboard or timeline holds a hidden word; what is hidden is a 404."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    paths = list(PATHS)
    for fund in Fund.objects.all():
        paths += [
            f"/funds/{fund.pk}/",
            f"/history/fund/{fund.pk}/",
            f"/why/fund/{fund.pk}/",
            f"/api/v1/funds/{fund.pk}/",
        ]
    for board in Board.objects.all():
        paths += [f"/boards/{board.pk}/", f"/reports/dashboard/{board.pk}/", f"/history/board/{board.pk}/"]
    paths += [f"/history/risk/{risk.pk}/" for risk in Risk.objects.all()]
    paths += [f"/partners/?name={word}" for word in sorted(hidden)[:1]]
    for path in paths:
        response = client.get(path)
        assert response.status_code in {200, 403, 404}, path
        text = response.content.decode()
        found = [word for word in hidden if word in text and word not in path]
        assert found == [], f"{path} told {found}"
