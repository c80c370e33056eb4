"""docs/permission-matrix.md, made from the table."""

from collections.abc import Iterable

from tests.architecture.matrix.actors import IN_ORDER, OUT, Actors, words
from tests.architecture.matrix.addresses import addresses
from tests.architecture.matrix.rows import METHODS, Row

ANSWERS = {
    200: "200",
    201: "201",
    302: "302",
    400: "400 malformed",
    401: "401",
    403: "403 not allowed",
    404: "404 not there",
    405: "405",
    409: "409 not now",
}
HEAD = """# Who gets what at every address

Made from `tests/architecture/matrix/table.py` by `tests/architecture/test_permission_matrix.py`, which tries each cell:
{cells:,} requests, {rows} rows for {names} addresses, {actors} actors. Do not edit: change the table and run
`UPDATE_PERMISSION_MATRIX=1 pytest tests/architecture/test_permission_matrix.py -k document`.

How an answer is decided, in this order: not signed in, 302 to the sign-in page or 401 from the API; not visible, 404
for every method; no such method, 405 (404 where an address only takes POST); not allowed, 403; malformed, 400; at the
wrong moment, 409. Every refusal is also tested to have changed no row of any table.

The actors: nobody (signed out); each role of Southwark Council, which owns the objects; the same roles of NHS Southwark
CCG, the other party; a member who only sits on the board; the operator; the finance and governance officers of Hackney,
who are strangers; a former officer of the council, whose role ended. Whoever is signed out gets the sign-in page or 401
everywhere but where the line says otherwise. Methods that an address does not have are left out.
"""


def text(table: Iterable[Row]) -> str:
    """The whole document."""
    rows = list(table)
    routes = dict(addresses())
    cells = sum(len(row.cells()) for row in rows)
    names = len({row.name for row in rows})
    lines = [HEAD.format(cells=cells, rows=len(rows), names=names, actors=len(IN_ORDER))]
    for heading in dict.fromkeys(_heading(row) for row in rows):
        lines += [f"\n## {heading}\n", "| address | method | answers |", "| --- | --- | --- |"]
        for row in rows:
            if _heading(row) == heading:
                lines += _lines(row, routes.get(row.name, ""))
    return "\n".join(lines) + "\n"


def _heading(row: Row) -> str:
    space = row.name.split(":")[0] if ":" in row.name else "sign-in and health"
    return {"core": "sign-in and health", "api": "API"}.get(space, space.replace("_", " ")).capitalize()


def _lines(row: Row, route: str) -> Iterable[str]:
    shown = f"`{_plain(route)}`" + (f" ({row.case})" if row.case else "")
    for method in METHODS:
        if method in row.acts and {row.expected(method, actor) for actor in IN_ORDER} - {302, 401, 405}:
            yield f"| {shown} | {method} | {_answers(row, method)} |"
            shown = ""


def _answers(row: Row, method: str) -> str:
    """Who gets what, without those who get what everybody gets who is not named."""
    by_status: dict[int, set[str]] = {}
    for actor in IN_ORDER:
        by_status.setdefault(row.expected(method, actor), set()).add(actor)
    if not row.is_public:
        for status in (302, 401):
            if by_status.get(status) == {OUT}:
                del by_status[status]
            else:
                by_status.get(status, set()).discard(OUT)
    return " · ".join(
        f"**{ANSWERS.get(status, str(status))}** {words(Actors(actors))}"
        for status, actors in sorted(by_status.items())
        if actors
    )


def _plain(route: str) -> str:
    """A route without the marks of regular expressions."""
    plain = route.replace("^", "").replace("$", "").replace("\\.", ".")
    return plain.replace("(?P<pk>[^/.]+)", "<pk>").replace("(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)", "<uidb36>-<key>")
