from django.apps import AppConfig


class PooledBudgetsConfig(AppConfig):
    name = "pooled_budgets"
    verbose_name = "Pooled budgets"
