"""Risks and next steps as kinds of object with a page."""

from django.db.models import Model, Q
from django.urls import reverse

from governance.selectors.kinds import board_until
from partners.selectors import kinds
from partners.selectors.kinds import Kind, Part, Scope, events_of, owned_versions
from programme.models import NextStep, Risk

RULES = {
    "own": "Your partner entered it.",
    "inherited": "Your partner followed, in the area of the board, the one that entered it.",
    "released": "It was released to the partners of the board, and yours is one of them.",
    "released by seat": "It was released to the board, and you sit on it.",
    "former": "It was released while your partner belonged to the board, before a succession ended that.",
}


def register_all() -> None:
    """Tell the pages of reasons and timelines about risks and next steps."""
    models: list[tuple[str, str, type[Model], Scope]] = [
        ("risk", "Risk", Risk, owned_versions),
        ("step", "Next step", NextStep, owned_versions),
    ]
    for slug, noun, model, scope in models:
        kinds.register(
            Kind(
                slug=slug,
                noun=noun.lower(),
                model=model,
                ways=model._default_manager.all().ways,  # type: ignore[attr-defined]  # both have it
                rules=RULES,
                address=lambda found: reverse("programme:programme"),
                until=lambda user, found: board_until(user, found.board_id),
                parts=[Part(events_of(model), noun, lambda found: Q(pgh_obj=found.pk), scope)],
            )
        )
