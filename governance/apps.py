from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Governance"

    def ready(self) -> None:
        from governance.presenters import panels
        from governance.selectors import kinds
        from governance.selectors.boards import sits_somewhere
        from governance.services import succession
        from integration_hub.core import registry
        from partners.selectors import directory, why

        directory.readers.register(sits_somewhere)
        why.standpoints.register(kinds.seats)
        kinds.register_all()
        registry.organisation_panels.register(panels.boards_of_organisation)
        registry.area_panels.register(panels.boards_of_area)
        registry.register_succession(succession.PROVIDER)
