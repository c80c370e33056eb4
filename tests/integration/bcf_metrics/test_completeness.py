"""How far the returns of a region are: states for whoever was given the view, and nothing else for anybody."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bcf_metrics.models import QuarterlyReturn, ReturnVersion, Submission
from bcf_metrics.presenters import completeness as presenter
from bcf_metrics.selectors import completeness as selectors
from bcf_metrics.selectors import content, returns
from partners.domain.roles import Role
from partners.models import Area, Footprint, FootprintArea, Membership, User
from pooled_budgets.models import Agreement, AgreementParty, Fund
from tests.factories.partners import AreaFactory, OrganisationFactory, UserFactory, give_role
from tests.integration.bcf_metrics.conftest import JULY, Journey

pytestmark = pytest.mark.django_db
DAY = date(2014, 9, 8)
QUARTER = "2014-1"


@pytest.fixture
def region(journey: Journey) -> Footprint:
    """Southwark, whose return is open, and Lambeth, which has none."""
    body = OrganisationFactory(name="NHS England", kind="nhs_england")
    made = Footprint.objects.create(key="london", kind="region", name="London", body=body)
    for area in (journey.world.area, AreaFactory(name="Lambeth", ons_code="E09000022")):
        FootprintArea.objects.create(footprint=made, area=area)
    return made


@pytest.fixture
def lead(region: Footprint) -> User:
    person = UserFactory(email="lead@region.example", name="Lead of the region")
    assert region.body is not None
    give_role(person, region.body, Role.REGIONAL)
    return person


def seen(lead: User, region: Footprint, on: date = DAY) -> dict[str, Any]:
    return {row.area: row for row in selectors.of_region(lead, region.pk, code=QUARTER, on=on).rows}


def page(client: Any, person: User, region: Footprint, name: str = "completeness", **asked: str) -> Any:
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client.get(reverse(f"bcf_metrics:{name}", args=[region.pk]), {"quarter": QUARTER, **asked})


def text(answer: Any) -> str:
    shown = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", shown).split()))


def test_area_without_a_return_and_one_in_progress(journey: Journey, region: Footprint, lead: User) -> None:
    found = seen(lead, region)

    assert list(found) == ["Lambeth", "Southwark"]
    assert (found["Lambeth"].status, found["Lambeth"].sections) == ("not_opened", None)
    assert (found["Southwark"].status, found["Southwark"].signatures) == (journey.refresh().status, None)
    assert found["Southwark"].sections is not None
    assert found["Southwark"].sections[0] < found["Southwark"].sections[1]


def test_sections_agree_with_the_checklist_of_the_return(journey: Journey, region: Footprint, lead: User) -> None:
    def own() -> tuple[int, int]:
        """What the checklist of the return says of the sheets without partners' figures."""
        held = returns.get(journey.finance_officer, journey.quarterly_return.pk)
        draft = content.draft(held.quarterly_return, journey.finance_officer, on=DAY, parties=held.parties)
        figures = {"income_and_expenditure", "metrics", "payment_for_performance"}
        sheets = draft.completion.sheets
        return sum(sheet.complete for sheet in sheets if sheet.tab.code not in figures), len(sheets)

    before = own()
    assert seen(lead, region)["Southwark"].sections == before
    journey.complete()
    assert own()[0] > before[0]
    assert seen(lead, region)["Southwark"].sections == own()


def test_return_with_its_signatories_is_whole_and_counts_signatures(
    sent: Journey, region: Footprint, lead: User
) -> None:
    found = seen(lead, region)["Southwark"]
    assert (found.status, found.signatures) == ("with_signatories", (0, 2))
    assert found.sections is not None
    assert found.sections[0] == found.sections[1]

    sent.sign("council")

    assert seen(lead, region)["Southwark"].signatures == (1, 2)


def test_late_return_stays_late_and_one_that_is_not_in_is_overdue(sent: Journey, region: Footprint, lead: User) -> None:
    QuarterlyReturn.objects.update(due_on=date(2014, 8, 29))
    assert seen(lead, region)["Southwark"].days_overdue == 10

    Submission.objects.create(
        quarterly_return=sent.quarterly_return,
        number=1,
        version=ReturnVersion.objects.get(),
        how="By e-mail",
        organisation=sent.world.council,
        submitted_by=sent.finance_officer,
        submitted_by_name="Finance",
        submitted_at=datetime(2014, 9, 1, 22, 59, tzinfo=UTC),
    )
    QuarterlyReturn.objects.update(status="submitted")

    found = seen(lead, region)["Southwark"]
    assert (found.days_overdue, found.days_late, found.submitted_on) == (0, 3, date(2014, 9, 1))
    assert "Submitted 3 days late" in str(presenter.table([found]))


def test_page_filters_by_state_and_file_has_the_same_rows(
    journey: Journey, region: Footprint, lead: User, client: Any
) -> None:
    whole, opened = page(client, lead, region), page(client, lead, region, status="not_opened")
    nothing = page(client, lead, region, status="accepted")
    file = page(client, lead, region, "completeness_csv", status="not_opened").content.decode("utf-8-sig")

    assert "2 areas: 1 not opened, 1" in text(whole)
    assert ("E09000022" in text(opened), "E09000028" in text(opened)) == (True, False)
    assert "No area of the region has a return in this state" in text(nothing)
    lines = file.splitlines()
    assert lines[0].startswith("Region,Quarter,Area,ONS code,State")
    assert [line.split(",")[:5] for line in lines[1:]] == [
        ["London", "Quarter 1 2014/15", "Lambeth", "E09000022", "Not opened"]
    ]
    assert page(client, lead, region, quarter="1999-1").status_code == 404
    assert "E09000028" in text(page(client, lead, region, status="no such state"))


def test_nothing_of_the_partners_is_told_but_states(sent: Journey, region: Footprint, lead: User, client: Any) -> None:
    """Names, figures, answers and texts of the return, each of which its own people read."""
    shown = text(page(client, lead, region)) + page(client, lead, region, "completeness_csv").content.decode()

    secrets = [*sent.answers.values(), sent.world.fund.name, sent.world.council.name, sent.world.ccg.name]
    secrets += [person.name for person in sent.world.people.values()]
    told = [secret for secret in secrets if len(secret) > 4 and secret in shown]
    assert told == []


def test_reading_names_no_fund_and_no_whole_text(journey: Journey, region: Footprint, lead: User) -> None:
    journey.answer(narrative="S3CRET" * 200)
    with CaptureQueriesContext(connection) as captured:
        found = seen(lead, region)

    assert "S3CRET" not in repr(found)
    assert any('left("bcf_metrics_returnanswer"."value"' in query["sql"] for query in captured)


def test_lead_reads_nothing_else(sent: Journey, region: Footprint, lead: User, client: Any) -> None:
    client.force_login(lead, backend="partners.backends.EmailBackend")
    key = sent.quarterly_return.pk

    addresses = [
        reverse(f"bcf_metrics:{name}", args=[key])
        for name in ("return_detail", "figures", "grid", "export", "open_data")
    ]
    addresses += [reverse("bcf_metrics:version", args=[key, 1]), reverse("bcf_metrics:section", args=[key, "cover"])]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert "Southwark" not in text(client.get(reverse("bcf_metrics:returns")))
    assert client.get("/api/v1/returns/").json()["results"] == []


def test_strangers_and_parties_have_no_view(journey: Journey, region: Footprint, client: Any) -> None:
    assert region.body is not None
    finance = UserFactory()
    give_role(finance, region.body, Role.FINANCE)
    elsewhere = UserFactory()
    give_role(elsewhere, OrganisationFactory(name="Another body"), Role.REGIONAL)
    people = [journey.world.person(role, partner) for role, partner in (("finance", "council"), ("admin", "ccg"))]

    for person in (*people, finance, elsewhere, journey.world.person("operator"), journey.world.sitting_member()):
        for name in ("completeness", "completeness_csv"):
            assert page(client, person, region, name).status_code == 404
            assert page(client, person, region, name, quarter="1999-1").status_code == 404
        assert "Your regions" not in text(client.get("/"))


def test_view_ends_with_the_role_and_with_the_region(region: Footprint, lead: User, client: Any) -> None:
    client.force_login(lead, backend="partners.backends.EmailBackend")
    assert "Your regions" in text(client.get("/"))

    region.kind = "ics"
    region.save()
    assert page(client, lead, region).status_code == 404
    region.kind = "region"
    region.save()
    assert page(client, lead, region).status_code == 200
    Membership.objects.filter(person=lead).update(ends_on=date(2014, 1, 1))
    assert page(client, lead, region).status_code == 404


def test_own_area_is_no_right_to_another_region(region: Footprint, lead: User) -> None:
    other = Footprint.objects.create(key="north", kind="region", name="North")

    with pytest.raises(Http404):
        selectors.of_region(lead, other.pk, code=QUARTER, on=DAY)


def test_reading_costs_the_same_for_10_and_for_153_areas(
    journey: Journey, region: Footprint, lead: User, grow: Callable[[range], None]
) -> None:
    def cost() -> tuple[int, int]:
        person = User.objects.get(pk=lead.pk)
        with CaptureQueriesContext(connection) as captured:
            found = selectors.of_region(person, region.pk, code=QUARTER, on=DAY)
        return len(found.rows), len(captured)

    grow(range(8))
    few, asked = cost()
    grow(range(8, 151))
    assert ((few, asked), cost()) == ((10, asked), (153, asked))
    assert asked <= 18


@pytest.fixture
def grow(journey: Journey, region: Footprint) -> Callable[[range], None]:
    """Areas in the region, every second with a return like Southwark's."""

    def grow(numbers: range) -> None:
        of = journey.quarterly_return
        for number in numbers:
            area = Area.objects.create(name=f"Area {number:03}", ons_code=f"E06{number:06}")
            FootprintArea.objects.create(footprint=region, area=area)
            if number % 2:
                continue
            agreement = Agreement.objects.create(
                key=f"grown-{number}", title="Agreement", kind="preparatory", status="in_force", area=area
            )
            AgreementParty.objects.create(agreement=agreement, organisation=journey.world.council)
            fund = Fund.objects.create(
                agreement=agreement, owner=journey.world.council, financial_year=2014, name=f"Fund {number}", total=7
            )
            QuarterlyReturn.objects.create(
                fund=fund,
                period=of.period,
                policy_year=of.policy_year,
                template=of.template,
                layout_version=of.layout_version,
                policy_version=of.policy_version,
                status="in_progress",
            )

    return grow


def test_two_returns_of_one_area_are_told_apart_by_number_alone(
    journey: Journey, region: Footprint, lead: User
) -> None:
    of = journey.quarterly_return
    fund = Fund.objects.create(
        agreement=of.fund.agreement, owner=journey.world.council, financial_year=2014, name="Another fund", total=7
    )
    QuarterlyReturn.objects.create(fund=fund, period=of.period, policy_year=of.policy_year, template=of.template)

    found = selectors.of_region(lead, region.pk, code=QUARTER, on=JULY.date()).rows

    named = [row[0] for row in presenter.table(found)]
    assert named == ["Lambeth", "Southwark (return 1 of 2)", "Southwark (return 2 of 2)"]
