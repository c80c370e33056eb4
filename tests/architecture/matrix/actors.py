"""Who asks: every role of both partners, whoever only sits on the board, the operator, and strangers."""

from partners.models import User
from tests.factories.everything import Everything, former

ROLES = ("finance", "metrics", "governance", "approver", "programme", "member", "auditor", "admin")
OUT, OPERATOR, SITTING, FORMER = "signed out", "operator", "sitting member", "former officer"

Actors = frozenset[str]


def of(partner: str, *roles: str) -> Actors:
    """People of one partner: "council finance"."""
    return frozenset(f"{partner} {role}" for role in roles or ROLES)


COUNCIL, CCG = of("council"), of("ccg")
PARTIES = COUNCIL | CCG
STRANGERS = of("hackney", "finance", "governance")
SITTING_MEMBER = frozenset({SITTING})
BOARD = PARTIES | SITTING_MEMBER
# Whoever works on integration reads the directory of partners, strangers to each other's figures too.
DIRECTORY = BOARD | STRANGERS | {OPERATOR}
SIGNED_IN = DIRECTORY | {FORMER}
EVERYBODY = SIGNED_IN | {OUT}
NOBODY: Actors = frozenset()
IN_ORDER = (
    OUT,
    *(f"council {role}" for role in ROLES),
    *(f"ccg {role}" for role in ROLES),
    SITTING,
    OPERATOR,
    "hackney finance",
    "hackney governance",
    FORMER,
)
# Who is tried where roles make no difference; where only being seen or not does; where the method is not there.
READERS = EVERYBODY - CCG | of("ccg", "member")
FEWEST = EVERYBODY - PARTIES | of("council", "finance") | of("ccg", "member")
REFUSED = EVERYBODY - BOARD | of("council", "finance")
# Sets that the documentation calls by name, the largest first.
WORDS: tuple[tuple[Actors, str], ...] = (
    (SIGNED_IN, "everybody signed in"),
    (DIRECTORY, "everybody who acts for a partner or sits on a board"),
    (PARTIES, "both partners"),
    (COUNCIL, "all roles of the council"),
    (CCG, "all roles of the CCG"),
    (STRANGERS, "strangers (Hackney)"),
)


def person(made: Everything, actor: str) -> User:
    """The account of an actor who is signed in."""
    if actor == OPERATOR:
        return made.world.person("operator")
    if actor == SITTING:
        return made.world.sitting_member()
    if actor == FORMER:
        return former(made.world)
    partner, role = actor.split()
    return made.world.person(role, partner)


def words(actors: Actors) -> str:
    """A set of actors as the documentation prints it."""
    left, found = set(actors), []
    for named, name in WORDS:
        if named <= left:
            found.append(name)
            left -= named
    for partner in ("council", "ccg", "hackney"):
        roles = [role for role in ROLES if f"{partner} {role}" in left]
        if roles:
            found.append(
                f"{', '.join(roles)} of {'the CCG' if partner == 'ccg' else partner.replace('council', 'the council')}"
            )
    found += [actor for actor in (OUT, SITTING, OPERATOR, FORMER) if actor in left]
    return "; ".join(name.replace("hackney", "Hackney") for name in found)
