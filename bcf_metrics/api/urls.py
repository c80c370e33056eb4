"""The resources of metrics and returns under /api/v1/."""

from bcf_metrics.api import resources

router_entries = [
    ("metrics", resources.MetricViewSet, "metrics"),
    ("metric-values", resources.MetricValueViewSet, "metric-values"),
    ("returns", resources.ReturnViewSet, "returns"),
]
