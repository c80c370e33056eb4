from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Governance"

    def ready(self) -> None:
        from governance.selectors.boards import sits_somewhere
        from governance.services import succession
        from integration_hub.core.registry import register_succession
        from partners.selectors import directory

        directory.readers.register(sits_somewhere)
        register_succession(succession.PROVIDER)
