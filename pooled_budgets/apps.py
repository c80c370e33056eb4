from django.apps import AppConfig


class PooledBudgetsConfig(AppConfig):
    name = "pooled_budgets"
    verbose_name = "Pooled budgets"

    def ready(self) -> None:
        from integration_hub.core.registry import register_succession, tasks
        from pooled_budgets.presenters import tasks as presenter
        from pooled_budgets.services import succession

        tasks.register(presenter.tasks)
        register_succession(succession.PROVIDER)
