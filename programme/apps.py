from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"
    verbose_name = "Programme"

    def ready(self) -> None:
        from integration_hub.core import registry
        from programme.presenters.tasks import tasks
        from programme.selectors import kinds
        from programme.services import succession

        registry.tasks.register(tasks)
        registry.register_succession(succession.PROVIDER)
        kinds.register_all()
