from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        from integration_hub.core.registry import tasks
        from partners.selectors import successions

        tasks.register(successions.tasks)
