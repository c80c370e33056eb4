from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Governance"

    def ready(self) -> None:
        from governance.presenters import panels
        from governance.selectors.boards import sits_somewhere
        from integration_hub.core import registry
        from partners.selectors import directory

        directory.readers.register(sits_somewhere)
        registry.organisation_panels.register(panels.boards_of_organisation)
        registry.area_panels.register(panels.boards_of_area)
