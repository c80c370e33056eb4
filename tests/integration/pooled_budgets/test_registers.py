"""The registers beside agreements: entered, seen, changed by two people, released, and saved as files."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.spreadsheets import reader
from pooled_budgets.models import AlignedBudget, JointContract
from pooled_budgets.services import registers
from tests.factories.money import SchemeFactory

BUDGET = {
    "service": "=Home care",
    "financial_year": 2014,
    "amount": Decimal("1250000.50"),
    "state": "stated",
    "review_on": date(2015, 1, 31),
    "candidate": True,
    "note": "",
}


def add(world, **more):
    return registers.add(
        model=AlignedBudget,
        agreement=world.agreement,
        values=BUDGET | more,
        by=world.person("finance"),
        at=timezone.now(),
    )


def test_row_is_its_owners_until_released(world):
    row = add(world)
    readers = [world.person("finance"), world.person("finance", "ccg"), world.sitting_member()]
    stranger = world.person("finance", "hackney")

    def seen():
        return [AlignedBudget.objects.visible_to(person).exists() for person in (*readers, stranger)]

    assert seen() == [True, False, False, False]
    registers.release(model=AlignedBudget, row_id=row.pk, by=readers[0], at=timezone.now())
    assert seen() == [True, True, True, False]


def test_two_people_change_one_row_and_lose_nothing(world):
    row, by = add(world), world.person("governance")
    shared = {"model": AlignedBudget, "row_id": row.pk, "by": by, "at": timezone.now()}
    registers.change(**shared, values=BUDGET | {"note": "Theirs"}, seen=BUDGET)
    registers.change(**shared, values=BUDGET | {"service": "Mine"}, seen=BUDGET)
    with pytest.raises(ChangedMeanwhile, match="they wrote “Theirs”, you “Ours”"):
        registers.change(**shared, values=BUDGET | {"note": "Ours"}, seen=BUDGET)
    row.refresh_from_db()

    assert (row.note, row.service) == ("Theirs", "Mine")


@pytest.mark.parametrize(
    ("model", "values", "name"),
    [
        (AlignedBudget, {"amount": Decimal(-1)}, "aligned_budget_not_negative"),
        (AlignedBudget, {"amount": None}, "aligned_budget_has_reason"),
        (AlignedBudget, {"amount": None, "state": "lost"}, "aligned_budget_state"),
        (JointContract, {"amount": Decimal(-1)}, "joint_contract_not_negative"),
        (JointContract, {"amount": None}, "joint_contract_has_reason"),
        (JointContract, {"amount": None, "state": "lost"}, "joint_contract_state"),
        (JointContract, {"route": "luck"}, "joint_contract_route"),
        (
            JointContract,
            {"starts_on": date(2015, 4, 1), "ends_on": date(2015, 3, 31)},
            "joint_contract_dates_in_order",
        ),
    ],
)
def test_rows_of_registers_hold_together(world, model, values, name):
    given = {"service": "Care", "amount": Decimal(1), "agreement": world.agreement, "owner": world.council}
    given |= {"financial_year": 2014} if model is AlignedBudget else {"provider": "A provider"}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**given | values)


def test_pages_of_a_register_enter_change_refuse_and_save(world, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    scheme = SchemeFactory(fund=world.fund)
    given = {
        "agreement": str(world.agreement.pk),
        "service": "Equipment",
        "provider": "A provider",
        "scheme": str(scheme.pk),
        "amount": "",
        "state": "stated",
        "starts_on": "1 April 2014",
        "ends_on": "31 March 2017",
        "route": "framework",
    }
    new = reverse("agreements:joint_contract_new")
    assert client.post(new, given).status_code == 400  # an empty value says why
    assert client.post(new, given | {"state": "to_be_confirmed", "ends_on": "31 March 2013"}).status_code == 400
    assert client.post(new, given | {"state": "to_be_confirmed"}).status_code == 302
    row = JointContract.objects.get()
    address = reverse("agreements:joint_contract", args=[row.pk])
    form = client.get(address).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    assert client.post(address, shown | {"amount": "£2,000.00", "state": "stated"}).status_code == 302
    again = client.post(address, shown | {"amount": "£3,000.00", "state": "stated"})
    assert (again.status_code, JointContract.objects.get().amount) == (409, Decimal("2000.00"))
    budget = add(world)
    listed = reverse("agreements:aligned_budgets")
    assert "£1,250,000.50" in client.get(listed, {"words": "home"}).content.decode()
    assert "£1,250,000.50" not in client.get(listed, {"until": "1 January 2015"}).content.decode()
    csv = client.get(listed, {"format": "csv"}).content.decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("'=Home care,2014/15,2015-01-31,Yes,1250000.50,")
    made = client.get(reverse("agreements:joint_contracts"), {"format": "xlsx"})
    sheet = reader.read(BytesIO(made.content), "contracts.xlsx").sheets[0]
    assert [cell.value for cell in sheet.rows[1]][:2] == ["Equipment", "A provider"]
    client.force_login(world.person("finance", "ccg"), backend="partners.backends.EmailBackend")
    assert client.get(reverse("agreements:aligned_budget", args=[budget.pk])).status_code == 404
    assert "Home care" not in client.get(listed, {"format": "csv"}).content.decode("utf-8-sig")
