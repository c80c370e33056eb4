"""What every measurement stands beside: the least that a page of ours can be, and the file that keeps the figures."""

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from integration_hub.core import audit
from integration_hub.urls import urlpatterns as addresses
from partners.models import Area, Organisation
from pooled_budgets.models import MonthForecast
from tests.architecture.matrix.stage import APPLICATION_ROLE, Stage

READINGS = 15
FILE = Path(__file__).parents[2] / "var" / "bench.json"
FLOOR, SAVE = "/floor/", "/floor/save/"
ROWS = 50
COLUMNS = 4
TABLE = """<!DOCTYPE html><html lang="en"><title>Floor</title><p>{{ request.user }}: {{ count }}, {{ areas }}</p><table>
{% for row in rows %}<tr><th>{{ row.name }}</th><td>{{ row.key }}</td><td>{{ row.kind_words }}</td>
<td>{{ row.valid_from }}</td></tr>{% endfor %}</table></html>"""


def floor(request: HttpRequest) -> HttpResponse:
    """Three queries beside the sign-in's, and 50 rows of four cells, or as many as ?rows= asks for."""
    wanted = int(request.GET.get("rows", ROWS))
    found = list(Organisation.objects.order_by("pk")[:ROWS])
    context = {
        "rows": [found[number % len(found)] for number in range(wanted)],
        "count": Organisation.objects.count(),
        "areas": Area.objects.count(),
    }
    return HttpResponse(engines["django"].from_string(TABLE).render(context, request))


def save(request: HttpRequest) -> HttpResponse:
    """What saving one cell can be at least: a locked read, an update that its trigger keeps, an audit line."""
    with transaction.atomic():
        row = MonthForecast.objects.select_for_update().get(pk=request.POST["row"])
        row.amount = Decimal(request.POST["amount"])
        row.save(update_fields=["amount"])
        audit.record("bench.saved", target=row, at=timezone.now(), system="bench", after={"amount": str(row.amount)})
    return HttpResponse(f"{request.user}")


urlpatterns = [path("floor/save/", save), path("floor/", floor), *addresses]


def milliseconds(stage: Stage, address: str, actor: str) -> float:
    begun = time.perf_counter()
    stage.request(address, "GET", actor)
    return (time.perf_counter() - begun) * 1000


def gather_statistics() -> None:
    """As autovacuum would have done it by then."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ANALYZE")
        cursor.execute(f"SET LOCAL ROLE {APPLICATION_ROLE}")


def keep(part: str, figures: Any) -> None:
    """Put the figures of one part into the file, beside the others."""
    FILE.parent.mkdir(exist_ok=True)
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    FILE.write_text(json.dumps(known | {part: figures}, indent=1), encoding="utf-8")
