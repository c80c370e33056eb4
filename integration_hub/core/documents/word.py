"""A document as a Word file: real styles, headings, numbering and table headers, fit to be worked on."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, cast

import docx
from docx.blkcntnr import BlockItemContainer
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import BaseStyle, CharacterStyle, ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from integration_hub.core.charts import Panel
from integration_hub.core.documents import palette
from integration_hub.core.documents.blocks import (
    Bullets,
    Cell,
    Chart,
    Document,
    Heading,
    KeyValue,
    Note,
    NumberedList,
    Table,
)

FACE: Final = "Arial"
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT_WIDTH = Cm(17)
_LABEL_WIDTH = Cm(4.6)
_PICTURE_WIDTH = Cm(10)
_TALLEST_PICTURE = Cm(21)
_NUMBERING = 99
# The earliest moment that a zip file can hold: the same report gives the same bytes.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def render(document: Document, *, picture: Callable[[Panel], bytes] | None = None) -> bytes:
    """The document as .docx: the same bytes for the same document. `picture` draws a chart as PNG."""
    word = _blank()
    _properties(word, document)
    _page_furniture(word, document)
    _add(word, document.made_for, "Report Organisation")
    _add(word, document.title, "Title")
    for block in (document.head, *document.blocks):
        if isinstance(block, Chart):
            if picture is None:
                raise ValueError("a document with a chart needs what draws it")
            _chart(word, block, picture)
        else:
            _DRAW[type(block)](word, block)
    # A Word file may not end with a table.
    _add(word, "", "Report End")
    packed = io.BytesIO()
    word.save(packed)
    return _with_fixed_dates(packed.getvalue())


# Blocks


def _heading(word: WordDocument, block: Heading) -> None:
    _add(word, block.text, f"Heading {block.level}")


def _numbered_list(word: WordDocument, block: NumberedList) -> None:
    for item in block.items:
        _add(word, item, "Report Paragraph")


def _bullets(word: WordDocument, block: Bullets) -> None:
    for item in block.items:
        _add(word, item, "List Bullet")


def _note(word: WordDocument, block: Note) -> None:
    style = "Report Warning" if block.tone == "warning" else "Report Note"
    paragraph = _add(word, "", style)
    paragraph.add_run(block.title)._r.style = _style_ids()["Strong"]
    for line in block.lines:
        _add(word, line, style)


def _key_value(word: WordDocument, block: KeyValue) -> None:
    table = _new_table(word, len(block.rows), 2, "Report Head" if block.boxed else "Report Details")
    _describe(table, block.label, header_row=False, first_column=True, last_row=False)
    _set_widths(table, (_LABEL_WIDTH, _TEXT_WIDTH - _LABEL_WIDTH))
    for row, (label, values) in zip(table.rows, block.rows, strict=True):
        _keep_whole(row)
        name, content = row.cells
        _fill(name, label, "Table Text")
        _fill(content, "\n".join(values), "Table Text")


def _table(word: WordDocument, block: Table) -> None:
    _caption(word, "Table", block.number, block.caption)
    rows = (*block.rows, *((block.total,) if block.total else ()))
    table = _new_table(word, 1 + len(rows), len(block.columns), "Report Table")
    _describe(table, block.caption, header_row=True, first_column=block.row_names, last_row=block.total is not None)
    _set_widths(table, [int(_TEXT_WIDTH * column.width / 100) for column in block.columns])
    drawn = list(table.rows)
    _repeat_on_each_page(drawn[0])
    for cell, column in zip(drawn[0].cells, block.columns, strict=True):
        _fill(cell, column.title, "Table Figure" if column.numeric else "Table Text")
    for word_row, row in zip(drawn[1:], rows, strict=True):
        _keep_whole(word_row)
        for cell, content, column in zip(word_row.cells, row, block.columns, strict=True):
            _draw_cell(cell, content, "Table Figure" if column.numeric else "Table Text")
    if block.keep_together:
        _keep_together(drawn)
    for remark in block.notes:
        _add(word, remark, "Report Remark")


def _chart(word: WordDocument, block: Chart, picture_of: Callable[[Panel], bytes]) -> None:
    for position, panel in enumerate(block.panels):
        if position:
            _caption(word, "Figure", block.number, f"{block.title} (continued)", again=True)
        else:
            _caption(word, "Figure", block.number, block.title)
        width = min(_PICTURE_WIDTH, int(_TALLEST_PICTURE * panel.width / panel.height))
        run = _add(word, "", "Report Picture").add_run()
        picture = run.add_picture(io.BytesIO(picture_of(panel)), width=width)
        about = picture._inline.docPr
        about.set("title", block.title)
        about.set("descr", panel.alternative)
    _table(word, block.table)


_DRAW: dict[type, Callable[[WordDocument, Any], None]] = {
    Heading: _heading,
    NumberedList: _numbered_list,
    Bullets: _bullets,
    Note: _note,
    KeyValue: _key_value,
    Table: _table,
}


def _draw_cell(cell: WordCell, content: Cell, style: str) -> None:
    if content.tone:
        tone = palette.TONES[content.tone]
        run = _fill(cell, f"{tone.symbol}\N{NO-BREAK SPACE}{content.text}", style)
        run._r.style = _style_ids()[_tone_style(content.tone)]
    else:
        _fill(cell, content.text, style)
    for detail in content.details:
        _add(cell, detail, f"{style} Small")


def _fill(cell: WordCell, text: str, style: str) -> Run:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = _style_ids()[style]
    return paragraph.add_run(text)


def _add(place: WordDocument | BlockItemContainer, text: str, style: str) -> WordParagraph:
    """A new paragraph at the end. Styles go in by id: by name python-docx searches all of them each time."""
    paragraph = place.add_paragraph(text)
    paragraph._p.style = _style_ids()[style]
    return paragraph


def _caption(word: WordDocument, label: str, number: int, text: str, *, again: bool = False) -> None:
    """The label, a number and the text; the number is Word's own field, so that Word can list and renumber.

    With `again` the field repeats the number of the caption before.
    """
    paragraph = _add(word, f"{label} ", "Caption")
    repeat = r"\c " if again else ""
    _field(paragraph, rf"SEQ {label} {repeat}\* ARABIC", str(number))
    paragraph.add_run(f": {text}")


def _field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = shown
    run.append(words)
    field.append(run)
    paragraph._p.append(field)


# Tables


def _new_table(word: WordDocument, rows: int, columns: int, style: str) -> WordTable:
    table = word.add_table(rows, columns)
    table._tbl.tblStyle_val = _style_ids()[style]
    return table


def _describe(table: WordTable, title: str, *, header_row: bool, first_column: bool, last_row: bool) -> None:
    """Give the table its description, and say which rows and columns its style treats as headers."""
    properties = table._tbl.tblPr
    for look in properties.findall(qn("w:tblLook")):
        properties.remove(look)
    look = OxmlElement("w:tblLook")
    marks = {
        "firstRow": (0x0020, header_row),
        "lastRow": (0x0040, last_row),
        "firstColumn": (0x0080, first_column),
        "lastColumn": (0x0100, False),
        "noHBand": (0x0200, True),
        "noVBand": (0x0400, True),
    }
    # Older readers know only the sum of the bits.
    look.set(qn("w:val"), f"{sum(bit for bit, used in marks.values() if used):04X}")
    for name, (_, used) in marks.items():
        look.set(qn(f"w:{name}"), "1" if used else "0")
    properties.append(look)
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    properties.append(caption)
    table.autofit = False


def _set_widths(table: WordTable, widths: Sequence[int]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _row_mark(row: Any, name: str) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(name))


def _repeat_on_each_page(row: Any) -> None:
    _row_mark(row, "w:cantSplit")
    _row_mark(row, "w:tblHeader")


def _keep_whole(row: Any) -> None:
    _row_mark(row, "w:cantSplit")


def _keep_together(rows: Sequence[Any]) -> None:
    for row in rows[:-1]:
        for paragraph in row._tr.iter(qn("w:p")):
            paragraph.get_or_add_pPr().get_or_add_keepNext()


# The file as a whole


def _properties(word: WordDocument, document: Document) -> None:
    made = datetime.fromisoformat(document.made_at).astimezone(UTC).replace(tzinfo=None)
    about = word.core_properties
    about.title = document.title
    about.author = document.made_for
    about.last_modified_by = document.made_for
    about.language = "en-GB"
    about.comments = document.foot
    about.created = made
    about.modified = made
    about.revision = 1


def _page_furniture(word: WordDocument, document: Document) -> None:
    """The head and foot of each page; the first page has the title and needs no head of its own."""
    section = word.sections[0]
    section.different_first_page_header_footer = True
    exempt = "Exempt: not for publication" if document.exempt else ""
    section.header.paragraphs[0].text = f"{document.running}: {document.title}"
    if exempt:
        for header in (section.header, section.first_page_header):
            _add(header, exempt, "Report Exempt")
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.add_run(f"{document.foot}\tPage ")
        _field(paragraph, "PAGE", "1")
        paragraph.add_run(" of ")
        _field(paragraph, "NUMPAGES", "1")


def _with_fixed_dates(packed: bytes) -> bytes:
    """The same zip file with every part dated alike: python-docx stamps the clock on each."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(fixed, "w") as target:
        for entry in source.infolist():
            part = zipfile.ZipInfo(entry.filename, _ZIP_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(entry))
    return fixed.getvalue()


# Styles


@cache
def _blank_file() -> bytes:
    """An empty report with all its styles, made once in each process."""
    word = docx.Document()
    _page(word)
    _text_styles(word)
    _numbering(word)
    _cell_styles(word)
    _table_styles(word)
    _settings(word)
    packed = io.BytesIO()
    word.save(packed)
    return packed.getvalue()


@cache
def _style_ids() -> dict[str, str]:
    """Every style's id by its name."""
    return {style.name: style.style_id for style in _blank().styles if style.name}


def _settings(word: WordDocument) -> None:
    """British English, and today's layout rules: without them Word opens the file in compatibility mode."""
    settings = word.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-GB")
    compatibility = settings.find(qn("w:compat"))
    for old in compatibility.findall(qn("w:compatSetting")):
        if old.get(qn("w:name")) == "compatibilityMode":
            compatibility.remove(old)
    compatibility.append(
        parse_xml(
            f'<w:compatSetting {nsdecls("w")} w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        )
    )


def _blank() -> WordDocument:
    return docx.Document(io.BytesIO(_blank_file()))


def _page(word: WordDocument) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.1)


def _colour(value: str) -> RGBColor:
    return RGBColor.from_string(value.removeprefix("#").upper())


def _set_face(style: BaseStyle) -> None:
    """Name the face outright: the blank file's styles point at theme faces, which win over a plain name."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FACE)


def _shape(
    style: ParagraphStyle,
    *,
    size: float,
    colour: str = palette.INK,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> None:
    _set_face(style)
    style.font.size = Pt(size)
    # Unset rather than false where not bold: a table's style makes its headers and totals bold.
    style.font.bold = bold or None
    style.font.color.rgb = _colour(colour)
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.keep_with_next = keep


def _new(word: WordDocument, name: str, based_on: str = "Normal") -> ParagraphStyle:
    style = cast(ParagraphStyle, word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    style.base_style = word.styles[based_on]
    style.quick_style = True
    return style


def _text_styles(word: WordDocument) -> None:
    defaults = word.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    normal = _named(word, "Normal")
    _shape(normal, size=10.5, after=6)
    normal.paragraph_format.line_spacing = 1.12
    normal.paragraph_format.widow_control = True
    _title(_named(word, "Title"))
    _shape(_named(word, "Heading 1"), size=14, colour=palette.BRAND, bold=True, before=18, after=6, keep=True)
    _shape(_named(word, "Heading 2"), size=11.5, bold=True, before=12, after=5, keep=True)
    _shape(_named(word, "Caption"), size=10, bold=True, before=8, after=4, keep=True)
    _shape(_new(word, "Report Organisation"), size=10.5, colour=palette.BRAND, bold=True, after=3, keep=True)
    picture = _new(word, "Report Picture")
    _shape(picture, size=10.5, after=8)
    # A line as tall as the picture: any more would be a fraction of the picture's own height.
    picture.paragraph_format.line_spacing = 1
    remark = _new(word, "Report Remark")
    _shape(remark, size=8.5, colour=palette.MUTED, before=5, after=5)
    _together(remark)
    _shape(_new(word, "Report Exempt"), size=9, colour=palette.WARNING, bold=True)
    _shape(_new(word, "Report End"), size=4)
    for name, edge, ground in (
        ("Report Note", palette.BRAND, palette.PANEL),
        ("Report Warning", palette.WARNING, palette.WHITE),
    ):
        style = _new(word, name)
        _shape(style, size=10.5, before=10, after=10)
        _together(style)
        style.paragraph_format.left_indent = Cm(0.35)
        _edge_and_ground(style, edge, ground)
    for name in ("Header", "Footer"):
        style = _named(word, name)
        _shape(style, size=8.5, colour=palette.MUTED)
        tabs = style.paragraph_format.tab_stops
        tabs.clear_all()
        tabs.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    bullet = _named(word, "List Bullet")
    _shape(bullet, size=10.5, after=4)
    bullet.paragraph_format.left_indent, bullet.paragraph_format.first_line_indent = Cm(1.5), Cm(-0.6)
    strong = _character(word, "Strong")
    strong.font.bold = True


def _named(word: WordDocument, name: str) -> ParagraphStyle:
    return cast(ParagraphStyle, word.styles[name])


def _character(word: WordDocument, name: str) -> CharacterStyle:
    known = name in word.styles
    style = word.styles[name] if known else word.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    return cast(CharacterStyle, style)


def _title(style: ParagraphStyle) -> None:
    _shape(style, size=20, bold=True, after=10, keep=True)
    style.paragraph_format.line_spacing = 1
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)


def _together(style: ParagraphStyle) -> None:
    """Space stands round a run of such paragraphs, not between them."""
    style.element.get_or_add_pPr().append(OxmlElement("w:contextualSpacing"))


def _edge_and_ground(style: ParagraphStyle, edge: str, ground: str) -> None:
    properties = style.element.get_or_add_pPr()
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="7" w:color="{edge[1:]}"/></w:pBdr>'
    )
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{ground[1:]}"/>')
    # The schema wants these two before spacing and indentation.
    spacing = properties.find(qn("w:spacing"))
    spacing.addprevious(border)
    spacing.addprevious(shade)


def _numbering(word: WordDocument) -> None:
    """One run of numbers through the whole report, carried by the style of its paragraphs."""
    style = _new(word, "Report Paragraph")
    _shape(style, size=10.5, after=6)
    numbering = word.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_NUMBERING}">'
        '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        f'<w:numFmt w:val="decimal"/><w:pStyle w:val="{style.style_id}"/>'
        '<w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="510" w:hanging="510"/></w:pPr></w:lvl></w:abstractNum>'
    )
    numbering.find(qn("w:num")).addprevious(abstract)
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{_NUMBERING}"><w:abstractNumId w:val="{_NUMBERING}"/></w:num>')
    )
    properties = style.element.get_or_add_pPr()
    number = parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{_NUMBERING}"/></w:numPr>')
    properties.find(qn("w:spacing")).addprevious(number)


def _tone_style(name: str) -> str:
    return f"Status {name.replace('_', ' ')}"


def _cell_styles(word: WordDocument) -> None:
    for name, alignment in (
        ("Table Text", WD_ALIGN_PARAGRAPH.LEFT),
        ("Table Figure", WD_ALIGN_PARAGRAPH.RIGHT),
    ):
        style = _new(word, name)
        _shape(style, size=9)
        style.paragraph_format.alignment = alignment
        style.paragraph_format.line_spacing = 1.05
        smaller = _new(word, f"{name} Small", name)
        _shape(smaller, size=8, colour=palette.MUTED, before=1)
        smaller.paragraph_format.alignment = alignment
    for key, tone in palette.TONES.items():
        status = _character(word, _tone_style(key))
        status.font.bold = True
        status.font.color.rgb = _colour(tone.ink)
        status.element.get_or_add_rPr().append(
            parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{tone.ground[1:]}"/>')
        )


def _table_styles(word: WordDocument) -> None:
    for name, top in (
        ("Report Table", palette.PANEL),
        ("Report Head", palette.BRAND),
        ("Report Details", palette.RULE),
    ):
        word.styles.element.append(_table_style(name, top))


def _table_style(name: str, top: str) -> Any:
    """A table style: thin rules between rows, tinted bold header and total, bold first column."""
    tint = f'<w:shd w:val="clear" w:color="auto" w:fill="{palette.PANEL[1:]}"/>'
    ground = f"<w:tcPr>{tint}</w:tcPr>"
    header = (
        f'<w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="8" w:color="{palette.BRAND[1:]}"/>'
        f'</w:tcBorders>{tint}<w:vAlign w:val="bottom"/></w:tcPr>'
    )
    bold = "<w:rPr><w:b/></w:rPr>"
    column = ground if name == "Report Head" else ""
    rule = palette.RULE[1:]
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{name.replace(" ", "")}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>'
        "<w:tblPr><w:tblBorders>"
        f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{top[1:]}"/>'
        f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{rule}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{rule}"/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
        '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow">{bold}{header}</w:tblStylePr>'
        f'<w:tblStylePr w:type="lastRow">{bold}{ground}</w:tblStylePr>'
        f'<w:tblStylePr w:type="firstCol">{bold}{column}</w:tblStylePr></w:style>'
    )
