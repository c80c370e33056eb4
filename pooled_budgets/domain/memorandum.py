"""The memorandum account of a pool at the end of its year. The pool is no legal entity: it has no balance sheet.

Four identities hold to the penny, or there is no account:

1. funding = opening balance + contributions + other income
2. net = funding - expenditure
3. closing balance = net + paid by partners - returned to them
4. closing balance = contingency at the end + carried forward + money in no scheme - unresolved
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from integration_hub.core.money import total


class Unbalanced(ValueError):
    """An identity of the account does not hold: somebody's figures are wrong."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A year of a pool, in pounds. Contributions, payments and returns are by partner's key.

    `unplaced` is what the money in has beyond budgets and contingency: below nil where the plan promised more.
    """

    opening: Decimal
    contributions: Mapping[str, Decimal]
    other_income: Decimal
    expenditure: Decimal
    budgets: Decimal
    contingency_opening: Decimal
    contingency_closing: Decimal
    carried_forward: Decimal
    unresolved: Decimal
    paid: Mapping[str, Decimal] = field(default_factory=dict)
    returned: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def contributed(self) -> Decimal:
        return total(self.contributions.values())

    @property
    def funding(self) -> Decimal:
        return self.opening + self.contributed + self.other_income

    @property
    def net(self) -> Decimal:
        """Above nil a surplus, below nil a deficit."""
        return self.funding - self.expenditure

    @property
    def paid_in(self) -> Decimal:
        return total(self.paid.values())

    @property
    def returned_out(self) -> Decimal:
        return total(self.returned.values())

    @property
    def closing(self) -> Decimal:
        return self.net + self.paid_in - self.returned_out

    @property
    def unplaced(self) -> Decimal:
        return self.funding - self.budgets - self.contingency_opening

    @property
    def explained(self) -> Decimal:
        """What the closing balance consists of, by the rules."""
        return self.contingency_closing + self.carried_forward + self.unplaced - self.unresolved


def check(account: Account) -> Account:
    """The account itself; raises Unbalanced where the rules do not explain its closing balance to the penny."""
    if account.closing != account.explained:
        raise Unbalanced(
            f"The closing balance is {account.closing}, and contingency, carried forward, money in no scheme and "
            f"unresolved make {account.explained}."
        )
    return account
