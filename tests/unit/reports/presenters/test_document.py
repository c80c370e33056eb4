"""The block tree: numbering, totals, words for what is not there, and marks for what is made up."""

from dataclasses import asdict
from itertools import pairwise
from typing import Any

import pytest

from integration_hub.core.documents.blocks import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    KeyValue,
    Note,
    NumberedList,
    Table,
)
from reports.domain.snapshot import SnapshotError, snapshot_id
from reports.presenters import document

Json = dict[str, Any]


def blocks_of(report: Document, kind: type) -> list[Any]:
    return [block for block in report.blocks if isinstance(block, kind)]


def tables_of(report: Document) -> list[Table]:
    return [block.table if isinstance(block, Chart) else block for block in report.blocks if _has_table(block)]


def _has_table(block: Block) -> bool:
    return isinstance(block, Table | Chart)


def table_called(report: Document, start: str) -> Table:
    return next(table for table in tables_of(report) if table.caption.startswith(start))


def texts(row: Any) -> list[str]:
    return [cell.text for cell in row]


def paragraphs_of(report: Document) -> list[str]:
    return [item for block in blocks_of(report, NumberedList) for item in block.items]


def every_text(value: object) -> list[str]:
    """Every text anywhere in the tree, the drawings left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() if key != "svg" for text in every_text(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in every_text(item)]
    return []


def test_build_numbers_paragraphs_tables_and_figures_in_one_run(southwark: Json) -> None:
    report = document.build(southwark)

    expected = 1
    for block in blocks_of(report, NumberedList):
        assert block.start == expected
        expected += len(block.items)
    assert expected > 20
    assert [table.number for table in tables_of(report)] == list(range(1, 10))
    assert [chart.number for chart in blocks_of(report, Chart)] == [1]


def test_build_heads_follow_one_another_without_a_gap(southwark: Json) -> None:
    levels = [block.level for block in blocks_of(document.build(southwark), Heading)]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_build_head_has_the_seven_lines_of_a_committee_report(southwark: Json) -> None:
    head = document.build(southwark).head

    assert head.rows == (
        ("Report to", ("Southwark Health and Wellbeing Board",)),
        ("Date", ("28 July 2014",)),
        ("Item no.", ("8",)),
        ("Classification", ("Open",)),
        ("Report title", ("Health and care integration and the Better Care Fund: progress at quarter 1 2014/15",)),
        ("Wards or groups affected", ("All",)),
        (
            "From",
            ("Director of Service Redesign, NHS Southwark CCG", "Acting Director of Adult Care, Southwark Council"),
        ),
    )


def test_build_exempt_report_names_paragraphs_and_public_interest(exempt: Json) -> None:
    report = document.build(exempt)

    assert ("Classification", ("Exempt: paragraphs 3 and 5 of Schedule 12A",)) in report.head.rows
    assert report.exempt
    warning = blocks_of(report, Note)[0]
    assert warning.tone == "warning"
    assert warning.lines[0].startswith(
        "Paragraph 3 of Part 1 of Schedule 12A to the Local Government Act 1972: It names"
    )
    assert warning.lines[1].endswith("Public interest: The council needs to be advised in confidence.")


def test_build_southwark_scheme_table_ties_to_its_total(southwark: Json) -> None:
    table = table_called(document.build(southwark), "Budget and projected outturn")

    assert table.total is not None
    assert texts(table.total) == ["Total", "£8,957,000", "£8,957,000", "£0", ""]
    outturns = [int(row[2].text.replace("£", "").replace(",", "")) for row in table.rows]
    assert sum(outturns) == 8_957_000
    assert table.rows[-1][4].details == ("Printed in the source as £214,00.",)


def test_build_incomplete_outturn_says_why_and_is_not_presented_as_a_total(incomplete: Json) -> None:
    report = document.build(incomplete)
    table = table_called(report, "Budget and projected outturn")
    rows = {row[0].text.split(":")[0]: texts(row) for row in table.rows}

    assert rows["Scheme 3"][2:4] == ["not yet available until 30 September 2014", "not stated: no outturn"]
    assert rows["Scheme 4"][2:4] == ["nil", "\N{MINUS SIGN}£100,000.00"]
    assert rows["Scheme 5"][1:4] == ["to be confirmed", "£107,000.00", "not stated: no budget"]
    assert rows["Scheme 7"][2] == "missing"
    assert table.total is not None
    assert texts(table.total)[:4] == [
        "Total of the figures there are, not complete",
        "£8,850,000.00",
        "£6,992,000.55",
        "not stated, as figures are missing",
    ]
    assert table.total[1].details == ("Without scheme 5.",)
    assert table.total[2].details == ("Without schemes 3 and 7.",)
    summary = next(text for text in paragraphs_of(report) if text.startswith("Seven schemes"))
    assert "not complete: there is no figure for schemes 3 and 7. The others come to £6,992,000.55." in summary


def test_build_outturn_not_released_is_not_called_missing_and_the_total_says_what_it_leaves_out(withheld: Json) -> None:
    report = document.build(withheld)
    table = table_called(report, "Budget and projected outturn")
    rows = {row[0].text.split(":")[0]: texts(row) for row in table.rows}

    assert rows["Scheme 7"][2:] == [
        "not released",
        "not stated: outturn not released",
        "Outturn not released by Southwark Council.",
    ]
    assert table.total is not None
    assert table.total[0].text == "Total of the figures there are, not complete"
    assert table.total[2].details == ("Without schemes 3 and 7.",)
    assert table.total[3].text == "not stated, as figures are not released"
    summary = next(text for text in paragraphs_of(report) if text.startswith("Seven schemes"))
    assert "is not complete: the figures for schemes 3 and 7 are not released. The others come to £" in summary
    assert "missing" not in " ".join(every_text(asdict(report)))


def test_build_outturns_missing_and_not_released_are_told_apart(withheld: Json) -> None:
    withheld["schemes"][2].update(outturn_state="missing", note="")
    report = document.build(withheld)

    summary = next(text for text in paragraphs_of(report) if text.startswith("Seven schemes"))
    assert "there is no figure for scheme 3 and the figure for scheme 7 is not released." in summary
    total = table_called(report, "Budget and projected outturn").total
    assert total is not None
    assert total[3].text == "not stated, as figures are missing or not released"


def test_build_nothing_released_has_no_total(withheld: Json) -> None:
    for scheme in withheld["schemes"]:
        scheme.update(outturn=None, outturn_state="not_released", variance=None)
    numbers = [scheme["number"] for scheme in withheld["schemes"]]
    withheld["scheme_total"].update(outturn=None, variance=None, missing=numbers)

    total = table_called(document.build(withheld), "Budget and projected outturn").total
    assert total is not None
    assert texts(total)[2:4] == ["not released", "not stated, as figures are not released"]


def test_build_snapshot_frozen_before_the_state_prints_as_it_did(withheld: Json) -> None:
    """Such a snapshot has "missing" and the note; its words must not change."""
    for scheme in withheld["schemes"]:
        if scheme["outturn_state"] == "not_released":
            scheme["outturn_state"] = "missing"
    report = document.build(withheld)

    rows = {row[0].text.split(":")[0]: texts(row) for row in table_called(report, "Budget and projected outturn").rows}
    assert rows["Scheme 7"][2:] == [
        "missing",
        "not stated: no outturn",
        "Outturn not released by Southwark Council.",
    ]
    summary = next(text for text in paragraphs_of(report) if text.startswith("Seven schemes"))
    assert "is not complete: there is no figure for schemes 3 and 7. The others" in summary


def test_build_missing_figure_is_never_zero_or_blank(incomplete: Json) -> None:
    for table in tables_of(document.build(incomplete)):
        for row in table.rows:
            assert all(text.strip() for text in texts(row))
            assert "£0" not in texts(row)[1:3]


def test_build_without_pence_prints_whole_pounds(southwark: Json) -> None:
    words = " ".join(every_text(asdict(document.build(southwark))))

    assert "£5,621,000 " in words
    assert ".00" not in words


def test_build_with_pence_in_one_amount_prints_pence_in_all(incomplete: Json) -> None:
    words = " ".join(every_text(asdict(document.build(incomplete))))

    assert "£5,621,000.00 " in words
    assert "£5,621,000 " not in words


def test_build_overspend_is_positive_and_underspend_negative(southwark: Json) -> None:
    southwark["schemes"][0].update(outturn="5721000.00", variance="100000.00")
    southwark["schemes"][1].update(outturn="1008000.00", variance="-40000.00")
    southwark["scheme_total"].update(outturn="9017000.00", variance="60000.00")
    report = document.build(southwark)
    table = table_called(report, "Budget and projected outturn")

    assert [row[3].text for row in table.rows[:3]] == ["+£100,000", "\N{MINUS SIGN}£40,000", "£0"]
    assert any("£60,000 over the budget" in text for text in paragraphs_of(report))
    assert "Over budget: one. Under budget: one. Equal to budget: five." in blocks_of(report, Chart)[0].description


def test_build_statuses_are_words_with_a_tone(southwark: Json) -> None:
    table = table_called(document.build(southwark), "Progress")

    assert [(row[3].text, row[3].tone) for row in table.rows] == [
        ("On track", "on_track"),
        ("Not on track", "not_on_track"),
        ("On track", "on_track"),
        ("Data not available", "data_not_available"),
        ("Not on track", "not_on_track"),
        ("Not defined", "not_defined"),
    ]
    assert table.rows[0][2].details == (
        "Quarter 1",
        "23 against 41.75, the profile to the end of quarter 1 of 167 for the year (even)",
        "Provisional",
    )


def test_build_counts_statuses_in_words(southwark: Json) -> None:
    summary = next(text for text in paragraphs_of(document.build(southwark)) if text.startswith("Table 1"))

    assert summary == (
        "Table 1 sets out progress on six measures at Quarter 1 2014/15: two are on track, two are not on track, "
        "one has no data and one is not yet defined."
    )


def test_build_changed_status_shows_what_the_figures_suggest_and_why(southwark: Json) -> None:
    southwark["metrics"][4].update(status="on_track", override_reason="Within the survey's margin.")
    row = table_called(document.build(southwark), "Progress").rows[4]

    assert row[3].details == ("The figures suggest not on track. Changed because: Within the survey's margin.",)


def test_build_fund_total_to_be_confirmed_is_said_in_words(incomplete: Json) -> None:
    report = document.build(incomplete)

    table = table_called(report, "Where the money comes from")
    assert table.total is not None
    assert texts(table.total)[2] == "to be confirmed"
    assert any("has a total that is to be confirmed in 2014/15" in text for text in paragraphs_of(report))


def test_build_marks_each_illustrative_row_and_the_foot(southwark: Json) -> None:
    report = document.build(southwark)

    assert [row[0].details for row in table_called(report, "Next steps").rows] == [
        ("Illustrative",),
        (),
        ("Illustrative",),
    ]
    assert report.foot.endswith("Part illustrative: see the note on page 1.")
    assert blocks_of(report, Note)[0].title == "Illustrative"


def test_build_illustrative_row_without_a_note_still_has_one(southwark: Json) -> None:
    southwark["illustrative"] = []
    report = document.build(southwark)

    assert blocks_of(report, Note)[0].lines == ("What is marked illustrative in this report is stated in no document.",)
    assert "Part illustrative" in report.foot


def test_build_without_anything_illustrative_says_nothing_of_it(southwark: Json) -> None:
    southwark["illustrative"] = []
    for part in ("risks", "next_steps"):
        southwark[part] = [{**row, "illustrative": False} for row in southwark[part]]
    report = document.build(southwark)

    assert "illustrative" not in " ".join(every_text(asdict(report))).lower()


def test_build_foot_has_status_version_and_snapshot(southwark: Json) -> None:
    identity = snapshot_id(southwark)

    assert document.build(southwark).foot.startswith(f"Final, version 1. Snapshot {identity}.")
    assert document.build(southwark, status="draft").foot.startswith(f"Draft, version 1. Snapshot {identity}.")


def test_build_audit_trail_ends_with_what_identifies_the_report(southwark: Json) -> None:
    trail = next(block for block in document.build(southwark).blocks if isinstance(block, KeyValue))

    assert trail.rows[-4:] == (
        ("To be published by", ("18 July 2014",)),
        ("Version", ("Final, version 1",)),
        ("Figures frozen", ("14 July 2014 at 10:30",)),
        ("Snapshot", (snapshot_id(southwark),)),
    )


def test_build_empty_parts_say_that_they_are_empty(southwark: Json) -> None:
    for part in ("recommendations", "metrics", "schemes", "risks", "next_steps", "implications", "consultation"):
        southwark[part] = []
    for part in ("background_papers", "appendices", "sources", "background", "key_issues"):
        southwark[part] = []
    southwark["scheme_total"] = {"budget": None, "outturn": None, "variance": None, "missing": [], "note": ""}
    report = document.build(southwark)

    said = paragraphs_of(report)
    assert "No recommendation has been entered." in said
    assert "No measure has been set for Quarter 1 2014/15." in said
    assert "No scheme has been entered for 2014/15." in said
    assert "There are no background papers." in said
    assert [table.caption for table in tables_of(report)] == ["Where the money comes from, 2014/15"]


def test_build_none_implication_gives_its_reason(southwark: Json) -> None:
    assert any(
        text == "None. No agreement is entered into by this report; advice will be taken on the section 75 agreement."
        for text in paragraphs_of(document.build(southwark))
    )


def test_build_pasted_lines_become_paragraphs_and_bullets(southwark: Json) -> None:
    southwark["key_issues"] = ["First.\r\nSecond.\n\n\N{BULLET} one\n\uf0b7\ttwo\n- three\n\vThird.\x00"]
    report = document.build(southwark)

    after_issues = report.blocks[
        [getattr(block, "text", "") for block in report.blocks].index("Key issues for consideration") + 1 :
    ]
    assert after_issues[0] == NumberedList(("First.", "Second."), 7)
    assert after_issues[1] == Bullets(("one", "two", "three"))
    assert after_issues[2] == NumberedList(("Third.",), 9)


def test_build_many_schemes_share_one_scale_in_pictures_of_equal_length(southwark: Json) -> None:
    first = southwark["schemes"][0]
    southwark["schemes"] = [{**first, "number": str(number)} for number in range(1, 18)]
    total = f"{5_621_000 * 17}.00"
    southwark["scheme_total"].update(budget=total, outturn=total)
    chart = blocks_of(document.build(southwark), Chart)[0]

    assert [panel.svg.count("font-weight") for panel in chart.panels] == [12, 12, 10]
    assert [panel.alternative.split(".")[0].split(", ")[-1] for panel in chart.panels] == [
        "part 1 of 3",
        "part 2 of 3",
        "part 3 of 3",
    ]


def test_build_unsound_snapshot_is_refused(southwark: Json) -> None:
    southwark["schemes"][0]["budget"] = "1.00"

    with pytest.raises(SnapshotError, match=r"scheme_total\.budget"):
        document.build(southwark)
