from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        from integration_hub.core import registry
        from partners.presenters import tasks

        registry.tasks.register(tasks.tasks)
