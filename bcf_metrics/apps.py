from django.apps import AppConfig


class BcfMetricsConfig(AppConfig):
    name = "bcf_metrics"
    verbose_name = "Better Care Fund metrics"
