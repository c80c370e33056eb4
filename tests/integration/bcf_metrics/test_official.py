"""The official workbook of a return: taken in, mapped, filled in with its proof, and refused in words."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from bcf_metrics.domain.cell_map import MapEntry
from bcf_metrics.models import CellMap, OfficialFile, OfficialFilling
from bcf_metrics.services import official as services
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import AuditEvent
from integration_hub.core.spreadsheets.guard import SheetRefused
from tests.factories import official
from tests.integration.bcf_metrics.conftest import JULY, Journey

pytestmark = pytest.mark.django_db

COVER, INCOME, SPENDING = "1. Cover", "3. Income", "4. Expenditure"
LINES = [
    MapEntry("answers.health_and_wellbeing_board", COVER, "Health and Wellbeing Board"),
    MapEntry("answers.completed_by", COVER, "Completed by"),
    MapEntry("expenditure[*].scheme_no", SPENDING, "Scheme ID", right=0, down=1),
    MapEntry("expenditure[*].name", SPENDING, "Scheme name", right=0, down=1),
    MapEntry("expenditure[*].plan", SPENDING, "Planned expenditure", right=0, down=1),
    MapEntry("expenditure[*].actual", SPENDING, "Actual expenditure", right=0, down=1),
]


def take_in(journey: Journey, content: bytes | None = None) -> OfficialFile:
    file = io.BytesIO(official.blank() if content is None else content)
    return services.upload(
        return_id=journey.quarterly_return.pk,
        file=file,
        filename="BCF Q1.xlsx",
        by=journey.finance_officer,
        at=JULY,
    )


def put(journey: Journey, *entries: MapEntry) -> CellMap:
    """The map of these lines alone."""
    newest = CellMap.objects.order_by("-file__number", "-number").first()
    assert newest is not None
    given = {"return_id": journey.quarterly_return.pk, "by": journey.finance_officer, "at": JULY}
    for row in newest.entries:
        newest = services.change_map(replaces=row["target"], entry=None, seen=newest.number, **given)
    for entry in entries:
        newest = services.change_map(replaces="", entry=entry, seen=newest.number, **given)
    return newest


def fill(journey: Journey, number: int | None = None) -> OfficialFilling:
    return services.fill(return_id=journey.quarterly_return.pk, by=journey.finance_officer, at=JULY, number=number)


def sheets(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_first_file_gets_a_map_from_the_labels_that_match(journey: Journey) -> None:
    kept = take_in(journey)

    assert (kept.number, kept.filename, kept.uploaded_by_name) == (1, "BCF Q1.xlsx", str(journey.finance_officer))
    targets = {row["target"] for row in CellMap.objects.get(file=kept).entries}
    assert {"answers.quarter", "answers.completed_by"} <= targets
    line = AuditEvent.objects.get(kind="return.official_file_uploaded")
    assert line.after["sha256"] == kept.sha256


def test_the_workbook_is_filled_in_and_every_other_part_proved_the_same(journey: Journey) -> None:
    take_in(journey)
    put(journey, *LINES)
    journey.answer(completed_by="=A Preparer", expenditure__1__actual="5621000.00", expenditure__2__actual="nil")

    kept = fill(journey)

    book = sheets(bytes(kept.content))
    assert book[COVER]["C4"].value == "Southwark"
    assert book[COVER]["C6"].value == "=A Preparer"
    assert book[COVER]["C6"].data_type in ("s", "inlineStr")
    rows = [[book[SPENDING].cell(row, column).value for column in (1, 2, 3, 4)] for row in (6, 7, 8)]
    assert rows[0] == ["1", "Existing NHS transfers within social care budget", 5621000, 5621000]
    assert rows[1][3] == 0
    assert rows[2][3] is None
    assert book[SPENDING]["E6"].value == "=C6-D6"
    before, after = (_parts(content) for content in (official.blank(), bytes(kept.content)))
    assert {name for name in before if before[name] != after[name]} == {row["part"] for row in kept.proof["changed"]}
    assert {row["part"] for row in kept.proof["equal"]} >= {
        "xl/media/image1.png",
        "xl/charts/chart1.xml",
        "xl/drawings/drawing1.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
    }
    assert f"{SPENDING}!E6" in kept.proof["dropped"]
    assert {"label": "Winter Pressures services: Actual", "why": "no answer in the return"} not in kept.proof["left"]
    line = AuditEvent.objects.get(kind="return.official_file_filled")
    assert (line.after["cells"], line.after["version"]) == (len(kept.proof["written"]), None)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_version_is_filled_in_as_it_was_sent(journey: Journey) -> None:
    journey.complete()
    version = journey.send()
    take_in(journey)
    put(journey, LINES[0])

    kept = fill(journey)

    assert kept.version == version.number == 1
    assert kept.content_sha256 == version.sha256
    with pytest.raises(Http404):
        fill(journey, 7)


def test_a_map_that_leads_nowhere_fills_nothing_in_and_names_each_line(journey: Journey) -> None:
    take_in(journey)
    put(journey, *LINES[:2])
    take_in(journey, official.blank(area="Local authority"))

    with pytest.raises(services.MapRefused) as refusal:
        fill(journey)

    assert refusal.value.problems == ["“Health and Wellbeing Board” stands not on sheet “1. Cover”."]
    assert not OfficialFilling.objects.exists()


def test_more_lines_than_the_workbook_has_room_for_are_refused(journey: Journey) -> None:
    take_in(journey)
    put(journey, MapEntry("expenditure[*].name", INCOME, "Source", right=0, down=1))

    with pytest.raises(services.MapRefused) as refusal:
        fill(journey)

    assert "3. Income!B4: “NHS minimum contribution” stands where line 1" in refusal.value.problems[0]
    assert not OfficialFilling.objects.exists()


def test_the_next_file_takes_the_map_along(journey: Journey) -> None:
    take_in(journey)
    put(journey, *LINES[:2])

    second = take_in(journey, official.blank(extra_rows=3))

    assert second.number == 2
    assert [row["target"] for row in CellMap.objects.get(file=second).entries] == [
        "answers.health_and_wellbeing_board",
        "answers.completed_by",
    ]


def test_two_people_at_one_map_do_not_write_over_each_other(journey: Journey) -> None:
    take_in(journey)
    put(journey, LINES[0])
    kept = CellMap.objects.count()

    with pytest.raises(ChangedMeanwhile, match="changed the cell map after you opened this page"):
        services.change_map(
            return_id=journey.quarterly_return.pk,
            replaces="",
            entry=LINES[1],
            seen=1,
            by=journey.metrics_officer,
            at=JULY + timedelta(hours=1),
        )

    assert CellMap.objects.count() == kept


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("q1.xlsx", b"not a workbook", "not_workbook"),
        ("q1.xls", official.blank(), "name"),
        ("q1.xlsx", b"", "empty"),
        ("q1.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_a_file_that_is_none_is_refused_and_not_kept(journey: Journey, name: str, content: bytes, code: str) -> None:
    with pytest.raises(SheetRefused) as refusal:
        services.upload(
            return_id=journey.quarterly_return.pk,
            file=io.BytesIO(content),
            filename=name,
            by=journey.finance_officer,
            at=JULY,
        )

    assert refusal.value.code == code
    assert not OfficialFile.objects.exists()


def test_an_approver_fills_in_and_does_not_change_the_map(journey: Journey) -> None:
    take_in(journey)
    put(journey, LINES[0])
    approver = journey.world.person("approver")

    services.fill(return_id=journey.quarterly_return.pk, by=approver, at=JULY)

    with pytest.raises(PermissionDenied):
        services.change_map(
            return_id=journey.quarterly_return.pk, replaces="", entry=LINES[1], seen=1, by=approver, at=JULY
        )


def test_strangers_find_nothing(journey: Journey) -> None:
    take_in(journey)
    stranger = journey.world.person("finance", "hackney")

    assert not OfficialFile.objects.visible_to(stranger).exists()
    assert not CellMap.objects.visible_to(stranger).exists()
    with pytest.raises(Http404):
        services.fill(return_id=journey.quarterly_return.pk, by=stranger, at=JULY)


@pytest.mark.parametrize("table", ["officialfile", "cellmap", "officialfilling"])
@pytest.mark.parametrize("statement", ["UPDATE bcf_metrics_{} SET recorded_at = now()", "DELETE FROM bcf_metrics_{}"])
def test_what_was_taken_in_mapped_or_filled_in_never_changes(journey: Journey, table: str, statement: str) -> None:
    take_in(journey)
    put(journey, LINES[0])
    fill(journey)

    with pytest.raises(DatabaseError, match=r"Cannot update or delete|permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_the_pages_take_the_file_keep_the_map_and_give_the_workbook(journey: Journey, client: Client) -> None:
    client.force_login(journey.finance_officer)
    pk = journey.quarterly_return.pk
    page = reverse("bcf_metrics:official", args=[pk])
    assert "There is no official workbook" in client.get(page).content.decode()

    sent = {"file": SimpleUploadedFile("q1.xlsx", official.blank())}
    assert client.post(reverse("bcf_metrics:official_upload", args=[pk]), sent).status_code == 302
    line = {"target": "expenditure[*].name", "sheet": SPENDING, "label": "Scheme name", "nth": 1, "right": 0}
    newest = CellMap.objects.get()
    given = line | {"down": 1, "seen": newest.number}
    answer = client.post(reverse("bcf_metrics:official_line", args=[pk]), given)
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post(reverse("bcf_metrics:official_fill", args=[pk]), {"version": "draft"}, follow=True)

    body = answer.content.decode()
    assert answer.status_code == 200, answer.context["problems"]
    assert "4. Expenditure!B6" in body
    assert "byte for byte as sent out" in body
    filling = OfficialFilling.objects.get()
    got = client.get(reverse("bcf_metrics:official_download", args=[pk, filling.pk]))
    assert got.content == bytes(filling.content)
    assert sheets(got.content)[SPENDING]["B6"].value == "Existing NHS transfers within social care budget"


def test_a_line_that_leads_nowhere_keeps_what_was_typed_and_saves_nothing(journey: Journey, client: Client) -> None:
    client.force_login(journey.finance_officer)
    take_in(journey)
    typed = {"target": "answers.phone", "sheet": INCOME, "label": "Totle", "nth": 1, "right": 1, "down": 0, "seen": 1}

    answer = client.post(reverse("bcf_metrics:official_line", args=[journey.quarterly_return.pk]), typed)

    assert answer.status_code == 400
    body = answer.content.decode()
    assert "“Totle” stands not on sheet “3. Income”." in body
    assert 'value="Totle"' in body
    assert CellMap.objects.count() == 1


def test_amounts_keep_their_pence(journey: Journey) -> None:
    take_in(journey)
    put(journey, LINES[5])
    journey.answer(expenditure__1__actual="1234567.89")

    kept = fill(journey)

    assert Decimal(str(sheets(bytes(kept.content))[SPENDING]["D6"].value)) == Decimal("1234567.89")
