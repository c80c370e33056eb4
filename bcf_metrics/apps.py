from django.apps import AppConfig


class BcfMetricsConfig(AppConfig):
    name = "bcf_metrics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bcf_metrics.selectors import kinds, tasks
        from bcf_metrics.services import sections, succession
        from integration_hub.core import registry

        registry.tasks.register(tasks.tasks)
        registry.register_succession(succession.PROVIDER)
        registry.outturns_changed.register(sections.outturns_changed)
        kinds.register_all()
