"""The check of every uploaded spreadsheet before any parser sees it. Each refusal says what is wrong and what to do."""

import os
import zipfile
from pathlib import PurePath
from typing import IO, Final

from integration_hub.core.errors import HubError
from integration_hub.core.spreadsheets import scan

MAXIMUM_BYTES: Final = 10 * 1024 * 1024

XLSX: Final = "xlsx"
CSV: Final = "csv"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 64 * 1024


class SheetRefused(HubError):
    """An uploaded file that is not taken, and why."""

    code = "sheet_refused"
    http_status = 400

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code=code, field="file")


def check(upload: IO[bytes], filename: str) -> str:
    """Check an upload as far as can be without parsing it, and say what it is: XLSX or CSV. Raises SheetRefused.

    Leaves the file at its beginning, and never holds more of it than a small piece.
    """
    kind = check_container(upload, filename)
    if kind == XLSX:
        try:
            scan.scan(upload)
        except scan.ScanRefused as refusal:
            raise SheetRefused(refusal.code, refusal.message) from refusal
        upload.seek(0)
    return kind


def check_container(upload: IO[bytes], filename: str, *, foreign_links: bool = False) -> str:
    """The quick half of `check`: size, name, first bytes and the zip's directory. Nothing is expanded.

    `foreign_links` takes a workbook that names other files, where none of its values are read from them.
    """
    size = _size(upload)
    if size == 0:
        raise SheetRefused("empty", "The file is empty. Save it again and upload that.")
    if size > MAXIMUM_BYTES:
        raise SheetRefused(
            "too_large",
            f"The file has {size / 1024 / 1024:.1f} MB; at most {MAXIMUM_BYTES // 1024 // 1024} MB are taken. "
            "Delete sheets and pictures that are not needed, or upload the data in several files.",
        )
    upload.seek(0)
    beginning = upload.read(len(_OLE))
    upload.seek(0)
    if beginning == _OLE:
        raise _refuse_ole(upload)
    suffix = PurePath(filename).suffix.lower()
    if beginning.startswith(_ZIP):
        return _check_zip(upload, suffix, foreign_links=foreign_links)
    return _check_text_name(suffix)


def _check_zip(upload: IO[bytes], suffix: str, *, foreign_links: bool) -> str:
    try:
        with zipfile.ZipFile(upload) as archive:
            scan.check_directory(archive, foreign_links=foreign_links)
    except scan.ScanRefused as refusal:
        raise SheetRefused(refusal.code, refusal.message) from refusal
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise SheetRefused(
            "damaged", "The workbook is damaged or was cut off on its way. Save it again and upload that."
        ) from problem
    finally:
        upload.seek(0)
    if suffix == ".xlsm":
        raise SheetRefused("macros", "This is a workbook for macros (.xlsm). Save it as .xlsx and upload that.")
    if suffix != ".xlsx":
        raise SheetRefused(
            "name",
            f'The file is a workbook, but its name ends in "{suffix[:10]}". Give it a name that ends in .xlsx.',
        )
    return XLSX


def _check_text_name(suffix: str) -> str:
    if suffix == ".csv":
        return CSV
    if suffix == ".xlsx":
        raise SheetRefused(
            "not_workbook",
            "The name ends in .xlsx, but the file is not a workbook. Open it in your spreadsheet program and save it "
            "as .xlsx; if it is text with commas, give it a name that ends in .csv.",
        )
    if suffix == ".xls":
        raise SheetRefused("old_format", "The file is not a workbook. Save your data as .xlsx and upload that.")
    raise SheetRefused("not_workbook", "This is not a workbook. Upload an .xlsx or a .csv file.")


def _refuse_ole(upload: IO[bytes]) -> SheetRefused:
    """Two kinds of file begin alike: a workbook behind a password, and the format of Excel before 2007."""
    tail = b""
    while piece := upload.read(_CHUNK):
        if _ENCRYPTED in tail + piece:
            upload.seek(0)
            return SheetRefused(
                "password", "The workbook is protected by a password. Remove the password and save it again."
            )
        tail = piece[-len(_ENCRYPTED) :]
    upload.seek(0)
    return SheetRefused("old_format", "This is the old Excel format (.xls). Save it as .xlsx and upload that.")


def _size(upload: IO[bytes]) -> int:
    """The size in bytes, without reading: an upload of Django knows it, any other file is measured by its end."""
    known = getattr(upload, "size", None)
    if isinstance(known, int):
        return known
    size = upload.seek(0, os.SEEK_END)
    upload.seek(0)
    return size
