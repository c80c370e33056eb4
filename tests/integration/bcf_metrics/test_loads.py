"""A return's workbook loaded back: previewed, taken over as shown or not at all, undone, refused in words."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from bcf_metrics import policies
from bcf_metrics.domain.round_trip import STALE, StampRefused
from bcf_metrics.models import ReturnAnswer
from bcf_metrics.policies_loads import LoadHasProblems, LoadNotOpen
from bcf_metrics.presenters import workbook
from bcf_metrics.selectors import loads as selectors
from bcf_metrics.services import loads, returns
from bcf_metrics.services.answers import AnswersChanged
from integration_hub.core.models import AuditEvent, StagedImport
from integration_hub.core.spreadsheets.guard import SheetRefused
from partners.models import User
from tests.integration.bcf_metrics.conftest import JULY, Journey

pytestmark = pytest.mark.django_db


def downloaded(journey: Journey) -> bytes:
    return returns.export(return_id=journey.quarterly_return.pk, by=journey.finance_officer, at=JULY).content


def filled(file: bytes, **cells: Any) -> bytes:
    """The file with other values in cells, by their name in the workbook: email, income_1_actual."""
    book = openpyxl.load_workbook(BytesIO(file))
    for name, value in cells.items():
        sheet, address = next(book.defined_names[f"return_{name}"].destinations)
        book[sheet][address.replace("$", "")].value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def stage(journey: Journey, file: bytes, *, by: User | None = None, name: str = "return.xlsx") -> StagedImport:
    person = by or journey.finance_officer
    return loads.stage(return_id=journey.quarterly_return.pk, file=BytesIO(file), filename=name, by=person, at=JULY)


def confirm(journey: Journey, staged: StagedImport, *, by: User | None = None) -> StagedImport:
    return loads.confirm(import_id=staged.pk, by=by or journey.finance_officer, at=JULY)


def answers(journey: Journey) -> dict[str, str]:
    return dict(ReturnAnswer.objects.filter(quarterly_return=journey.quarterly_return).values_list("field", "value"))


def test_a_file_as_it_was_downloaded_changes_nothing(journey: Journey) -> None:
    journey.complete()
    before = answers(journey)

    staged = stage(journey, downloaded(journey))

    assert (staged.changes, staged.problems) == ([], [])
    with pytest.raises(LoadHasProblems, match="changes nothing"):
        confirm(journey, staged)
    assert answers(journey) == before


def test_the_workbook_comes_back_with_what_was_filled_in(journey: Journey) -> None:
    file = filled(
        downloaded(journey),
        email="finance@southwark-council.example",
        signed_off_by_board="No",
        income_1_actual="not stated",
        income_2_actual=1500,
        expenditure_1_actual="nil",
        expenditure_1_note="Paid in full",
        conditions_3_answer="Yes",
    )

    staged = stage(journey, file)

    assert answers(journey) == {}
    assert staged.status == StagedImport.STAGED
    assert staged.problems == []
    confirm(journey, staged)
    assert answers(journey) == {
        "email": "finance@southwark-council.example",
        "signed_off_by_board": "No",
        "income.1.actual": "not_stated",
        "income.2.actual": "1500.00",
        "expenditure.1.actual": "nil",
        "expenditure.1.note": "Paid in full",
        "conditions.3.answer": "Yes",
    }
    assert {"return.load_staged", "return.loaded", "return.answered"} <= set(
        AuditEvent.objects.values_list("kind", flat=True)
    )


def test_a_stale_cell_is_refused_by_name_and_the_rest_is_kept(journey: Journey) -> None:
    journey.answer(phone="020 7946 0000")
    file = filled(downloaded(journey), phone="020 7946 0001", email="finance@southwark-council.example")
    journey.answer(by=journey.metrics_officer, phone="020 7946 0002")

    staged = stage(journey, file)

    (stale,) = selectors.preview(staged).left
    assert stale.kind == STALE
    assert stale.message == (
        f"Changed here since the file was downloaded: {journey.metrics_officer} saved “020 7946 0002” on 14 July 2014 "
        "at 13:00; the file has “020 7946 0001”."
    )
    confirm(journey, staged)
    assert answers(journey) == {"phone": "020 7946 0002", "email": "finance@southwark-council.example"}


def test_what_changed_after_the_preview_stops_the_whole(journey: Journey) -> None:
    file = filled(downloaded(journey), phone="020 7946 0001", email="finance@southwark-council.example")
    staged = stage(journey, file)
    journey.answer(by=journey.metrics_officer, phone="020 7946 0002")

    with pytest.raises(AnswersChanged, match="020 7946 0002"):
        confirm(journey, staged)

    assert answers(journey) == {"phone": "020 7946 0002"}
    staged.refresh_from_db()
    assert staged.status == StagedImport.STAGED


def test_a_wrong_cell_stops_the_whole(journey: Journey) -> None:
    staged = stage(journey, filled(downloaded(journey), email="nobody", phone="020 7946 0001"))

    assert staged.status == StagedImport.REFUSED
    with pytest.raises(LoadHasProblems, match="Nothing was changed"):
        confirm(journey, staged)
    assert answers(journey) == {}


def test_a_prefilled_cell_is_never_taken(journey: Journey) -> None:
    staged = stage(journey, filled(downloaded(journey), expenditure_1_plan=5, phone="020 7946 0001"))

    confirm(journey, staged)

    assert [row["label"] for row in staged.problems] == ["Existing NHS transfers within social care budget: Plan"]
    assert answers(journey) == {"phone": "020 7946 0001"}


def test_it_is_taken_over_once_and_undone_once(journey: Journey) -> None:
    journey.answer(phone="020 7946 0000")
    staged = stage(journey, filled(downloaded(journey), phone="020 7946 0001", income_1_actual="nil"))
    confirm(journey, staged)

    with pytest.raises(LoadNotOpen, match="was taken over by"):
        confirm(journey, staged)
    loads.undo(import_id=staged.pk, by=journey.finance_officer, at=JULY)

    assert answers(journey) == {"phone": "020 7946 0000", "income.1.actual": ""}
    with pytest.raises(LoadNotOpen, match="undone by"):
        loads.undo(import_id=staged.pk, by=journey.finance_officer, at=JULY)


def test_what_was_changed_since_is_not_undone(journey: Journey) -> None:
    staged = stage(journey, filled(downloaded(journey), phone="020 7946 0001", email="a@b.example"))
    confirm(journey, staged)
    journey.answer(phone="020 7946 0002")

    with pytest.raises(AnswersChanged):
        loads.undo(import_id=staged.pk, by=journey.finance_officer, at=JULY)

    assert answers(journey) == {"phone": "020 7946 0002", "email": "a@b.example"}


def test_the_same_file_again_takes_the_place_of_the_first(journey: Journey) -> None:
    file = filled(downloaded(journey), phone="020 7946 0001")
    first, second = stage(journey, file), stage(journey, file)

    first.refresh_from_db()
    assert (first.status, second.status) == (StagedImport.DISCARDED, StagedImport.STAGED)
    with pytest.raises(LoadNotOpen, match="was put away"):
        confirm(journey, first)
    loads.discard(import_id=second.pk, by=journey.finance_officer, at=JULY)
    assert answers(journey) == {}


def test_nothing_is_loaded_while_the_return_is_locked(journey: Journey) -> None:
    journey.complete()
    file = filled(downloaded(journey), phone="020 7946 0001")
    staged = stage(journey, file)
    journey.send()
    before = answers(journey)

    for act in (lambda: stage(journey, file), lambda: confirm(journey, staged)):
        with pytest.raises(policies.UnderSignOff, match="sent it for sign-off on 14 July 2014"):
            act()

    assert answers(journey) == before


def test_the_file_of_a_version_is_no_draft(sent: Journey) -> None:
    file = downloaded(sent)
    sent.send_back()

    with pytest.raises(StampRefused, match="version 1 of the return as it was sent"):
        stage(sent, file)


def test_a_file_made_before_an_amendment_still_loads_what_is_not_stale(journey: Journey) -> None:
    journey.complete()
    file = filled(downloaded(journey), phone="020 7946 0009")
    journey.send()
    journey.send_back()

    staged = stage(journey, file)

    assert [row["key"] for row in staged.changes] == ["phone"]


def test_what_is_no_workbook_of_the_hub_is_refused(journey: Journey) -> None:
    plain = openpyxl.Workbook()
    out = BytesIO()
    plain.save(out)
    for file, refusal in ((out.getvalue(), StampRefused), (b"no workbook", SheetRefused), (b"", SheetRefused)):
        with pytest.raises(refusal):
            stage(journey, file)
    assert not StagedImport.objects.exists()


def test_the_file_of_another_area_is_refused(journey: Journey) -> None:
    area = journey.world.fund.agreement.area
    file = downloaded(journey)
    type(area).objects.filter(pk=area.pk).update(ons_code="E09000012", name="Hackney")

    with pytest.raises(StampRefused, match=r"The workbook is for .*, and this return for Hackney"):
        stage(journey, file)


def test_only_those_who_prepare_the_return_load_it(journey: Journey) -> None:
    file = filled(downloaded(journey), phone="020 7946 0001")
    staged = stage(journey, file)

    with pytest.raises(PermissionDenied):
        stage(journey, file, by=journey.world.person("member"))
    with pytest.raises(Http404):
        stage(journey, file, by=journey.world.person("finance", "hackney"))
    # The partner that uploaded a file alone knows of it.
    with pytest.raises(Http404):
        confirm(journey, staged, by=journey.metrics_officer)
    assert answers(journey) == {}


def test_the_pages_from_upload_to_undoing(journey: Journey, sign_in: Callable[[User], Any]) -> None:
    journey.answer(phone="020 7946 0000")
    file = filled(downloaded(journey), phone="020 7946 0001", email="nobody@council.example", expenditure_1_plan=5)
    client = sign_in(journey.finance_officer)
    pk = journey.quarterly_return.pk

    upload = SimpleUploadedFile("return.xlsx", file)
    answer = client.post(reverse("bcf_metrics:load", args=[pk]), {"file": upload})

    staged = StagedImport.objects.get()
    assert answer.url == reverse("bcf_metrics:load_preview", args=[pk, staged.pk])
    page = client.get(answer.url).content.decode()
    assert "2 answers changed, 1 cell left as it is" in page
    assert "020 7946 0001" in page
    done = client.post(reverse("bcf_metrics:load_confirm", args=[pk, staged.pk]), follow=True).content.decode()
    assert "return.xlsx is taken over" in done
    again = client.post(reverse("bcf_metrics:load_confirm", args=[pk, staged.pk]))
    assert again.status_code == 409
    undone = client.post(reverse("bcf_metrics:load_undo", args=[pk, staged.pk]), follow=True).content.decode()
    assert "its answers are what they were before" in undone
    assert answers(journey) == {"phone": "020 7946 0000", "email": ""}


def test_a_refused_upload_is_told_on_its_page(journey: Journey, sign_in: Callable[[User], Any]) -> None:
    client, address = sign_in(journey.finance_officer), reverse("bcf_metrics:load", args=[journey.quarterly_return.pk])

    for sent, words in (
        ({}, "Choose the workbook that you filled in"),
        ({"file": SimpleUploadedFile("return.xlsx", b"text")}, "the file is not a workbook"),
    ):
        answer = client.post(address, sent)
        assert answer.status_code == 400
        assert words in answer.content.decode()
    assert not StagedImport.objects.exists()


def test_a_load_asks_as_many_queries_for_many_cells_as_for_one(
    journey: Journey, django_assert_max_num_queries: Any
) -> None:
    file = downloaded(journey)
    few = filled(file, phone="020 7946 0001")
    many = filled(file, phone="1", email="a@b.example", **{f"expenditure_{row}_note": "x" for row in range(1, 8)})
    found = []
    for content in (few, many):
        with django_assert_max_num_queries(60) as asked:
            stage(journey, content)
        found.append(len(asked))

    assert found[0] == found[1]


def test_a_return_of_another_moment_is_the_same_file(journey: Journey) -> None:
    """What is not typed may move on, and a day later the file still loads."""
    file = filled(downloaded(journey), phone="020 7946 0001")

    staged = loads.stage(
        return_id=journey.quarterly_return.pk,
        file=BytesIO(file),
        filename="return.xlsx",
        by=journey.finance_officer,
        at=JULY + timedelta(days=90),
    )

    assert [row["key"] for row in staged.changes] == ["phone"]
    assert workbook.round_trip.SHEET in openpyxl.load_workbook(BytesIO(file)).sheetnames
