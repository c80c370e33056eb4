import uuid

from django.db import models
from django.db.models import Q

from integration_hub.core.constraints import both_or_neither, one_of
from integration_hub.core.history import tracked
from integration_hub.core.models import Period
from integration_hub.core.states import FigureState
from partners.models import Owned
from partners.models.inheritance import in_the_place_of
from pooled_budgets.models.fund import Fund, OfFundQuerySet
from pooled_budgets.models.scheme import Scheme


class ForecastQuerySet(OfFundQuerySet["Forecast"]):
    fund = "scheme__fund"

    def of_keeper(self) -> "ForecastQuerySet":
        """Those of whoever keeps the fund, and of those whom the keeper succeeded; a keeper's own come last."""
        kept = in_the_place_of("owner", holder="scheme__fund__owner", area="scheme__fund__agreement__area")
        return self.filter(kept).annotate(is_keepers=Q(owner=models.F("scheme__fund__owner"))).order_by("is_keepers")


@tracked()
class Forecast(Owned):
    """The outturn for the whole year that a partner projected at the end of a period, for one scheme, in pounds.

    It may be negative (net income). `as_printed` keeps what a paper printed where that cannot be read as the amount.
    `at` is the day on which it is true: the period's end unless stated.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="forecasts")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=20)
    available_on = models.DateField(null=True)
    as_printed = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    provisional = models.BooleanField(default=True)
    at = models.DateField()
    entered_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    # The import that brought it, so that the whole batch can be undone.
    imported_by = models.UUIDField(null=True)

    objects = ForecastQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "period", "owner"], name="forecast_unique"),
            one_of("state", [state.value for state in FigureState], name="forecast_state"),
            models.CheckConstraint(
                condition=Q(state="stated", amount__isnull=False)
                # A comparison with an empty amount is neither true nor false, and a check lets that pass.
                | Q(state="nil", amount=0, amount__isnull=False)
                | (~Q(state__in=["stated", "nil"]) & Q(amount__isnull=True)),
                name="forecast_empty_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="not_yet_available", available_on__isnull=False)
                | (~Q(state="not_yet_available") & Q(available_on__isnull=True)),
                name="forecast_available_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}, projected at {self.period}"


@tracked()
class PeriodLock(models.Model):
    """A fund's period that takes no more changes, with who locked it, when, why and who can lift it.

    A quarter is locked by its return; a month is closed softly, when one person may still write until a day, then hard.
    """

    RETURN, SOFT, HARD = "return", "soft", "hard"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="locks")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    locked_at = models.DateTimeField()
    locked_by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    who_can_lift = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, default=RETURN)
    may_edit = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+", db_index=False)
    until = models.DateField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=200, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "period"], condition=Q(lifted_at__isnull=True), name="period_lock_one_in_force"
            ),
            both_or_neither("lifted_at", "lifted_by_name", name="period_lock_lifted"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(who_can_lift=""), name="period_lock_has_reason"),
            one_of("kind", ["return", "soft", "hard"], name="period_lock_kind"),
            models.CheckConstraint(
                condition=Q(kind="soft", may_edit__isnull=False, until__isnull=False)
                | (~Q(kind="soft") & Q(may_edit__isnull=True, until__isnull=True)),
                name="period_lock_soft_names_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund}, {self.period}: locked"
