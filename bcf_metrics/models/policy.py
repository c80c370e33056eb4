import uuid

from django.db import models

from integration_hub.core.constraints import one_of
from integration_hub.core.history import tracked


@tracked()
class ReturnTemplate(models.Model):
    """The layout of a quarterly return: tabs and fields, loaded from a data file and correctable without a release."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    layout = models.JSONField()
    layout_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="return_template_code_unique")]

    def __str__(self) -> str:
        return self.title


@tracked()
class PolicyYear(models.Model):
    """A year of Better Care Fund policy. A year that is not loaded cannot open a return."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.CharField(max_length=20)
    financial_year = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=40)
    loaded = models.BooleanField()
    note = models.TextField(blank=True)
    # Whether the data was read in a national document, as docs/domain says.
    checked = models.BooleanField(default=False)
    template = models.ForeignKey(ReturnTemplate, models.PROTECT, null=True, related_name="policy_years")
    layout_note = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="policy_year_code_unique"),
            models.UniqueConstraint(fields=["financial_year"], name="policy_year_unique"),
        ]

    def __str__(self) -> str:
        return self.label


@tracked()
class NationalCondition(models.Model):
    """A condition of the year's policy that each return answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    policy_year = models.ForeignKey(PolicyYear, models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy_year", "number"], name="national_condition_unique")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


@tracked()
class MetricDefinition(models.Model):
    """A metric as one policy year defines it. `basis` says how an actual is judged against its target."""

    BETTER = ("lower", "higher")
    BASES = ("cumulative", "same_period", "point", "average", "none")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    policy_year = models.ForeignKey(PolicyYear, models.PROTECT, related_name="metrics")
    code = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=60)
    better = models.CharField(max_length=10)
    basis = models.CharField(max_length=20)
    precision = models.PositiveSmallIntegerField(default=0)
    numerator = models.CharField(max_length=200, blank=True)
    denominator = models.CharField(max_length=200, blank=True)
    multiplier = models.DecimalField(max_digits=9, decimal_places=0, null=True)
    source = models.CharField(max_length=200, blank=True)
    lag_note = models.CharField(max_length=200, blank=True)
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy_year", "code"], name="metric_definition_unique"),
            one_of("better", ["lower", "higher"], name="metric_definition_better"),
            one_of("basis", ["cumulative", "same_period", "point", "average", "none"], name="metric_definition_basis"),
        ]

    def __str__(self) -> str:
        return self.name
