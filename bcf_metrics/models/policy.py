import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

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


# Where a version came from: the file that ships with a release, or a working copy that somebody published.
ORIGINS = {"file": "the file that ships with the Hub", "person": "a working copy"}


class Version(models.Model):
    """A published state of national policy, whole. Never changed, never removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=10)
    published_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    published_by_name = models.CharField(max_length=200)
    # The names of those who worked on it; whoever published it is none of them.
    edited_by = models.JSONField(default=list)
    published_at = models.DateTimeField()
    reason = models.TextField()
    # An addendum holds for the quarters that end on this day or later; None: for every quarter of the year.
    effective_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    @property
    def origin_words(self) -> str:
        return ORIGINS[self.origin]

    @property
    def slug(self) -> str:
        """What it is called in an address."""
        return f"version-{self.number}"


class PolicyVersion(Version):
    """What a year's policy was from the day on which this version was published."""

    policy_year = models.ForeignKey(PolicyYear, models.PROTECT, related_name="versions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy_year", "number"], name="policy_version_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_version_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="policy_version_reason"),
            models.CheckConstraint(
                condition=Q(origin="file", published_by=None) | Q(origin="person", published_by__isnull=False),
                name="policy_version_origin",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.policy_year}, version {self.number}"


class LayoutVersion(Version):
    """The layout of a return as it was published; a return goes on with the one that it was opened with."""

    template = models.ForeignKey(ReturnTemplate, models.PROTECT, related_name="versions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="layout_version_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="layout_version_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="layout_version_reason"),
            models.CheckConstraint(
                condition=Q(origin="file", published_by=None) | Q(origin="person", published_by__isnull=False),
                name="layout_version_origin",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"


@tracked()
class PolicyDraft(models.Model):
    """A working copy of a year's policy: nobody works with it before somebody else publishes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    policy_year = models.OneToOneField(PolicyYear, models.PROTECT, related_name="draft")
    content = models.JSONField()
    # None while the year has no layout.
    layout = models.JSONField(null=True)
    begun_from = models.CharField(max_length=200)
    # The versions that were in force when it was begun; another one since means that it has to be begun anew.
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, related_name="+")
    layout_version = models.ForeignKey(LayoutVersion, models.PROTECT, null=True, related_name="+")
    # Ids and names of everybody who changed something in it.
    editors = models.JSONField(default=list)
    changes = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"Working copy of {self.policy_year}"
