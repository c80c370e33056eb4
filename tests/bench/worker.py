"""What a process of its own does in `make bench`: a return's workbook, without Django."""

from pathlib import Path

from bcf_metrics.domain import templates
from bcf_metrics.presenters import workbook
from tests.unit.bcf_metrics import conftest as examples


def build_one(number: int) -> int:
    """One area's return of the demonstration's size; the most kilobytes that the process has held."""
    made = examples.content_of_southwark()
    made["area"] = {"name": f"Area {number}", "ons_code": f"E{number:08d}"}
    workbook.build(templates.load("2015-16"), made)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
