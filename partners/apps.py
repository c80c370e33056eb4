from django.apps import AppConfig

from integration_hub.core import registry


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        from partners.selectors import people

        registry.tasks.register(people.tasks)
