"""Returns as a kind of object with a page."""

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from bcf_metrics.models import MetricFigure, MetricPlan, QuarterlyReturn, ReturnAnswer, ReturnSection
from bcf_metrics.models.quarterly_return import OVER
from partners.models import User, known
from partners.selectors import kinds
from partners.selectors.kinds import Kind, Part, events_of
from pooled_budgets.models import Agreement
from pooled_budgets.selectors.kinds import party_until

PlanVersion = events_of(MetricPlan)


def _versions(user: User) -> Q:
    """The parties work on the return together; the board reads of it what was signed off."""
    return Q(fund__agreement__in=known(user, Agreement.objects.of_parties)) | Q(status__in=OVER)


def _answers(user: User) -> Q:
    return Q(quarterly_return__fund__agreement__in=known(user, Agreement.objects.of_parties))


def register_all() -> None:
    """Tell the pages of reasons and timelines about returns."""
    kinds.register(
        Kind(
            slug="return",
            noun="return",
            model=QuarterlyReturn,
            ways=QuarterlyReturn.objects.all().ways,
            rules={
                "working": "Your partner is a party to the agreement, and the parties work on the return together.",
                "signed": "The return is signed off, and your partner may know of its fund.",
                "former": "The return was signed off while your partner was a party to the agreement, before that "
                "partner ended.",
                "signed by seat": "The return is signed off, and you sit on the board that oversees the agreement.",
            },
            address=lambda found: reverse("bcf_metrics:return_detail", args=[found.pk]),
            until=lambda user, found: party_until(user, found.fund.agreement_id),
            parts=[
                Part(events_of(QuarterlyReturn), "Return", lambda found: Q(pgh_obj=found.pk), _versions),
                Part(
                    events_of(ReturnAnswer),
                    "Answer",
                    lambda found: Q(quarterly_return=found.pk),
                    _answers,
                    F("field"),
                ),
                Part(
                    events_of(ReturnSection),
                    "Section",
                    lambda found: Q(quarterly_return=found.pk),
                    _answers,
                    F("title"),
                ),
                Part(
                    events_of(MetricFigure),
                    "Metric figure",
                    lambda found: Q(
                        period=found.period_id,
                        plan__in=PlanVersion._default_manager.filter(fund=found.fund_id).values("id"),
                    ),
                    label=Subquery(MetricPlan.objects.filter(pk=OuterRef("plan")).values("name")[:1]),
                ),
            ],
        )
    )
