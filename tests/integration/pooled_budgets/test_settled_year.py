"""A year that is settled: the pages on which its money still moves say so, and what is posted afterwards is told."""

from decimal import Decimal

import pytest
from django.urls import reverse

from pooled_budgets.services import postings
from tests.factories.money import month
from tests.factories.settlement import AFTER, a_year, approve, decision, prepare

SAYS = "What is posted, moved or expected from now on is not in it"


@pytest.mark.django_db
def test_pages_on_which_money_moves_say_that_the_year_is_settled_and_block_nothing(world, client):
    a_year(world, outturn_of="15700000.00")
    month(2014, 3)
    names = ("ledger", "grid", "virements", "monitoring", "outturns", "contributions")
    pages = [reverse(f"pooled_budgets:{name}", args=[world.fund.pk]) for name in names]
    readers = [world.person("finance"), world.person("finance", "ccg")]
    made = prepare(world)

    def told(reader):
        client.force_login(reader, backend="partners.backends.EmailBackend")
        return [SAYS in client.get(page).text for page in pages]

    # Prepared alone settles nothing.
    assert [told(reader) for reader in readers] == [[False] * 6] * 2
    approve(world, made, decision(world))
    assert [told(reader) for reader in readers] == [[True] * 6] * 2
    shown = client.get(pages[0]).text
    assert "settlement 1</a> was approved on 14 July 2015" in shown
    assert reverse("pooled_budgets:settlement_version", args=[world.fund.pk, 1]) in shown

    postings.post(
        fund=world.fund,
        line_id=world.fund.schemes.get().lines.get().pk,
        month=month(2014, 3),
        amount=Decimal("1000.00"),
        description="A late invoice",
        by=readers[0],
        at=AFTER,
    )

    page = client.get(reverse("pooled_budgets:settlement", args=[world.fund.pk])).text
    assert "the ledger has £1,000.00 for scheme 1, and its outturn is £15,700,000.00" in page
    assert "The figures stand now as" not in page  # it does not contradict itself
