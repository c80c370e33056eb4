"""What the database refuses of agreements whoever asks: a signed one changes in no way but by a signed version."""

from datetime import date

import pytest
from django.db import Error, IntegrityError, connection, transaction

from integration_hub.core import audit
from partners.models import Organisation
from pooled_budgets.models import (
    Agreement,
    AgreementAct,
    AgreementAttachment,
    AgreementDraft,
    AgreementParty,
    AgreementSignature,
    AgreementVersion,
    FormerParty,
)
from pooled_budgets.services import agreements
from tests.factories.money import AgreementFactory, join_agreement, paper_version, terms_of
from tests.factories.partners import NOON


def refused(name):
    return pytest.raises(Error, match=name)


def attempt(act):
    with transaction.atomic():
        act()


def raw(sql, *values):
    def act():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return act


def version_of(agreement, **more):
    terms = terms_of(agreement)
    values = {
        "agreement": agreement,
        "number": 1,
        "content": terms,
        "sha256": "0" * 64,
        "effective_from": date(2014, 4, 1),
        "prepared_by_name": "Somebody",
        "prepared_at": NOON,
    } | more
    return AgreementVersion.objects.create(**values)


def draft_of(world, **more):
    values = {
        "agreement": world.agreement,
        "owner": world.council,
        "content": terms_of(world.agreement),
        "prepared_by": world.person("finance"),
        "prepared_by_name": "Finance",
        "prepared_at": NOON,
    } | more
    return AgreementDraft.objects.create(**values)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "draft"}, "agreement_draft_has_owner"),
        ({"status": "signed"}, "agreement_signed_has_version"),
        ({"commences_on": date(2015, 4, 1), "expires_on": date(2015, 3, 31)}, "agreement_dates_in_order"),
        ({"terminated_on": date(2015, 4, 1)}, "agreement_termination_has_reason"),
        ({"termination_reason": "No date"}, "agreement_termination_has_reason"),
    ],
)
def test_head_of_an_agreement_holds_together(world, changes, name):
    with refused(name):
        attempt(lambda: Agreement.objects.filter(pk=world.agreement.pk).update(**changes))


def test_signed_agreement_refuses_every_change_of_its_terms_by_raw_sql(world):
    paper_version(world.agreement, host=str(world.council.pk))
    kept = Agreement.objects.filter(pk=world.agreement.pk).values().get()
    for column, value in (
        ("title", "Another"),
        ("kind", "section_76"),
        ("statutory_basis", "None"),
        ("commences_on", date(2014, 5, 1)),
        ("expires_on", date(2030, 1, 1)),
        ("host_id", world.ccg.pk),
        ("host_id", None),
        ("owner_id", world.ccg.pk),
        ("current_version_id", None),
    ):
        with refused("agreement_signed_stands"):
            attempt(raw(f"UPDATE pooled_budgets_agreement SET {column} = %s WHERE id = %s", value, kept["id"]))

    assert Agreement.objects.filter(pk=world.agreement.pk).values().get() == kept


def test_version_is_put_in_force_only_with_every_signature(world):
    version = version_of(world.agreement)
    put = raw(
        "UPDATE pooled_budgets_agreement SET current_version_id = %s, status = 'signed' WHERE id = %s",
        version.pk,
        world.agreement.pk,
    )
    for number, (organisation, person) in enumerate(((world.council, "council"), (world.ccg, "ccg"))):
        with refused("agreement_signed_stands"):
            attempt(put)
        AgreementSignature.objects.create(
            version=version,
            organisation=organisation,
            organisation_name=organisation.name,
            person=world.person("approver", person),
            person_name=str(number),
            capacity="Director",
            signed_at=NOON,
            sha256=version.sha256,
        )
    other = AgreementFactory(area=world.area)
    with refused("agreement_signed_stands"):
        attempt(raw("UPDATE pooled_budgets_agreement SET current_version_id = %s WHERE id = %s", version.pk, other.pk))
    attempt(put)

    assert Agreement.objects.get(pk=world.agreement.pk).current_version == version


def test_agreement_is_not_entered_as_signed(world):
    version = paper_version(world.agreement)
    with refused("agreement_signed_stands"):
        attempt(lambda: AgreementFactory(area=world.area, status="signed", current_version=version))


def test_parties_of_a_signed_agreement_stay_those_who_signed_it(world):
    paper_version(world.agreement)
    add = "INSERT INTO pooled_budgets_agreementparty (agreement_id, organisation_id) VALUES (%s, %s)"
    with refused("agreement_parties_as_signed"):
        attempt(raw(add, world.agreement.pk, world.hackney.pk))
    with refused("agreement_parties_as_signed"):
        attempt(raw("DELETE FROM pooled_budgets_agreementparty WHERE organisation_id = %s", world.ccg.pk))
    # Whoever followed a party by law takes its place.
    FormerParty.objects.create(
        agreement=world.agreement,
        organisation=world.ccg,
        organisation_name="CCG",
        followed_by=world.hackney,
        ended_at=NOON,
    )
    attempt(raw(add, world.agreement.pk, world.hackney.pk))
    attempt(raw("DELETE FROM pooled_budgets_agreementparty WHERE organisation_id = %s", world.ccg.pk))


def test_termination_is_not_taken_back(world):
    row = Agreement.objects.filter(pk=world.agreement.pk)
    row.update(terminated_on=date(2015, 3, 31), termination_reason="By agreement")
    with refused("agreement_signed_stands"):
        attempt(lambda: row.update(terminated_on=None, termination_reason=""))


def test_versions_signatures_acts_and_attachments_are_never_changed_or_removed(world):
    version = paper_version(world.agreement)
    signature = AgreementSignature.objects.create(
        version=version,
        organisation=world.council,
        organisation_name="Council",
        person=world.person("approver"),
        person_name="Approver",
        capacity="Director",
        signed_at=NOON,
        sha256=version.sha256,
    )
    act = AgreementAct.objects.create(agreement=world.agreement, number=1, kind="begun", at=NOON, by_name="Somebody")
    attachment = AgreementAttachment.objects.create(
        draft=draft_of(world),
        filename="agreement.pdf",
        content_type="application/pdf",
        content=b"%PDF-",
        size=5,
        sha256="0" * 64,
        added_by_name="Somebody",
        added_at=NOON,
    )
    for row in (version, signature, act, attachment):
        table = row._meta.db_table
        for sql in (f"UPDATE {table} SET id = id WHERE id = %s", f"DELETE FROM {table} WHERE id = %s"):
            with refused("append_only|Cannot|permission denied"):
                attempt(raw(sql, row.pk))
        assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda world: version_of(world.agreement, number=0), "agreement_version_from_one"),
        (lambda world: version_of(world.agreement, number=2, reason=""), "agreement_version_says_why_it_varies"),
        (
            lambda world: (version_of(world.agreement), version_of(world.agreement)),
            "agreement_version_unique",
        ),
        (lambda world: draft_of(world, status="lost"), "agreement_draft_status"),
        (lambda world: draft_of(world, status="for_signature"), "agreement_draft_frozen_as_version"),
        (
            lambda world: [
                draft_of(world, status="for_signature", released_at=NOON, version=version_of(world.agreement, number=n))
                for n in (1, 2)
            ],
            "agreement_version_says_why_it_varies|agreement_one_draft_for_signature",
        ),
        (
            lambda world: [
                AgreementAct.objects.create(agreement=world.agreement, number=1, kind="begun", at=NOON, by_name="A")
                for _ in range(2)
            ],
            "agreement_act_order",
        ),
        (
            lambda world: AgreementAct.objects.create(
                agreement=world.agreement, number=1, kind="sung", at=NOON, by_name="A"
            ),
            "agreement_act_kind",
        ),
        (
            lambda world: AgreementAct.objects.create(
                agreement=world.agreement, number=1, kind="terminated", at=NOON, by_name="A"
            ),
            "agreement_act_reason",
        ),
        (
            lambda world: [
                AgreementAct.objects.create(
                    agreement=world.agreement, number=n, kind="duty_done", subject="review 1", at=NOON, by_name="A"
                )
                for n in (1, 2)
            ],
            "agreement_duty_done_once",
        ),
    ],
)
def test_rows_of_an_agreement_hold_together(world, make, name):
    with pytest.raises(IntegrityError, match=name):
        attempt(lambda: make(world))


def test_paper_version_makes_its_parties_the_parties(world):
    terms = terms_of(world.agreement)
    joined = Organisation.objects.get(key="hackney-council")
    terms["parties"] = [*terms["parties"], {"id": str(joined.pk), "name": joined.name}]
    left = AgreementFactory(area=world.area)
    join_agreement(left, world.council)
    agreements.from_paper(agreement=left, terms=terms, effective_from=date(2014, 4, 1), at=NOON, system="test")
    raw("SELECT 1")()

    assert set(AgreementParty.objects.filter(agreement=left).values_list("organisation", flat=True)) == {
        world.council.pk,
        world.ccg.pk,
        joined.pk,
    }
    assert Agreement.objects.get(pk=left.pk).state_on(date(2014, 4, 1)) == "in_force"
    assert audit.AuditEvent.objects.filter(kind="agreement.recorded_from_paper", target_id=str(left.pk)).exists()
