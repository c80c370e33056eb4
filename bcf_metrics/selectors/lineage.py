"""Where metrics come from, as national policy is published now. It is no secret."""

from bcf_metrics.domain.lineage import Line, lines_of
from bcf_metrics.models import PolicyYear

# How far back and ahead a series is looked for.
YEARS = 20


def lines() -> list[Line]:
    """The lines of every policy year. One query."""
    rows = PolicyYear.objects.filter(details__has_key="lineage").order_by("financial_year")
    return [
        line for year, found in rows.values_list("financial_year", "details__lineage") for line in lines_of(year, found)
    ]
