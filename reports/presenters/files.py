"""A report's files as answers to a download."""

from typing import Final

from django.http import HttpResponse

from integration_hub.core.spreadsheets.texts import download_name
from reports.models import ReportDocument

CONTENT_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}


def answer(document: ReportDocument) -> HttpResponse:
    """The file byte for byte as it was made, under a name that says what it is."""
    report = document.report
    name = download_name(f"{report.board.name} {report.period.label} version {report.version}", document.format)
    return HttpResponse(
        bytes(document.content),
        content_type=CONTENT_TYPES[document.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "ETag": f'"{document.sha256}"'},
    )
