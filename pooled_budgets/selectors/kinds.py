"""Agreements and funds as kinds of object with a page."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from integration_hub.core.models import Period
from partners.models import Organisation, User
from partners.selectors import kinds
from partners.selectors.kinds import Kind, Part, events_of, everything
from pooled_budgets.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Forecast,
    FormerParty,
    Fund,
    FundingLine,
    PerformancePay,
    PerformanceQuarter,
    PeriodLock,
    RiskShareFigures,
    RiskShareRules,
    RiskShareScenario,
    Scheme,
    SchemeLead,
    SchemeLine,
    Settlement,
    Transaction,
)

CARRIED = "fund.carried_forward"
SIGNING = ("agreement.sent_for_signature", "agreement.signed", "agreement.sent_back")
LEDGER = ("ledger.imported", "ledger.import_undone")
SchemeVersion, FundVersion = events_of(Scheme), events_of(Fund)


def _schemes(fund: Any) -> Q:
    # By the history of schemes, so that the lines of a removed scheme stay with its fund.
    return Q(scheme__in=SchemeVersion._default_manager.filter(fund=fund.pk).values("id"))


def _quarters_of_performance(fund: Any) -> Q:
    return Q(pay__in=events_of(PerformancePay)._default_manager.filter(fund=fund.pk).values("id"))


def _number() -> Subquery:
    """The scheme's number, also where the scheme is gone."""
    of_scheme = SchemeVersion._default_manager.filter(pgh_obj=OuterRef("scheme")).order_by("-pgh_id")
    return Subquery(of_scheme.values("number")[:1])


def _period() -> Concat:
    return Concat(Value(", "), Subquery(Period.objects.filter(pk=OuterRef("period")).values("label")[:1]))


def party_until(user: User, agreement: UUID) -> QuerySet[Any, Any]:
    """Until when a partner of the person was party to an agreement that it left by its ending: one row, or none."""
    former = FormerParty.objects.filter(
        organisation__in=Organisation.objects.acted_for_by(user), agreement=agreement
    ).order_by("-ended_at", "pk")
    return former.values("ended_at")[:1]


def _signing(user: User, found: Any) -> Q:
    """What was done about the versions of an agreement that the reader may read, which never change."""
    versions = AgreementVersion.objects.visible_to(user).filter(agreement=found.pk)
    numbers = list(versions.values_list("number", flat=True))
    of_versions = Q(after__version__in=numbers) | Q(before__version__in=numbers)
    return Q(kind__in=SIGNING, target_type=Agreement._meta.label_lower, target_id=str(found.pk)) & of_versions


def _deeds_of_fund(user: User, found: Any) -> Q:
    """Extracts posted to the fund's ledger and taken back, for whoever reads its postings; and its year ends."""
    postings = Transaction.objects.visible_to(user).filter(fund=found.pk, batch__isnull=False)
    of_ledger = Q(kind__in=LEDGER, target_type=Fund._meta.label_lower, target_id=str(found.pk))
    return (of_ledger & Q(Exists(postings.order_by()))) | _year_ends(user, found)


def _year_ends(user: User, found: Any) -> Q:
    """What was done about the fund's year end: its settlements, and what was carried into it."""
    settled = Settlement.objects.visible_to(user).filter(fund=found.pk).order_by()
    keys = settled.annotate(key=Cast("pk", TextField())).values("key")
    of_settlements = Q(target_type=Settlement._meta.label_lower, target_id__in=keys)
    return of_settlements | Q(kind=CARRIED, target_type=Fund._meta.label_lower, target_id=str(found.pk))


def register_all() -> None:
    """Tell the pages of reasons and timelines about agreements and funds."""
    kinds.register(
        Kind(
            slug="agreement",
            noun="agreement",
            model=Agreement,
            ways=Agreement.objects.all().ways,
            rules={
                "own": "Your partner prepared the agreement.",
                "party": "Your partner is a party to the agreement.",
                "inherited": "Your partner followed a party to the agreement in its area.",
                "seat": "You sit on the board that oversees the agreement.",
            },
            address=lambda found: reverse("agreements:agreement", args=[found.pk]),
            deeds=_signing,
            parts=[
                Part(events_of(Agreement), "Agreement", lambda found: Q(pgh_obj=found.pk), everything),
                Part(events_of(AgreementParty), "Party", lambda found: Q(agreement=found.pk), everything),
                Part(events_of(RiskShareRules), "Risk-share rules", lambda found: Q(agreement=found.pk)),
            ],
        )
    )
    kinds.register(
        Kind(
            slug="fund",
            noun="fund",
            model=Fund,
            ways=Fund.objects.all().ways,
            rules={
                "own": "Your partner keeps the fund.",
                "inherited": "Your partner followed, in the area of the agreement, the one that keeps the fund.",
                "released": "Your partner is a party to the agreement, and the fund was released to the parties.",
                "released by seat": "You sit on the board that oversees the agreement: the fund was released to it.",
                "former": "The fund was released while your partner was a party to the agreement, before that partner "
                "ended.",
            },
            address=lambda found: reverse("pooled_budgets:fund", args=[found.pk]),
            until=lambda user, found: party_until(user, found.agreement_id),
            deeds=_deeds_of_fund,
            parts=[
                Part(FundVersion, "Fund", lambda found: Q(pgh_obj=found.pk)),
                Part(events_of(FundingLine), "Money in", lambda found: Q(fund=found.pk), label=F("source")),
                Part(SchemeVersion, "Scheme", lambda found: Q(fund=found.pk), label=F("number")),
                Part(events_of(SchemeLine), "Budget line of scheme", _schemes, label=_number()),
                Part(events_of(Forecast), "Projected outturn of scheme", _schemes, label=Concat(_number(), _period())),
                Part(events_of(PeriodLock), "Closed period", lambda found: Q(fund=found.pk), everything),
                Part(events_of(RiskShareFigures), "Contingency", lambda found: Q(fund=found.pk), everything),
                Part(events_of(PerformancePay), "Payment for performance", lambda found: Q(fund=found.pk), everything),
                Part(
                    events_of(PerformanceQuarter),
                    "Admissions",
                    _quarters_of_performance,
                    everything,
                    label=Concat(Value("quarter "), Cast("number", CharField())),
                ),
                Part(events_of(SchemeLead), "Lead of scheme", _schemes, everything, label=_number()),
                Part(events_of(RiskShareScenario), "What-if", lambda found: Q(fund=found.pk), label=F("name")),
            ],
        )
    )
