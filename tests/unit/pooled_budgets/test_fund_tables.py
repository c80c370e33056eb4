"""The cells of long tables: amounts that lead to their steps, and the inputs of the grid."""

from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

from django.template import engines

from pooled_budgets.domain.month_grid import Cell

FUND = SimpleNamespace(pk=UUID(int=1))
ADDRESS = "/funds/00000000-0000-0000-0000-000000000001/"


def drawn(text, **values):
    return engines["django"].from_string("{% load fund_tables %}" + text).render(values)


def test_an_amount_leads_to_its_steps_and_words_do_not():
    link = '{% number_link "variance" amount of="7 & 8" state=state sign=True %}'
    page = {"fund": FUND, "period": SimpleNamespace(number=2), "state": ""}

    found = drawn(link, amount=Decimal("5.00"), **page)
    assert f'href="{ADDRESS}' in found
    assert "?of=7%20%26%208&amp;quarter=2" in found
    assert "+£5.00" in found
    assert "explained" in found
    for words in ("not_stated", "not_yet_available"):
        assert "href" not in drawn(link, amount=None, **page | {"state": words})
    assert drawn(link, amount=Decimal("5.00")) == '<span class="hub-money">+£5.00</span>'


def test_a_months_cell_is_an_input_where_it_is_open_and_escapes_what_was_typed():
    def cell(number, *, is_open, amount=None, **typed):
        of = Cell(number, amount, is_open)
        marks = {"text": "", "saved": "", "is_wrong": False, "is_unsaved": False} | typed
        return SimpleNamespace(name=f"c0-{number}", cell=of, **marks)

    cells = [
        cell(1, is_open=False, amount=Decimal("1234.50")),
        cell(2, is_open=False),
        cell(3, is_open=True, text='"><b>', saved="2.00", is_wrong=True, is_unsaved=True),
        cell(4, is_open=True),
    ]
    row = SimpleNamespace(number=0, cells=cells)
    closed, empty, typed, plain = drawn("{% grid_cells row can_record=True %}", row=row).split("</td>")[:4]

    assert "£1,234.50" in closed
    assert empty.endswith('<span class="hub-figure-state">nothing</span>')
    assert 'value="&quot;&gt;&lt;b&gt;" data-saved="2.00" aria-invalid="true" aria-labelledby="r0 m3">' in typed
    assert "hub-grid__input--invalid" in typed
    assert plain.endswith('<input class="hub-grid__input" id="c0-4" name="c0-4" value="" aria-labelledby="r0 m4">')
    read_only = drawn("{% grid_cells row can_record=False %}", row=row)
    assert "<input" not in read_only
    assert read_only.count(">missing<") == 2
