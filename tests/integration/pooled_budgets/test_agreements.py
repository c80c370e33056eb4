"""An agreement from its first draft to its variations, signed by each party, and what it refuses on the way."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import AuditEvent
from pooled_budgets import policies_agreements as policies
from pooled_budgets.domain import terms
from pooled_budgets.models import Agreement, AgreementDraft, AgreementVersion
from pooled_budgets.presenters.agreement_tasks import tasks
from pooled_budgets.selectors import agreements as selectors
from pooled_budgets.services import agreement_drafts as drafts
from pooled_budgets.services import agreement_signatures as signatures
from pooled_budgets.services.agreement_drafts import Upload

PDF = b"%PDF-1.7 the agreement"


def now():
    return {"at": timezone.now()}


def begun(world):
    return drafts.begin(
        owner=world.council,
        title="Section 75 agreement",
        kind="section_75",
        area=world.area,
        board=world.board,
        parties=[world.council, world.ccg],
        by=world.person("finance"),
        **now(),
    )


def write(draft, by, **changes):
    return drafts.edit(draft_id=draft.pk, changes=changes, seen=fresh(draft).revision, by=by, **now())


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def completed(world, draft):
    by = world.person("finance")
    for letter in terms.CLAUSES:
        drafts.set_clause(
            draft_id=draft.pk,
            letter=letter,
            reference=f"clause {letter}",
            summary="Words",
            upload=None,
            seen=fresh(draft).revision,
            by=by,
            **now(),
        )
    drafts.set_document(draft_id=draft.pk, upload=Upload("s75.pdf", PDF), seen=fresh(draft).revision, by=by, **now())
    return write(
        draft,
        by,
        commences_on="2026-04-01",
        expires_on="2029-03-31",
        host=str(world.council.pk),
        excluded_confirmed=True,
        excluded_by="Director",
        notice_months=6,
    )


def sent(draft, by):
    return drafts.send(draft_id=draft.pk, seen=fresh(draft).revision, by=by, **now())


def sign(world, version, partner, role="approver", *, by=None):
    return signatures.sign(
        agreement_id=version.agreement_id,
        number=version.number,
        organisation=getattr(world, partner),
        capacity="Chief finance officer",
        by=by or world.person(role, partner),
        **now(),
    )


def signed(world):
    draft = begun(world)
    completed(world, draft)
    version = sent(draft, world.person("finance"))
    sign(world, version, "council")
    sign(world, version, "ccg")
    return fresh(version.agreement)


def variation(world, agreement, partner="council", **changes):
    by = world.person("finance", partner)
    draft = drafts.vary(agreement_id=agreement.pk, reason="Costs rose", by=by, **now())
    write(draft, by, effective_from="2027-04-01", **changes)
    return draft


def agreed(world, draft, partner="council"):
    version = sent(draft, world.person("finance", partner))
    sign(world, version, "council")
    sign(world, version, "ccg")
    return version


def told(person, version):
    """The words of the agreement's timeline; None where it is not there."""
    client = Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    answer = client.get(reverse("partners:history", args=["agreement", version.agreement_id]))
    return answer.content.decode() if answer.status_code == 200 else None


def test_draft_is_its_preparers_alone_until_shown_and_goes_to_signature_only_complete(world):
    draft = begun(world)
    finance, other, seat = world.person("finance"), world.person("finance", "ccg"), world.sitting_member()
    pk = draft.agreement_id

    def seen():
        return [
            Agreement.objects.visible_to(person).filter(pk=pk).exists()
            for person in (finance, other, seat, world.person("finance", "hackney"))
        ]

    assert seen() == [True, False, False, False]
    write(draft, finance, commences_on="2026-04-01", host=str(world.council.pk))
    with pytest.raises(policies.NotComplete, match=r"\(a\) The agreed aims"):
        sent(draft, finance)
    drafts.share(draft_id=draft.pk, by=finance, **now())
    assert seen() == [True, True, False, False]
    with pytest.raises(PermissionDenied):
        write(draft, other, title="Ours")
    completed(world, draft)
    version = sent(draft, finance)
    assert (version.number, version.effective_from) == (1, date(2026, 4, 1))
    with pytest.raises(policies.DraftNotOpen, match="sent it on"):
        write(draft, finance, title="Late")
    assert fresh(draft).content["title"] == "Section 75 agreement"
    assert [row["id"] for row in version.preparers] == [str(finance.pk)]


def test_each_party_signs_for_itself_and_then_it_is_in_force(world):
    draft = begun(world)
    completed(world, draft)
    version = sent(draft, world.person("finance"))
    approver, finance = world.person("approver"), world.person("finance", "ccg")
    with pytest.raises(PermissionDenied):  # nobody signs for another partner, nor without the right
        sign(world, version, "ccg", by=approver)
    with pytest.raises(PermissionDenied):
        sign(world, version, "ccg", by=finance)
    with pytest.raises(Http404):
        sign(world, version, "hackney")
    sign(world, version, "council")
    with pytest.raises(policies.AlreadySigned):
        sign(world, version, "council")
    assert fresh(version.agreement).status == "with_partners"
    # The board reads of no version before every party has signed it.
    assert told(world.sitting_member(), version) is None
    sign(world, version, "ccg")
    agreement = fresh(version.agreement)
    for reader in (world.person("member"), world.person("member", "ccg"), world.sitting_member()):
        words = told(reader, version)
        assert (words.count("Agreement: sent for signature"), words.count("Agreement: signed")) == (1, 2)

    assert agreement.current_version == version
    assert (agreement.commences_on, agreement.expires_on) == (date(2026, 4, 1), date(2029, 3, 31))
    assert [agreement.state_on(day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2029, 4, 1))] == [
        "signed",
        "in_force",
        "expired",
    ]
    for state, day in (("signed", date(2026, 3, 31)), ("in_force", date(2027, 1, 1)), ("expired", date(2030, 1, 1))):
        rows = selectors.agreements(world.person("finance"), on=day)
        assert rows.get(pk=agreement.pk).state == state
    assert Agreement.objects.visible_to(world.sitting_member()).filter(pk=agreement.pk).exists()
    assert AuditEvent.objects.filter(kind="agreement.signed", target_id=str(agreement.pk)).count() == 2


def test_who_wrote_in_it_never_signs_it_and_what_is_sent_back_opens_again(world):
    draft = begun(world)
    completed(world, draft)
    approver = world.person("approver")
    AgreementDraft.objects.filter(pk=draft.pk).update(preparers=[{"id": str(approver.pk), "name": "Approver"}])
    version = sent(draft, world.person("finance"))
    with pytest.raises(policies.PreparerCannotSign):
        sign(world, version, "council")
    sign(world, version, "ccg")
    signatures.send_back(
        agreement_id=version.agreement_id,
        number=1,
        reason="Wrong date",
        by=world.person("approver", "ccg"),
        **now(),
    )
    with pytest.raises(policies.NotForSignature):
        sign(world, version, "ccg")
    assert fresh(draft).status == "open"
    again = sent(draft, world.person("finance"))
    assert (again.number, again.signatures.count(), version.signatures.count()) == (2, 0, 1)


def test_variation_shows_its_difference_and_leaves_the_past_as_it_was(world):
    agreement = signed(world)
    draft = variation(world, agreement, notice_months=12, **{"clauses.b.summary": "Uplift of 3 per cent"})
    version = agreed(world, draft)
    finance = world.person("finance")

    assert [
        (found.label, found.before, found.after)
        for found in terms.difference(version.based_on.content, version.content)
    ] == [
        ("Months of notice", "6", "12"),
        ("Clause (b): what it says", "Words", "Uplift of 3 per cent"),
    ]
    assert version.prepared_at.date() < version.effective_from
    months = {
        day: selectors.standing(finance, agreement.pk, on=day).version.content["notice_months"]
        for day in (date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1))
    }
    assert list(months.values()) == [6, 6, 12]
    assert selectors.standing(finance, agreement.pk, on=date(2026, 3, 31)).version is None


def test_two_variations_are_merged_or_refused_by_the_name_of_what_both_change(world):
    agreement = signed(world)
    first = variation(world, agreement, notice_months=12)
    second = variation(world, agreement, "ccg", services="Reablement")
    third = variation(world, agreement, "ccg", notice_months=3)
    agreed(world, first)
    by = world.person("finance", "ccg")
    with pytest.raises(policies.OutOfDate, match="Version 2 was signed meanwhile"):
        sent(second, by)
    drafts.renew(draft_id=second.pk, by=by, **now())
    assert fresh(second).content["notice_months"] == 12
    agreed(world, second, "ccg")
    kept = fresh(third).content
    with pytest.raises(policies.VariationConflict, match="“Months of notice”"):
        drafts.renew(draft_id=third.pk, by=by, **now())
    assert fresh(third).content == kept
    drafts.renew(draft_id=third.pk, keep=["notice_months"], by=by, **now())
    version = agreed(world, third, "ccg")

    assert (version.content["notice_months"], version.content["services"]) == (3, "Reablement")
    assert fresh(agreement).current_version.number == 4


def test_two_people_who_write_in_one_draft_lose_nothing(world):
    draft = begun(world)
    finance, governance = world.person("finance"), world.person("governance")
    seen = draft.revision
    drafts.edit(draft_id=draft.pk, changes={"services": "Home care"}, seen=seen, by=finance, **now())
    drafts.edit(draft_id=draft.pk, changes={"client_groups": "Older people"}, seen=seen, by=governance, **now())
    with pytest.raises(ChangedMeanwhile, match="they wrote “Home care”, you “Nursing”"):
        drafts.edit(draft_id=draft.pk, changes={"services": "Nursing"}, seen=seen, by=governance, **now())
    found = fresh(draft)

    assert (found.content["services"], found.content["client_groups"]) == ("Home care", "Older people")
    assert {row["name"] for row in found.preparers} == {"Finance of council", "Governance of council"}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"MZ\x90", "Attach a PDF"), (b"PK\x03\x04broken", "Attach a PDF")],
)
def test_file_that_is_no_document_is_refused(world, content, words):
    draft = begun(world)
    with pytest.raises(drafts.DocumentRefused, match=words):
        drafts.set_document(
            draft_id=draft.pk, upload=Upload("a.pdf", content), seen=1, by=world.person("finance"), **now()
        )
    assert not draft.attachments.exists()


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("£é☃.pdf", "attachment; filename*=utf-8''%C2%A3%C3%A9%E2%98%83.pdf"),
        ("../s75.pdf", 'attachment; filename="s75.pdf"'),
        ('a"\r\nX-Other: 1.pdf', 'attachment; filename="a-X-Other- 1.pdf"'),
    ],
)
def test_an_attached_file_keeps_its_name_and_a_name_that_steers_is_harmless(world, client, name, sent):
    draft, officer = begun(world), world.person("finance")
    drafts.set_document(draft_id=draft.pk, upload=Upload(name, PDF), seen=fresh(draft).revision, by=officer, **now())
    kept = draft.attachments.get()
    client.force_login(officer, backend="partners.backends.EmailBackend")

    answer = client.get(reverse("agreements:attachment", args=[draft.agreement_id, kept.pk]))

    assert (answer["Content-Disposition"], "X-Other" in answer.headers) == (sent, False)
    assert answer.content == PDF


def test_termination_ends_it_with_its_reason_and_a_duty_is_done_once(world):
    agreement = signed(world)
    finance, approver = world.person("finance"), world.person("approver", "ccg")
    on = date(2028, 9, 15)  # six months before the last day fall due
    due = selectors.due(agreement, agreement.current_version.content, on=on, done=[])
    assert ("notice", date(2028, 9, 30)) in [(duty.key, duty.due_on) for duty in due]
    finance_of_ccg = world.person("finance", "ccg")
    for person in (finance, finance_of_ccg):
        assert [task.due_on for task in tasks(person, on) if "Give notice" in task.title] == [date(2028, 9, 30)]
    draft = variation(world, agreement, notice_months=5)
    version = sent(draft, finance)
    assert any(task.title.startswith("Sign version 2") for task in tasks(approver, timezone.localdate()))
    sign(world, version, "council")
    sign(world, version, "ccg")
    agreement = fresh(agreement)
    # The notice moved with its months, and the reports are the host's alone.
    assert [task.due_on for task in tasks(finance, on) if "Give notice" in task.title] == [date(2028, 10, 31)]
    assert [any("report" in task.title for task in tasks(person, on)) for person in (finance, finance_of_ccg)] == [
        True,
        False,
    ]
    waiting = selectors.due(agreement, agreement.current_version.content, on=timezone.localdate(), done=[])
    key = waiting[0].key
    signatures.duty_done(agreement_id=agreement.pk, key=key, by=finance, **now())
    with pytest.raises(policies.DutyNotDue):
        signatures.duty_done(agreement_id=agreement.pk, key=key, by=finance, **now())
    signatures.terminate(
        agreement_id=agreement.pk, last_day=date(2027, 3, 31), reason="Clause 30", by=approver, **now()
    )
    found = fresh(agreement)
    assert [found.state_on(day) for day in (date(2027, 3, 31), date(2027, 4, 1))] == ["in_force", "terminated"]
    with pytest.raises(policies.NotInForce, match="Clause 30"):
        drafts.vary(agreement_id=agreement.pk, reason="More", by=finance, **now())


def test_a_day_that_is_no_date_says_how_to_write_one(world, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    address = f"/agreements/{world.agreement.pk}/"

    assert client.get(address, {"on": "1 May 2025"}).status_code == 200
    refused = client.get(address, {"on": "the first of May"})
    assert refused.status_code == 400
    assert "Enter a real date, day first. For example, 30 9 2014" in refused.text


def test_pages_of_an_agreement_lead_from_draft_to_signature(world, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    answer = client.post(
        reverse("agreements:new"),
        {
            "title": "Pages",
            "kind": "section_256",
            "owner": str(world.council.pk),
            "area": str(world.area.pk),
            "parties": f"{world.council.name}\n{world.ccg.name}",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    draft = AgreementDraft.objects.get(agreement__title="Pages")
    on = {"pk": draft.agreement_id, "draft_pk": draft.pk}
    form = client.get(reverse("agreements:edit", kwargs=on)).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    given |= {
        "commences_on": "1 April 2026",
        "review_on": "31 January 2027\n2028-01-31",
        "dispute_steps": "Level 1; lead officers; 10\nLevel 2; chief executives",
        "notice_months": "3",
    }
    assert client.post(reverse("agreements:edit", kwargs=on), given | {"dispute_steps": "Level 1"}).status_code == 400
    assert client.post(reverse("agreements:edit", kwargs=on), given).status_code == 302
    found = fresh(draft)
    assert found.content["review_on"] == ["2027-01-31", "2028-01-31"]
    assert [step["days"] for step in found.content["dispute_steps"]] == [10, None]
    page = client.get(reverse("agreements:draft", kwargs=on))
    assert "ask nothing of an agreement of this kind" in page.content.decode()
    assert client.post(reverse("agreements:send", kwargs=on), {"seen": "0"}).status_code == 409
    assert client.post(reverse("agreements:send", kwargs=on), {"seen": found.revision}).status_code == 302
    version = AgreementVersion.objects.get(agreement=draft.agreement_id)
    address = reverse("agreements:version", args=[draft.agreement_id, version.number])
    for partner in ("council", "ccg"):
        client.force_login(world.person("approver", partner), backend="partners.backends.EmailBackend")
        assert "Sign this version" in client.get(address).content.decode()
        given = {"organisation": str(getattr(world, partner).pk), "capacity": "Director"}
        assert client.post(address, given).status_code == 302
    page = client.get(reverse("agreements:agreement", args=[draft.agreement_id])).content.decode()
    assert "In force" in page
    assert "31 January 2027" in page
    assert client.get(reverse("agreements:agreements"), {"state": "in_force", "kind": "section_256"}).content
    assert client.get(reverse("agreements:agreement", args=[draft.agreement_id]), {"on": "soon"}).status_code == 400
