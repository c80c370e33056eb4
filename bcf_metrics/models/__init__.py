from bcf_metrics.models.figure import MetricFigure, MetricPlan
from bcf_metrics.models.official import CellMap, OfficialFile, OfficialFilling
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
from bcf_metrics.models.section import ReturnSection
from bcf_metrics.models.submission import Acceptance, Ratification, Restatement, Submission
from bcf_metrics.models.waiver import MetricWaiver

__all__ = [
    "Acceptance",
    "CellMap",
    "LayoutVersion",
    "MetricDefinition",
    "MetricFigure",
    "MetricPlan",
    "MetricWaiver",
    "NationalCondition",
    "OfficialFile",
    "OfficialFilling",
    "PolicyDraft",
    "PolicyVersion",
    "PolicyYear",
    "QuarterlyReturn",
    "Ratification",
    "Restatement",
    "ReturnAnswer",
    "ReturnEvent",
    "ReturnSection",
    "ReturnTemplate",
    "ReturnVersion",
    "Signature",
    "Submission",
]
