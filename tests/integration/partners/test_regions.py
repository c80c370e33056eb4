"""Areas of a region, and the regions that somebody was given the view of."""

from datetime import UTC, date, datetime

import pytest
from django.http import Http404

from partners.domain.roles import Role
from partners.models import Footprint, FootprintArea, FootprintLink, Organisation
from partners.selectors import regions
from partners.services import register_data
from tests.factories.partners import AreaFactory, OrganisationFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)


def region(name: str, *areas: str, kind: str = "region", body: Organisation | None = None) -> Footprint:
    row = Footprint.objects.create(key=name.lower().replace(" ", "-"), kind=kind, name=name, body=body)
    for area in areas:
        FootprintArea.objects.create(footprint=row, area=AreaFactory(name=area))
    return row


def names(found) -> list[str]:
    return [row.name for row in found]


def test_shipped_regions_hold_every_area_once() -> None:
    register_data.load(at=datetime(2026, 4, 1, 12, tzinfo=UTC), system="test")

    england, london = (Footprint.objects.get(key=key) for key in ("england", "london-region"))

    assert regions.areas_in([england.pk], on=DAY).count() == 153
    assert regions.areas_in([london.pk], on=DAY).count() == 33
    assert names(regions.of_area(regions.areas_in([london.pk], on=DAY)[0].pk, on=DAY)) == ["London"]


def test_nation_has_the_areas_of_its_regions_and_of_what_lies_in_them_on_the_day() -> None:
    nation, north, system = region("All", kind="nation"), region("North", "B", "A"), region("System", "C", kind="ics")
    FootprintLink.objects.create(child=north, parent=nation)
    FootprintLink.objects.create(child=system, parent=north, ends_on=date(2026, 3, 31))

    assert names(regions.areas_in([nation.pk], on=DAY)) == ["A", "B"]
    assert names(regions.areas_in([nation.pk], on=date(2026, 3, 31))) == ["A", "B", "C"]


def test_view_is_given_by_the_body_of_the_region_and_ends_with_the_role() -> None:
    body, other = OrganisationFactory(name="Body"), OrganisationFactory(name="Other")
    north, south = region("North", body=body), region("South", body=other)
    region("Nobody's")
    region("System", kind="ics", body=body)
    lead, finance = UserFactory(), UserFactory()
    give_role(lead, body, Role.REGIONAL)
    give_role(finance, body, Role.FINANCE)

    assert list(regions.overseen(lead, on=DAY)) == [north]
    assert list(regions.overseen(finance, on=DAY)) == []
    assert regions.get_overseen(lead, north.pk, on=DAY) == north
    for person, asked in ((lead, south), (finance, north)):
        with pytest.raises(Http404):
            regions.get_overseen(person, asked.pk, on=DAY)
