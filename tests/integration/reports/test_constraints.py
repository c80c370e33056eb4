"""What the database refuses, whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from reports.models import Report, ReportBrief, ReportDocument
from tests.factories.partners import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields(world, officer):
    return {
        "board": world.board,
        "fund": world.fund,
        "period": world.period,
        "owner": world.council,
        "version": 1,
        "asked_by": officer,
        "asked_at": NOON,
    }


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("report_ready_has_snapshot", {"snapshot": {}, "ready_at": None}),
        ("report_ready_has_snapshot", {"snapshot": None, "ready_at": NOON, "sha256": "a" * 64}),
        ("report_ready_has_hash", {"snapshot": {}, "ready_at": NOON, "sha256": ""}),
        ("report_ready_has_hash", {"sha256": "a" * 64}),
        ("report_issued_is_ready", {"released_at": NOON}),
    ],
)
def test_a_report_is_refused(fields, name, wrong):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Report.objects.create(**fields | wrong)
    assert not Report.objects.exists()


def test_a_version_stands_once(fields):
    Report.objects.create(**fields)

    with pytest.raises(IntegrityError, match="report_version_unique"), transaction.atomic():
        Report.objects.create(**fields)
    assert Report.objects.count() == 1


def test_words_stand_once_for_a_partner(brief):
    brief.pk = None

    with pytest.raises(IntegrityError, match="report_brief_unique"), transaction.atomic():
        ReportBrief.objects.create(
            board=brief.board,
            fund=brief.fund,
            period=brief.period,
            owner=brief.owner,
            content={},
            entered_by=brief.entered_by,
            entered_at=NOON,
        )
    assert ReportBrief.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "file_format"), [("report_document_unique", "pdf"), ("report_document_format", "odt")]
)
def test_a_file_is_refused(built, name, file_format):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ReportDocument.objects.create(report=built, format=file_format, content=b"x", sha256="b" * 64, made_at=NOON)
    assert ReportDocument.objects.filter(report=built).count() == 3


def test_a_board_with_a_report_cannot_be_removed(built, world):
    with pytest.raises(DatabaseError), transaction.atomic():
        world.board.delete()
    assert Report.objects.filter(board=world.board).exists()
