from bcf_metrics.models.figure import MetricFigure, MetricPlan
from bcf_metrics.models.policy import MetricDefinition, NationalCondition, PolicyYear, ReturnTemplate
from bcf_metrics.models.quarterly_return import (
    QuarterlyReturn,
    ReturnAnswer,
    ReturnEvent,
    ReturnVersion,
    Signature,
)

__all__ = [
    "MetricDefinition",
    "MetricFigure",
    "MetricPlan",
    "NationalCondition",
    "PolicyYear",
    "QuarterlyReturn",
    "ReturnAnswer",
    "ReturnEvent",
    "ReturnTemplate",
    "ReturnVersion",
    "Signature",
]
