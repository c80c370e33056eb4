"""How far the returns of a region are, in a browser: from home, filtered, on a narrow screen, by axe."""

import pytest
from django.urls import reverse

from partners.models import FootprintArea
from tests.factories import everything
from tests.factories.partners import AreaFactory

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]


def test_a_regional_lead_reads_how_far_the_returns_are(visitor, transactional_db) -> None:
    made = everything.build()
    for name in ("Lambeth", "Lewisham", "Kingston upon Thames"):
        FootprintArea.objects.create(footprint=made["region"], area=AreaFactory(name=name))
    reader, stranger = visitor(), visitor()
    reader.sign_in(made.world.person("governance", "hackney"))
    reader.page.get_by_role("link", name="The region: how far the returns are").click()
    reader.page.get_by_label("Quarter").select_option("2014-2")
    reader.page.get_by_label("State").select_option("")
    reader.press("Show")
    reader.look("completeness")
    assert "4 areas: 3 not opened, 1" in reader.text()
    reader.page.get_by_label("State").select_option("not_opened")
    reader.press("Show")
    assert "Southwark" not in reader.page.get_by_role("table").inner_text()
    assert "Lambeth" in reader.text()

    stranger.sign_in(made.world.person("finance"))
    assert stranger.open(reverse("bcf_metrics:completeness", args=[made.pk("region")])) == 404
    assert reader.faults == []
