"""What a load balancer and the runner ask. No sign-in, and nothing said beyond it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from integration_hub.core import health


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process lives; asks nobody."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part is "ok", else 503 with the words of the part that is not."""
    parts = health.readiness()
    ready = all(answer == health.OK for answer in parts.values())
    return JsonResponse(parts, status=200 if ready else 503)
