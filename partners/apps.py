from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        from partners.selectors import kinds, organisation_kind

        kinds.register(organisation_kind.kind())
