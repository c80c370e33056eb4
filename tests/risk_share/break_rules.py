"""Break each rule of the risk share in turn and show which test notices: `python -m tests.risk_share.break_rules`.

Each break changes one line in a copy of the sources and runs the tests of the risk share on that copy until one fails.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = (
    "integration_hub",
    "partners",
    "governance",
    "pooled_budgets",
    "bcf_metrics",
    "programme",
    "reports",
    "tests",
)
TESTS = "tests/unit/pooled_budgets/domain/test_risk_share.py"
TERMS, SETTLING = "pooled_budgets/domain/risk_share/terms.py", "pooled_budgets/domain/risk_share/settling.py"
MONEY = "integration_hub/core/money.py"


@dataclass(frozen=True)
class Break:
    """A rule, what is done to it, and the text of a file that is replaced."""

    rule: int
    words: str
    path: str
    old: str
    new: str


BREAKS = (
    Break(1, "an overspend is budget less outturn", TERMS, "self.outturn - self.budget", "self.budget - self.outturn"),
    Break(2, "net groups are shared gross", SETTLING, "if group.netting is Netting.NET:", "if False:"),
    Break(3, "every group has the whole contingency", SETTLING, "contingency += entry.to_contingency -", "pass; 0 -"),
    Break(4, "limits are running totals", SETTLING, "min(left, tier.limit.width(budget))",
          "min(left, max(NIL, tier.limit.width(budget) - (amount - left)))"),
    Break(4, "a percentage limit is cut to the penny", TERMS, "int(exact * 100 + Fraction(1, 2))", "int(exact * 100)"),
    Break(5, "leads weigh by their net variance", SETTLING, "        if variance > 0:\n            found[scheme.lead]",
          "        if variance:\n            found[scheme.lead]"),
    Break(5, "own contributions do not weigh", SETTLING, "if tier.basis is Basis.SCHEME else {}", "if False else {}"),
    Break(6, "odd pennies go to the smallest remainder", MONEY, "(-divided[key][1], place[key])",
          "(divided[key][1], place[key])"),
    Break(6, "ties go to the smaller contribution", SETTLING, "(-pool.partners[partner], partner)",
          "(pool.partners[partner], partner)"),
    Break(7, "a receiver at its cap takes the excess", SETTLING,
          "return {cap.excess_to: excess} if _has_room(borne, caps, cap.excess_to) else {}",
          "return {cap.excess_to: excess} if len([key for key in caps if borne[key] >= caps[key].amount]) < 2 else {}"),
    Break(7, "caps hold for underspends too", SETTLING,
          "    if direction is Direction.OVERSPEND:\n        shares, capped",
          "    if direction:\n        shares, capped"),
    Break(8, "what is unresolved is forgotten", SETTLING,
          "unresolved=left + total(move.excess for move in capped if not move.to)", "unresolved=left"),
)  # fmt: skip


def broken(source: str, each: Break) -> str:
    """The text of a file with the rule broken; ValueError where the line is not there once."""
    if source.count(each.old) != 1:
        raise ValueError(f"Rule {each.rule} ({each.words}): the line to break is there {source.count(each.old)} times.")
    return source.replace(each.old, each.new)


def first_failure(each: Break) -> str:
    """The first test that fails on a copy with the rule broken; empty where none does."""
    with tempfile.TemporaryDirectory() as folder:
        for name in SOURCES:
            shutil.copytree(ROOT / name, Path(folder) / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        place = Path(folder) / each.path
        place.write_text(broken(place.read_text(encoding="utf-8"), each), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", TESTS],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    failures = [line for line in run.stdout.splitlines() if line.startswith("FAILED")]
    return failures[0].split("::")[1].split(" - ")[0] if failures else ""


def main() -> int:
    missed = 0
    for each in BREAKS:
        failure = first_failure(each)
        missed += not failure
        sys.stdout.write(f"| {each.rule} | {each.words} | {failure or 'NOT NOTICED'} |\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
