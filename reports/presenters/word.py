"""A report as a Word file, its charts as pictures set by typst."""

from integration_hub.core.documents import word
from integration_hub.core.documents.blocks import Document
from reports.presenters import pdf


def render(document: Document) -> bytes:
    """The report as .docx: the same bytes for the same document."""
    return word.render(document, picture=pdf.picture)
