"""An .xlsx package with some parts put anew, and every other part carried over as the packed bytes it was.

Standard library only; nothing is unpacked but what is asked for. Each refusal is a SheetRefused.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Final

from integration_hub.core.spreadsheets import scan
from integration_hub.core.spreadsheets.guard import MAXIMUM_BYTES, SheetRefused, check_container

_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_LOCAL = struct.Struct("<4s2B4HL2L2H")
_END = struct.Struct("<4s4H2LH")
_ZIP64 = 1
_EXTRA_HEAD: Final = 4
_DESCRIPTOR_FLAG: Final = 0x8
_NAME_IN_UTF8: Final = 0x800


@dataclass(frozen=True)
class Part:
    """A part of the package and the SHA-256 of what is in it, as any unpacking program gives it."""

    name: str
    sha256: str


class Package:
    """A package in memory. Raises SheetRefused for what is no workbook, too large, locked or packed like an attack."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        check_container(BytesIO(content), "workbook.xlsx", foreign_links=True)
        self._archive = zipfile.ZipFile(BytesIO(content))
        self._parts = {part.filename: part for part in self._archive.infolist()}
        self._ends = self._extents()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    def read(self, name: str) -> bytes:
        """What is in a part; SheetRefused where it is not there or does not unpack to what the directory says."""
        if name not in self._parts:
            raise damaged()
        try:
            return self._archive.read(self._parts[name])
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as problem:
            raise damaged() from problem

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part with its SHA-256, in the order of the package."""
        return tuple(Part(name, hashlib.sha256(self.read(name)).hexdigest()) for name in self._parts)

    def packed(self, name: str) -> bytes:
        """A part as it lies in the file: its own header and its packed bytes."""
        part = self._parts[name]
        return self._content[part.header_offset : self._ends[name]]

    def with_parts(self, changed: Mapping[str, bytes]) -> bytes:
        """The package with some parts put anew, all others byte for byte as they were, in the same order."""
        out = BytesIO()
        directory = []
        for name, part in self._parts.items():
            offset = out.tell()
            if name in changed:
                fresh = changed[name]
                squeezed = _deflated(fresh)
                sizes = (zlib.crc32(fresh), len(squeezed), len(fresh))
                flags = part.flag_bits & ~_DESCRIPTOR_FLAG
                out.write(_local(part, flags, sizes))
                out.write(squeezed)
                directory.append(_central(part, flags, zipfile.ZIP_DEFLATED, sizes, offset))
            else:
                out.write(self.packed(name))
                sizes = (part.CRC, part.compress_size, part.file_size)
                directory.append(_central(part, part.flag_bits, part.compress_type, sizes, offset))
        start = out.tell()
        out.writelines(directory)
        comment = self._archive.comment
        out.write(_END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), out.tell() - start, start, len(comment)))
        out.write(comment)
        if out.tell() > MAXIMUM_BYTES:
            raise SheetRefused("too_large", "The workbook filled in would be larger than the Hub keeps.")
        return out.getvalue()

    def _extents(self) -> dict[str, int]:
        """Where each part ends: at the next one, so that nothing that belongs to it is left behind."""
        ordered = sorted(self._parts.values(), key=lambda part: part.header_offset)
        starts = [part.header_offset for part in ordered]
        ends = dict(zip((part.filename for part in ordered), [*starts[1:], self._archive.start_dir], strict=True))
        for part in ordered:
            whole = part.header_offset + _LOCAL.size + len(_name(part)) + part.compress_size
            if ends[part.filename] < whole:
                # Two names for the same bytes: no program writes that.
                raise damaged()
        return ends


def damaged() -> SheetRefused:
    return SheetRefused("damaged", "The workbook is damaged or was cut off on its way. Save it again and upload that.")


def refused(refusal: scan.ScanRefused) -> SheetRefused:
    return SheetRefused(refusal.code, refusal.message)


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _name(part: zipfile.ZipInfo) -> bytes:
    return part.orig_filename.encode("utf-8" if part.flag_bits & _NAME_IN_UTF8 else "cp437")


def _local(part: zipfile.ZipInfo, flags: int, sizes: tuple[int, int, int]) -> bytes:
    name = _name(part)
    head = _LOCAL.pack(b"PK\3\4", 20, 0, flags, zipfile.ZIP_DEFLATED, *_moment(part), *sizes, len(name), 0)
    return head + name


def _central(part: zipfile.ZipInfo, flags: int, method: int, sizes: tuple[int, int, int], offset: int) -> bytes:
    name, extra = _name(part), _without_zip64(part.extra)
    head = _CENTRAL.pack(
        b"PK\1\2",
        part.create_version,
        part.create_system,
        part.extract_version,
        part.reserved,
        flags,
        method,
        *_moment(part),
        *sizes,
        len(name),
        len(extra),
        len(part.comment),
        0,
        part.internal_attr,
        part.external_attr,
        offset,
    )
    return head + name + extra + part.comment


def _moment(part: zipfile.ZipInfo) -> tuple[int, int]:
    """Time and date as a zip has them: those of the part as it was."""
    year, month, day, hour, minute, second = part.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields of a part without its long sizes, which no file of the size taken needs."""
    kept, place = b"", 0
    while place + _EXTRA_HEAD <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        end = place + _EXTRA_HEAD + length
        if kind != _ZIP64:
            kept += extra[place:end]
        place = end
    return kept
