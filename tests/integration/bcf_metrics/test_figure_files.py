"""Metric figures from a file: previewed, taken over as shown or not at all, and seen by their own partner alone."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from bcf_metrics import policies
from bcf_metrics.domain.figure_sheet import FigureSheetRefused
from bcf_metrics.models import MetricFigure
from bcf_metrics.policies_loads import LoadHasProblems, LoadNotOpen
from bcf_metrics.selectors import loads as selectors
from bcf_metrics.services import figure_files
from bcf_metrics.services.figures import FiguresChanged
from integration_hub.core.models import StagedImport
from integration_hub.core.states import Figure
from partners.models import User
from tests.integration.bcf_metrics.conftest import JULY, Journey

pytestmark = pytest.mark.django_db
RES65, DTOC = "Care home admissions of older people", "Delayed transfers of care"


def downloaded(journey: Journey, sign_in: Callable[[User], Any], kind: str = "xlsx") -> bytes:
    address = reverse("bcf_metrics:figure_template", args=[journey.quarterly_return.pk])
    return bytes(sign_in(journey.metrics_officer).get(address, {"format": kind}).content)


def filled(file: bytes, **cells: Any) -> bytes:
    """The workbook with figures by the metric's code."""
    book = openpyxl.load_workbook(BytesIO(file))
    for row in book["Metric figures"].iter_rows(min_row=7):
        if row[0].value in cells:
            row[5].value = cells[row[0].value]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def stage(journey: Journey, file: bytes, *, by: User | None = None, name: str = "figures.xlsx") -> StagedImport:
    return figure_files.stage(
        return_id=journey.quarterly_return.pk,
        file=BytesIO(file),
        filename=name,
        by=by or journey.metrics_officer,
        at=JULY,
    )


def confirm(journey: Journey, staged: StagedImport, *, by: User | None = None) -> StagedImport:
    return figure_files.confirm(import_id=staged.pk, by=by or journey.metrics_officer, at=JULY)


def values(journey: Journey) -> dict[str, Any]:
    rows = MetricFigure.objects.filter(plan__fund=journey.world.fund)
    return {row.plan.metric.code: row.value if row.state == "stated" else row.state for row in rows}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_file_as_it_was_downloaded_changes_nothing(
    journey: Journey, sign_in: Callable[[User], Any], kind: str
) -> None:
    journey.record()
    before = values(journey)

    staged = stage(journey, downloaded(journey, sign_in, kind), name=f"figures.{kind}")

    assert (staged.changes, staged.problems) == ([], [])
    with pytest.raises(LoadHasProblems):
        confirm(journey, staged)
    assert values(journey) == before


def test_figures_of_a_file_are_taken_over_together(journey: Journey, sign_in: Callable[[User], Any]) -> None:
    journey.record("RES65")
    file = filled(downloaded(journey, sign_in), RES65=25, DTOC_DAYS="nil", PX="not applicable")

    staged = stage(journey, file)

    assert values(journey) == {"RES65": Decimal(23)}
    confirm(journey, staged)
    assert values(journey) == {"RES65": Decimal(25), "DTOC_DAYS": "nil", "PX": "not_applicable"}
    assert MetricFigure.objects.get(plan=journey.plans["RES65"]).source == "Council records"
    with pytest.raises(LoadNotOpen):
        confirm(journey, staged)


def test_a_stale_figure_is_left_and_one_changed_after_the_preview_stops_the_whole(
    journey: Journey, sign_in: Callable[[User], Any]
) -> None:
    journey.record("RES65")
    file = filled(downloaded(journey, sign_in), RES65=25, DTOC_DAYS=800)
    journey.enter("RES65", figure=Figure(value=Decimal(24)))

    staged = stage(journey, file)

    (stale,) = selectors.preview(staged).left
    assert "saved “24” on 14 July 2014" in stale.message
    assert "the file has “25”" in stale.message
    journey.enter("DTOC_DAYS", figure=Figure(value=Decimal(801)))
    with pytest.raises(FiguresChanged):
        confirm(journey, staged)
    assert values(journey) == {"RES65": Decimal(24), "DTOC_DAYS": Decimal(801)}


def test_a_wrong_cell_stops_the_whole(journey: Journey, sign_in: Callable[[User], Any]) -> None:
    staged = stage(journey, filled(downloaded(journey, sign_in), RES65=25, DTOC_DAYS="lots"))

    assert [row.where for row in selectors.preview(staged).wrong] == ["Metric figures!F8"]
    with pytest.raises(LoadHasProblems, match="Nothing was changed"):
        confirm(journey, staged)
    assert values(journey) == {}


def test_nothing_is_taken_while_the_return_is_locked(journey: Journey, sign_in: Callable[[User], Any]) -> None:
    file = filled(downloaded(journey, sign_in), PX=25)
    staged = stage(journey, file)
    journey.complete()
    journey.send()
    before = values(journey)

    for act in (lambda: stage(journey, file), lambda: confirm(journey, staged)):
        with pytest.raises(policies.UnderSignOff):
            act()

    assert values(journey) == before


def test_another_partner_knows_nothing_of_the_file(journey: Journey, sign_in: Callable[[User], Any]) -> None:
    staged = stage(journey, filled(downloaded(journey, sign_in), RES65=25))
    address = reverse("bcf_metrics:load_preview", args=[journey.quarterly_return.pk, staged.pk])

    with pytest.raises(PermissionDenied):
        stage(journey, b"x", by=journey.finance_officer)
    with pytest.raises(Http404):
        confirm(journey, staged, by=journey.finance_officer)
    assert sign_in(journey.finance_officer).get(address).status_code == 404
    assert sign_in(journey.world.person("member", "ccg")).get(address).status_code == 403
    assert values(journey) == {}


def test_the_file_of_another_quarter_is_refused(journey: Journey) -> None:
    rows = f"Area,Southwark\nFund,{journey.world.fund.name}\nPeriod,Quarter 2 2014/15\nCode,Figure\nRES65,5\n"

    with pytest.raises(FigureSheetRefused, match="Quarter 2 2014/15"):
        stage(journey, rows.encode(), name="figures.csv")

    assert not StagedImport.objects.exists()


def test_the_pages_from_the_grid_to_the_figures(journey: Journey, sign_in: Callable[[User], Any]) -> None:
    file = filled(downloaded(journey, sign_in), RES65=25)
    client, pk = sign_in(journey.metrics_officer), journey.quarterly_return.pk
    address = reverse("bcf_metrics:figure_file", args=[pk])

    assert address in client.get(reverse("bcf_metrics:grid", args=[pk])).content.decode()
    assert client.post(address, {}).status_code == 400
    sent = client.post(address, {"file": SimpleUploadedFile("figures.xlsx", file)}, follow=True).content.decode()
    assert f"{RES65}: Figure" in sent
    staged = StagedImport.objects.get()
    done = client.post(reverse("bcf_metrics:load_confirm", args=[pk, staged.pk]), follow=True).content.decode()
    assert "figures.xlsx is taken over" in done
    assert values(journey) == {"RES65": Decimal(25)}
