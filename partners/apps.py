from django.apps import AppConfig

from integration_hub.core import registry


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        from partners.selectors import kinds, organisation_kind, people, successions

        registry.tasks.register(people.tasks)
        registry.tasks.register(successions.tasks)
        kinds.register(organisation_kind.kind())
