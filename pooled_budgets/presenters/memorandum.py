"""The memorandum account of a settled year as a page, a Word file and a workbook, from the frozen settlement alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from integration_hub.core.dates import long_date
from integration_hub.core.documents import word
from integration_hub.core.documents.blocks import Block, Document, Heading, KeyValue, Note
from integration_hub.core.money import NIL, pounds
from integration_hub.core.spreadsheets import writer
from pooled_budgets.models import AccountStatement, Settlement
from pooled_budgets.models.account_statement import AUDIT, FINANCE_OFFICER, KINDS, POOL_MANAGER, PURPOSE
from pooled_budgets.presenters import settlement as words
from pooled_budgets.presenters import settlement_files as files
from pooled_budgets.presenters.settlement import Table, Value
from pooled_budgets.selectors.settlement import approval_of

NOT_AVAILABLE = "not available"
NOT_CERTIFIED = "Not certified yet"
# Where a printed account can be signed instead.
TO_SIGN = "Not certified yet. Signed:                              Date:"
CERTIFIED_BY = (
    (POOL_MANAGER, "Pool manager"),
    (FINANCE_OFFICER, "Section 151 officer or chief finance officer"),
)
_TEXT_WIDTH = 40


@dataclass(frozen=True)
class Memorandum:
    """The account ready to be drawn: its head, its tables, who answers for it, and what has to be said of it."""

    title: str
    is_draft: bool
    remarks: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    certificate: tuple[tuple[str, str], ...]
    made_for: str
    made_at: str


def memorandum(
    found: Settlement, stated: Sequence[AccountStatement] = (), replaced_by: Settlement | None = None
) -> Memorandum:
    """The account of a settlement that selectors.settlement gave, with what is `stated` of it, the last of a kind being
    the one that holds, and the settlement that took its place. No query."""
    content = found.content
    said = {row.kind: row for row in stated}
    approval = approval_of(found)
    return Memorandum(
        title=f"Memorandum account of {content['fund']} {content['year']}",
        is_draft=approval is None,
        remarks=files.remarks(found, replaced_by, "account"),
        about=tuple(_about(content, said.get(PURPOSE))),
        tables=(
            account_table(content),
            schemes_table(content),
            providers_table(content),
            shares_table(content),
        ),
        certificate=(
            *files.answered_for(found),
            *((label, _certified(said.get(kind))) for kind, label in CERTIFIED_BY),
            ("Audit statement", _certified(said[AUDIT]) if AUDIT in said else "Not stated"),
            *_earlier(stated, said),
            ("Settlement", f"Number {found.number}, SHA-256 {found.sha256}"),
        ),
        made_for=words.name_of(content, content["host"]),
        made_at=(approval.at if approval else found.prepared_at).isoformat(),
    )


def account_table(content: Mapping[str, Any]) -> Table:
    """From the opening to the closing balance, beside the year before where that was settled here."""
    before = content.get("comparative")
    rows: list[tuple[Value, ...]] = []

    def add(label: str, amount: Decimal, name: str = "", part: str = "") -> None:
        rows.append((label, amount, _before(before, name, part)))

    made = content["account"]
    add("Opening balance", Decimal(made["opening"]), "opening")
    for row in content["partners"]:
        key, in_kind = row["key"], Decimal(row["in_kind"])
        of_which = f", of which {pounds(in_kind)} in kind" if in_kind else ""
        who = f"Contributions: {words.name_of(content, key)}{of_which}"
        add(who, Decimal(row["contribution"]), "contributions", key)
    add("Other income", Decimal(made["other_income"]), "other_income")
    add("Total funding", Decimal(made["funding"]), "funding")
    add("Expenditure", Decimal(made["expenditure"]), "expenditure")
    net = Decimal(made["net"])
    add("Net deficit" if net < 0 else "Net surplus", net, "net")
    for key, amount in made["paid"].items():
        if Decimal(amount):
            add(f"Met by {words.name_of(content, key)}", Decimal(amount), "paid", key)
    for key, amount in made["returned"].items():
        if Decimal(amount):
            add(f"Returned to {words.name_of(content, key)}", -Decimal(amount))
    for label, name in (
        ("of which contingency", "contingency_closing"),
        ("of which carried forward by the rules", "carried_forward"),
        ("of which in no scheme and no contingency", "unplaced"),
    ):
        if Decimal(made[name]):
            add(f"Closing balance, {label}", Decimal(made[name]), name)
    if Decimal(made["unresolved"]):
        add("Unresolved by the rules", -Decimal(made["unresolved"]))
    year_before = before["year"] if before else "Year before"
    return Table(
        "Memorandum account",
        ("Line", content["year"], year_before),
        tuple(rows),
        ("Closing balance", Decimal(made["closing"]), _before(before, "closing")),
        (1, 2),
    )


def schemes_table(content: Mapping[str, Any]) -> Table:
    """Expenditure by scheme, with who provides it."""
    rows = tuple(
        (f"Scheme {row['no']}: {row['name']}", row["provider"] or "Not stated", Decimal(row["outturn"]))
        for row in content["schemes"]
    )
    return Table(
        "Expenditure by scheme", ("Scheme", "Provider", "Expenditure"), rows, ("In all", "", _spent(content)), (2,)
    )


def providers_table(content: Mapping[str, Any]) -> Table:
    """Expenditure by type of provider."""
    found: dict[str, Decimal] = {}
    for row in content["schemes"]:
        name = row["provider"] or "Not stated"
        found[name] = found.get(name, NIL) + Decimal(row["outturn"])
    rows = tuple(sorted(found.items()))
    return Table(
        "Expenditure by type of provider", ("Provider", "Expenditure"), rows, ("In all", _spent(content)), (1,)
    )


def shares_table(content: Mapping[str, Any]) -> Table:
    """Each partner's own part, for its own accounts: the pool has none."""
    names = ("contribution", "pays", "decided", "receives")
    rows: list[tuple[Value, ...]] = []
    for row in content["partners"]:
        amounts = [Decimal(row[name]) for name in names]
        rows.append((words.name_of(content, row["key"]), *amounts, sum(amounts[:3], NIL) - amounts[3]))
    sums = [sum((Decimal(row[name]) for row in content["partners"]), NIL) for name in names]
    return Table(
        "Each partner's share",
        ("Partner", "Contribution", "Share of overspend", "By decision", "Share of underspend", "Borne in all"),
        tuple(rows),
        ("In all", *sums, sum(sums[:3], NIL) - sums[3]),
        (1, 2, 3, 4, 5),
    )


def word_file(found: Memorandum) -> bytes:
    """The account as .docx."""
    blocks: list[Block] = []
    if found.remarks:
        blocks.append(Note("Draft" if found.is_draft else "Note", found.remarks, tone="warning"))
    for number, table in enumerate(found.tables, start=1):
        blocks.append(files.table_block(number, table))
    signed = [(label, TO_SIGN if text == NOT_CERTIFIED else text) for label, text in found.certificate]
    blocks += [Heading("Who answers for it", 1), KeyValue("Who answers for it", files.key_values(signed))]
    return word.render(
        Document(
            title=f"{found.title}{' (draft)' if found.is_draft else ''}",
            made_for=found.made_for,
            made_at=found.made_at,
            running="Draft" if found.is_draft else "Pooled fund",
            foot="The pool is no legal entity: each partner accounts for its own share.",
            exempt=False,
            head=KeyValue("The fund", files.key_values(found.about), boxed=True),
            blocks=tuple(blocks),
        )
    )


def workbook(found: Memorandum, content: Mapping[str, Any]) -> bytes:
    """The account as .xlsx, with the settlement's own tables on sheets of their own."""
    book = writer.Book(title=found.title, created=datetime.fromisoformat(found.made_at))
    sheet = book.sheet("Memorandum account", widths=[52, 24, 24, 24, 24, 24], freeze=(1, 0))
    sheet.write_text(0, 0, f"{found.title}{' (draft)' if found.is_draft else ''}", writer.TITLE)
    row = 1
    for remark in found.remarks:
        sheet.write_text(row, 0, remark, files.BOLD)
        row += 1
    for label, text in (*found.about, *found.certificate):
        sheet.write_text(row, 0, label)
        sheet.write_text(row, 1, " ".join(text.split()))
        row += 1
    for table in found.tables:
        row = files.write_table(sheet, table, row + 1)
    for name, table in (
        ("Outturn", words.outturn_table(content)),
        ("Contributions", words.contributions_table(content)),
        ("Settlement", words.partners_table(content)),
        ("Invoice lines", words.invoice_table(content)),
    ):
        own = book.sheet(name, widths=[_TEXT_WIDTH, *[24] * (len(table.columns) - 1)], freeze=(1, 1), repeat_header=0)
        files.write_table(own, table, 0, caption=False)
    return book.finish()


def _certified(row: AccountStatement | None) -> str:
    if row is None:
        return NOT_CERTIFIED
    return f"{_quoted(row)} Entered by {row.entered_by_name}, {long_date(row.at)}."


def _quoted(row: AccountStatement) -> str:
    who = f"{row.stated_by}, " if row.stated_by else ""
    return f"“{row.text}” {who}{long_date(row.stated_on)}."


def _earlier(stated: Sequence[AccountStatement], said: Mapping[str, AccountStatement]) -> Iterable[tuple[str, str]]:
    """What a later statement of its kind took the place of stays in print."""
    for place, row in enumerate(stated):
        if row is not said[row.kind]:
            after = next(later for later in stated[place + 1 :] if later.kind == row.kind)
            entered = f"Entered by {row.entered_by_name}, {long_date(row.at)}"
            yield f"{KINDS[row.kind]}, replaced", f"{_quoted(row)} {entered}; replaced {long_date(after.at)}."


def _about(content: Mapping[str, Any], purpose: AccountStatement | None) -> Iterable[tuple[str, str]]:
    yield "Fund", f"{content['fund']} {content['year']}"
    yield "Purpose", purpose.text if purpose else "Not stated"
    yield "Agreement", content["agreement"]
    began = content["agreement_from"]
    yield "In force since", long_date(date.fromisoformat(began)) if began else "Not stated"
    yield "Made under", content["statutory_basis"] or "Not stated"
    yield "Partners", ", ".join(words.name_of(content, row["key"]) for row in content["partners"])
    yield "Money kept by", words.name_of(content, content["host"])


def _before(before: Mapping[str, Any] | None, name: str, part: str = "") -> Value:
    """The same figure a year earlier; nothing is nil because nobody knows it."""
    if before is None or not name:
        return NOT_AVAILABLE if before is None else ""
    found = before["account"].get(name)
    if part:
        found = found.get(part) if isinstance(found, dict) else None
    return "" if found is None else Decimal(found)


def _spent(content: Mapping[str, Any]) -> Decimal:
    return Decimal(content["account"]["expenditure"])
