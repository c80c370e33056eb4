"""In which capacity an approver signs for their partner, and which capacities are held in person alone."""

from enum import StrEnum


class Capacity(StrEnum):
    SECTION_151_OFFICER = "section_151_officer"
    CHIEF_FINANCE_OFFICER = "chief_finance_officer"
    ACCOUNTABLE_OFFICER = "accountable_officer"
    CHIEF_EXECUTIVE = "chief_executive"
    CHIEF_OFFICER = "chief_officer"
    DIRECTOR = "director"
    BOARD_CHAIR = "health_and_wellbeing_board_chair"

    @property
    def words(self) -> str:
        return CAPACITY_WORDS[self]

    @property
    def in_person_because(self) -> str:
        """Why nobody can stand in for the holder; "" where somebody can."""
        return IN_PERSON.get(self, "")


CAPACITY_WORDS: dict[str, str] = {
    Capacity.SECTION_151_OFFICER: "Section 151 officer",
    Capacity.CHIEF_FINANCE_OFFICER: "Chief finance officer",
    Capacity.ACCOUNTABLE_OFFICER: "Accountable officer",
    Capacity.CHIEF_EXECUTIVE: "Chief executive",
    Capacity.CHIEF_OFFICER: "Chief officer",
    Capacity.DIRECTOR: "Director",
    Capacity.BOARD_CHAIR: "Chair of the Health and Wellbeing Board",
}

# A duty that the law lays on the person who holds the post. A council or commissioner that wants another signature
# in their absence appoints another person to the post, and gives that person the role of approver.
IN_PERSON: dict[str, str] = {
    Capacity.SECTION_151_OFFICER: (
        "the section 151 officer answers in person for the council's financial affairs (Local Government Act 1972)"
    ),
    Capacity.ACCOUNTABLE_OFFICER: "an accountable officer answers in person for what the NHS body spends",
}


def capacity_words(capacity: str) -> str:
    """The capacity as it is printed; "" for none."""
    return CAPACITY_WORDS.get(capacity, "")
