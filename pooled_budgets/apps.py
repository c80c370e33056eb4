from django.apps import AppConfig


class PooledBudgetsConfig(AppConfig):
    name = "pooled_budgets"
    verbose_name = "Pooled budgets"

    def ready(self) -> None:
        from integration_hub.core.registry import tasks
        from pooled_budgets.presenters import tasks as presenter
        from pooled_budgets.selectors import kinds

        tasks.register(presenter.tasks)
        kinds.register_all()
