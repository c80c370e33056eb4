"""What a bad upload gets at its page: a clear message with what to do, its status, and nothing changed."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from integration_hub.core.models import AuditEvent, StagedImport
from pooled_budgets.models import Forecast, Scheme, SchemeLine

ROW = ("1", "Transfers", Decimal(10), Decimal(10), "")


@pytest.fixture
def upload(world, client, uploads):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")

    def post(content, name="plan.xlsx", fund=None):
        url = reverse("pooled_budgets:plan_upload", args=[(fund or world.fund).pk])
        file = content if isinstance(content, SimpleUploadedFile) else uploads.posted(content, name)
        return client.post(url, {"file": file}, follow=True)

    return post


def everything():
    return [model.objects.count() for model in (Scheme, SchemeLine, Forecast, StagedImport, AuditEvent)]


def zipped(name="xl/worksheets/sheet1.xml", content=b"0" * 50_000_000):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(name, content)
    return out.getvalue()


def refused_whole(upload, words, content, name="plan.xlsx"):
    before = everything()

    answer = upload(content, name)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "There is a problem" in page
    for each in words:
        assert each in page
    assert everything() == before


def test_upload_text_under_a_workbooks_name_is_refused(upload):
    refused_whole(upload, ["the file is not a workbook", "save it as .xlsx"], b"Hello")


def test_upload_of_50_mb_is_refused_by_its_size(upload):
    refused_whole(upload, ["50.0 MB", "at most 10 MB"], b"PK\x03\x04" + b"0" * (50 * 1024 * 1024 - 4))


def test_upload_of_a_zip_bomb_is_refused(upload):
    bomb = zipped()
    assert len(bomb) < 100_000

    refused_whole(upload, ["There is a problem", "workbook"], bomb)


def test_upload_of_an_old_workbook_is_refused_with_what_to_do(upload):
    refused_whole(
        upload, ["old Excel format", "Save it as .xlsx"], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 512, "a.xls"
    )


def test_upload_of_nothing_is_refused(world, upload, client):
    before = everything()

    answer = client.post(reverse("pooled_budgets:plan_upload", args=[world.fund.pk]), {})

    assert answer.status_code == 400
    assert "Choose the file of your scheme plan" in answer.content.decode()
    assert everything() == before


def test_upload_of_an_empty_file_is_refused(upload):
    refused_whole(upload, ["The file is empty"], b"")


def test_upload_of_another_years_sheet_is_refused_by_name(upload, uploads):
    refused_whole(upload, ["2015/16", "this fund is for 2014/15", "Scheme plan!B3"], uploads.plan(ROW, year=2015))


def test_upload_of_another_areas_sheet_is_refused_by_name(upload, uploads):
    refused_whole(upload, ["Hackney", "Southwark"], uploads.plan(ROW, area="Hackney"))


def test_upload_with_wrong_headings_is_refused_with_those_expected(upload):
    content = b"Area,Southwark\nFinancial year,2014/15\nNo,Name,Money\n1,Transfers,10\n"

    refused_whole(upload, ["Money", "Scheme no., Scheme, Budget"], content, "plan.csv")


def test_upload_of_a_sheet_without_schemes_is_refused(upload):
    content = b"Area,Southwark\nFinancial year,2014/15\nScheme no.,Scheme,Budget\n"

    refused_whole(upload, ["has headings and no schemes"], content, "plan.csv")


def test_upload_with_too_many_rows_is_refused(upload):
    rows = "".join(f"{number},Scheme,1\n" for number in range(501))
    content = f"Area,Southwark\nFinancial year,2014/15\nScheme no.,Scheme,Budget\n{rows}".encode()

    refused_whole(upload, ["501 schemes; a plan has at most 500"], content, "plan.csv")


@pytest.mark.parametrize(
    ("row", "cell", "value", "words"),
    [
        (("1", "Transfers", "lots", None, ""), "C8", "lots", "is not an amount"),
        (("1", "Transfers", Decimal("-5"), None, ""), "C8", "-5", "below nil"),
        (("1", "Transfers", "10.005", None, ""), "C8", "10.005", "3 decimals"),
        (("1", "Transfers", Decimal("10.005"), None, ""), "C8", "10.005", "more than two decimals"),
        (("1", "=cmd|calc", Decimal(1), None, ""), "B8", "=cmd|calc", "as a formula"),
        (("1", "", Decimal(1), None, ""), "B8", "empty", "name is missing"),
    ],
)
def test_upload_with_a_bad_cell_names_it_and_imports_nothing(world, upload, uploads, row, cell, value, words):
    schemes = Scheme.objects.count()

    answer = upload(uploads.plan(row))

    page = answer.content.decode()
    assert answer.status_code == 200
    for each in (f"Scheme plan!{cell}", value, words, "cannot be imported as it is", "Correct it here"):
        assert each in page
    assert "Import the plan</button>" not in page
    assert Scheme.objects.count() == schemes == 0
    assert StagedImport.objects.get().status == StagedImport.REFUSED


def test_upload_with_a_number_twice_names_both_places(upload, uploads):
    page = upload(uploads.plan(ROW, ("1", "Other", Decimal(5), None, ""))).content.decode()

    assert "Scheme number 1 stands in A8 already" in page
    assert Scheme.objects.count() == 0


def test_upload_whose_total_does_not_tie_names_the_difference(upload, uploads):
    page = upload(uploads.plan(ROW, total=(Decimal("12.50"), Decimal(10)))).content.decode()

    assert "£2.50 more" in page
    assert Scheme.objects.count() == 0


def test_upload_of_a_confirmed_file_again_is_a_conflict_with_who_and_when(world, upload, imported, uploads):
    before = everything()

    answer = upload(uploads.example(), "again.xlsx")

    assert answer.status_code == 409
    for words in ("imported already", "southwark.xlsx", "Finance of council", "14 July 2014"):
        assert words in answer.content.decode()
    assert everything() == before


def test_upload_of_a_csv_is_taken_like_a_workbook(upload):
    content = 'Area,Southwark\nFinancial year,2014/15\nScheme no.,Scheme,Budget\n1,Transfers,"£5,621,000"\n'.encode()

    answer = upload(content, "plan.csv")

    assert answer.status_code == 200
    assert "1 scheme added" in answer.content.decode()
    assert "£5,621,000.00" in answer.content.decode()
