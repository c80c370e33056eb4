from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from integration_hub.core import registry
        from reports.presenters import panels
        from reports.selectors import kinds
        from reports.services import succession

        registry.board_panels.register(panels.issued_reports)
        registry.register_succession(succession.PROVIDER)
        kinds.register_all()
