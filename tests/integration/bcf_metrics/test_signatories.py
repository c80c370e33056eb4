"""Signatures in the capacities that the policy year names: chief executive, accountable officer, chair of the Board."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bcf_metrics.domain.content import is_signed
from bcf_metrics.models import ReturnVersion, Signature
from bcf_metrics.policies import AlreadySigned, NotInThatCapacity, PreparerCannotSign
from bcf_metrics.selectors import content, tasks
from bcf_metrics.selectors import returns as rows
from bcf_metrics.services import returns, signatures
from bcf_metrics.services.signatures import CapacityMissing
from partners.domain.roles import Permission, Role
from partners.models import User
from partners.services import deputies
from tests.factories.partners import NOON, UserFactory, give_role
from tests.factories.worlds import World
from tests.integration.bcf_metrics.conftest import JULY, Journey, begin

OFFICERS = {
    "chief_executive": ("council", "chief_executive"),
    "accountable_officer": ("ccg", "accountable_officer"),
    "board_chair": ("council", "health_and_wellbeing_board_chair"),
}


class Signing:
    """A return with its three signatories: each is a person whom the register of roles names in the capacity."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.people: dict[str, User] = {}
        for code, (partner, capacity) in OFFICERS.items():
            person = UserFactory(email=f"{code}@{partner}.example", name=code.replace("_", " ").capitalize())
            membership = give_role(person, getattr(journey.world, partner), Role.APPROVER)
            membership.capacity = capacity
            membership.save()
            self.people[code] = person

    def sign(self, code: str, *, by: User | None = None, signing_as: str | None = None, version: int = 1) -> Signature:
        return signatures.sign(
            return_id=self.journey.quarterly_return.pk,
            organisation=getattr(self.journey.world, OFFICERS[code][0]),
            version=version,
            signing_as=code if signing_as is None else signing_as,
            by=User.objects.get(pk=(by or self.people[code]).pk),
            at=JULY,
        )

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"bcf_metrics:{name}", args=[self.journey.quarterly_return.pk, *args])


@pytest.fixture
def signing(world: World) -> Signing:
    journey = begin(world, signatories=True)
    journey.complete()
    journey.send()
    return Signing(journey)


def refused(signing, error, code, match=None, **given):
    before = Signature.objects.count()
    with pytest.raises(error, match=match) as found:
        signing.sign(code, **given)
    assert Signature.objects.count() == before
    assert signing.journey.refresh().status == "with_signatories"
    return found.value


def test_the_version_freezes_who_signs_and_a_later_version_of_the_year_changes_nothing(signing, monkeypatch):
    monkeypatch.setattr(rows, "signatories_of", lambda quarterly_return: [])

    version = ReturnVersion.objects.get()
    assert [row["code"] for row in version.signatories] == ["chief_executive", "accountable_officer", "board_chair"]
    held = rows.get(signing.people["board_chair"], signing.journey.quarterly_return.pk)
    assert [row.words for row in held.awaited] == [
        "NHS Southwark CCG (accountable officer of the NHS commissioner)",
        "Southwark Council (chief executive of the council)",
        "Southwark Council (chair of the Health and Wellbeing Board)",
    ]


def test_the_return_is_signed_off_by_all_three_and_not_by_two(signing):
    signing.sign("chief_executive")
    signing.sign("accountable_officer")
    two = signing.journey.refresh().status
    signing.sign("board_chair")

    assert (two, signing.journey.refresh().status) == ("with_signatories", "signed")
    assert set(Signature.objects.values_list("organisation_name", "capacity", "capacity_code")) == {
        ("Southwark Council", "Chief executive of the council", "chief_executive"),
        ("NHS Southwark CCG", "Accountable officer of the NHS commissioner", "accountable_officer"),
        ("Southwark Council", "Chair of the Health and Wellbeing Board", "board_chair"),
    }


def test_somebody_whom_the_register_does_not_name_is_refused_and_told_who_can(signing):
    plain = signing.journey.world.person("approver")

    refusal = refused(signing, NotInThatCapacity, "chief_executive", "does not name you as chief executive", by=plain)

    assert refusal.http_status == 403
    assert "an administrator of Southwark Council" in refusal.who_can_lift


def test_nobody_signs_in_the_place_of_another_capacity(signing):
    refused(signing, NotInThatCapacity, "board_chair", by=signing.people["chief_executive"])


def test_nobody_signs_in_two_capacities(signing):
    person = signing.people["chief_executive"]
    signing.sign("chief_executive")
    person.memberships.update(capacity="health_and_wellbeing_board_chair")

    refused(signing, AlreadySigned, "board_chair", "in one capacity", by=person)


def test_a_second_signature_in_one_capacity_is_refused(signing):
    signing.sign("chief_executive")
    second = UserFactory(email="second@council.example", name="Second")
    give_role(second, signing.journey.world.council, Role.APPROVER)
    second.memberships.update(capacity="chief_executive")

    refused(signing, AlreadySigned, "chief_executive", "One signature is enough", by=second)


def test_whoever_prepared_it_signs_in_no_capacity(signing):
    person = signing.journey.finance_officer
    give_role(person, signing.journey.world.council, Role.APPROVER)
    person.memberships.filter(role="approver").update(capacity="chief_executive")

    refused(signing, PreparerCannotSign, "chief_executive", by=person)


def test_a_capacity_that_the_return_does_not_ask_for_is_refused(signing):
    refused(signing, CapacityMissing, "chief_executive", signing_as="mayor")


def deputise(person: User, principal: User) -> User:
    deputies.appoint(
        membership_id=principal.memberships.get().pk,
        person=person,
        wanted=[Permission.RETURN_SIGN],
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
        by=principal,
        at=timezone.now(),
    )
    return person


def test_a_deputy_signs_where_the_year_allows_one(signing):
    deputy = deputise(signing.journey.world.person("governance"), signing.people["chief_executive"])

    signature = signing.sign("chief_executive", by=deputy)

    assert signature.person_name == "Governance of council for Chief executive"


def test_a_deputy_is_refused_where_the_year_allows_none(signing, world, monkeypatch):
    held = signing.journey.refresh()
    stricter = [row | {"delegable": False} for row in held.policy_version.content["signatories"]]
    monkeypatch.setattr(rows, "signatories_of", lambda quarterly_return: stricter)
    chair = signing.people["board_chair"]
    returns.send_back(return_id=signing.journey.quarterly_return.pk, reason="Again.", by=chair, at=JULY)
    signing.journey.send()
    deputy = deputise(world.person("governance"), signing.people["chief_executive"])

    refusal = refused(signing, NotInThatCapacity, "chief_executive", "signs in person", by=deputy, version=2)

    assert "by signing" in refusal.who_can_lift


def test_the_database_keeps_one_signature_for_each_capacity(signing):
    signature = signing.sign("chief_executive")
    signature.pk, signature.person = None, signing.people["board_chair"]
    with pytest.raises(IntegrityError, match="signature_one_for_each_capacity"), transaction.atomic():
        signature.save(force_insert=True)


def test_only_who_may_sign_is_asked_to(signing):
    def asked(person):
        fresh = User.objects.get(pk=person.pk)
        return [task.title for task in tasks.tasks(fresh, NOON.date()) if task.title.startswith("Sign")]

    assert [len(asked(signing.people[code])) for code in OFFICERS] == [1, 1, 1]
    assert asked(signing.journey.world.person("approver")) == []
    signing.sign("chief_executive")
    assert asked(signing.people["chief_executive"]) == []
    assert len(asked(signing.people["board_chair"])) == 1


# Pages and files.


def words(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_offers_the_capacity_that_is_the_readers_and_says_who_is_missing(signing, sign_in):
    chair = sign_in(signing.people["board_chair"])
    page = words(chair.get(signing.address("sign")))
    detail = words(chair.get(signing.address("return_detail")))

    assert "Southwark Council (chair of the Health and Wellbeing Board)" in page
    assert "Southwark Council (chief executive of the council)</label>" not in page
    assert "Chief executive of the council (not checked)" in page
    assert "Southwark Council (chair of the Health and Wellbeing Board) to sign" in detail


def test_signing_on_the_page_names_the_capacity(signing, sign_in):
    client = sign_in(signing.people["accountable_officer"])
    given = {"signing_as": f"{signing.journey.world.ccg.pk}/accountable_officer", "version": "1"}

    assert client.post(signing.address("sign"), given).status_code == 302
    assert Signature.objects.get().capacity_code == "accountable_officer"


def test_signing_on_the_page_in_anothers_capacity_is_refused_beside_the_field(signing, sign_in):
    client = sign_in(signing.people["chief_executive"])
    given = {"signing_as": f"{signing.journey.world.council.pk}/board_chair", "version": "1"}

    answer = client.post(signing.address("sign"), given)

    assert answer.status_code == 403
    assert "does not name you as chair of the health and wellbeing board" in words(answer)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("given", [{}, {"signing_as": "mayor"}, {"version": "x"}])
def test_signing_on_the_page_with_what_cannot_be_read_shows_the_form_again(signing, sign_in, given):
    whole = {"signing_as": f"{signing.journey.world.council.pk}/chief_executive", "version": "1"}

    answer = sign_in(signing.people["chief_executive"]).post(signing.address("sign"), (whole | given) if given else {})

    assert answer.status_code == 400
    assert not Signature.objects.exists()


def test_an_approver_without_a_capacity_reads_why_they_are_not_asked(signing, sign_in):
    page = words(sign_in(signing.journey.world.person("approver")).get(signing.address("sign")))

    assert "names you in none of the capacities" in page
    assert "Sign this version" not in page


def test_the_workbook_names_each_capacity_with_who_signed(signing):
    for code in OFFICERS:
        signing.sign(code)
    held = rows.get(signing.people["board_chair"], signing.journey.quarterly_return.pk)
    made = content.signed_content(rows.content_of(held.versions[0]), status_words="Signed off", in_force=True)

    assert is_signed(made)
    assert [(row["name_words"], row["capacity"]) for row in made["signatures"]] == [
        ("Accountable officer", "Accountable officer of the NHS commissioner"),
        ("Chief executive", "Chief executive of the council"),
        ("Board chair", "Chair of the Health and Wellbeing Board"),
    ]
