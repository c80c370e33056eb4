from django.apps import AppConfig


class PooledBudgetsConfig(AppConfig):
    name = "pooled_budgets"
    verbose_name = "Pooled budgets"

    def ready(self) -> None:
        from governance.selectors import movements
        from integration_hub.core import registry
        from pooled_budgets.presenters import (
            agreement_tasks,
            contributions,
            panels,
            settlement,
            virement_tasks,
            virements,
        )
        from pooled_budgets.presenters import tasks as presenter
        from pooled_budgets.selectors import kinds, kinds_of_money
        from pooled_budgets.services import succession

        registry.tasks.register(presenter.tasks)
        registry.tasks.register(agreement_tasks.tasks)
        registry.tasks.register(virement_tasks.tasks)
        contributions.register_movements()
        registry.organisation_panels.register(panels.funds_of_organisation)
        registry.area_panels.register(panels.funds_of_area)
        registry.register_succession(succession.PROVIDER)
        kinds.register_all()
        kinds_of_money.register_all()
        movements.register(virements.MOVEMENTS)
        movements.register(settlement.APPROVALS)
        movements.register(settlement.CARRIED)
