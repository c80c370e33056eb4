from bcf_metrics.models.figure import MetricFigure, MetricPlan
from bcf_metrics.models.policy import (
    LayoutVersion,
    MetricDefinition,
    NationalCondition,
    PolicyDraft,
    PolicyVersion,
    PolicyYear,
    ReturnTemplate,
)
from bcf_metrics.models.quarterly_return import (
    QuarterlyReturn,
    ReturnAnswer,
    ReturnEvent,
    ReturnVersion,
    Signature,
)

__all__ = [
    "LayoutVersion",
    "MetricDefinition",
    "MetricFigure",
    "MetricPlan",
    "NationalCondition",
    "PolicyDraft",
    "PolicyVersion",
    "PolicyYear",
    "QuarterlyReturn",
    "ReturnAnswer",
    "ReturnEvent",
    "ReturnTemplate",
    "ReturnVersion",
    "Signature",
]
