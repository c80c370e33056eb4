"""What money is kept apart as, and whether it may move: between lines of one source, or of one known ring-fence."""

from typing import Final

DFG, LA_GRANTS, NHS_MINIMUM, NHS_DISCHARGE, LA_DISCHARGE, ADDITIONAL = (
    "dfg",
    "la_grants",
    "nhs_minimum",
    "nhs_discharge",
    "la_discharge",
    "additional",
)
RING_FENCES: Final = {
    NHS_MINIMUM: "NHS minimum contribution",
    DFG: "Disabled Facilities Grant",
    LA_GRANTS: "Improved Better Care Fund and local authority grants",
    NHS_DISCHARGE: "Discharge money of the NHS",
    LA_DISCHARGE: "Discharge money of the local authority",
    ADDITIONAL: "Additional contributions, not ring-fenced",
}
# A line of which no source or no stream of the source is named.
NOT_KNOWN: Final = ""


def words(ring_fence: str) -> str:
    """A ring-fence as it is printed."""
    return RING_FENCES.get(ring_fence, "not known")


def may_move(*, from_fence: str, to_fence: str, same_source: bool) -> bool:
    """Whether money may go from a line to another: never across a ring-fence, nor where one of them is not known."""
    return same_source or (from_fence != NOT_KNOWN and from_fence == to_fence)
