"""The pages of returns and figures: who sees what, what bad input gets, and what it costs."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from bcf_metrics.models import MetricFigure, QuarterlyReturn, ReturnAnswer, ReturnVersion, Signature
from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from tests.factories.money import FundFactory, MetricPlanFactory, SchemeFactory, quarter
from tests.factories.partners import give_role

SECTIONS = (
    "cover",
    "budget_arrangements",
    "national_conditions",
    "income_and_expenditure",
    "metrics",
    "narrative",
    "reasons",
)


def url(name, journey, *args):
    return reverse(f"bcf_metrics:{name}", args=[journey.quarterly_return.pk, *args])


def addresses(journey):
    found = [
        url(name, journey)
        for name in ("return_detail", "send", "sign", "send_back", "export", "figures", "figures_release")
    ]
    return [*found, url("version", journey, 1), *(url("section", journey, tab) for tab in SECTIONS)]


def words(answer):
    """The page as a reader has it, in one line."""
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def fields(answer):
    """Every input of the page's forms with its value, as a browser would send it back."""
    page = answer.content.decode()
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        ticked = attributes.get("type") not in ("checkbox", "radio") or re.search(r"\bchecked\b", tag)
        if "name" in attributes and ticked:
            empty = "on" if attributes.get("type") in ("checkbox", "radio") else ""
            found[attributes["name"]] = unescape(attributes.get("value", empty))
    for name, body in re.findall(r'<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</select>', page, flags=re.S):
        chosen = re.search(r'value="([^"]*)"[^>]*\bselected', body)
        found[name] = unescape(chosen[1]) if chosen else ""
    for name, body in re.findall(r'<textarea\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</textarea>', page, flags=re.S):
        found[name] = unescape(body.removeprefix("\n"))
    found.pop("csrfmiddlewaretoken", None)
    return found


def figure(journey, code, **given):
    """Inputs of one metric by their short names."""
    return {f"{journey.plans[code].pk}-{name}": value for name, value in given.items()}


# Who sees what.


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_every_address_of_a_return_is_not_there_for_strangers(sent, sign_in, method):
    client = sign_in(sent.world.person("finance", "hackney"))
    lines = AuditEvent.objects.count()

    statuses = {address: getattr(client, method)(address).status_code for address in addresses(sent)}

    assert set(statuses.values()) == {404}, statuses
    assert AuditEvent.objects.count() == lines


def test_open_for_a_strangers_fund_is_not_there(journey, sign_in):
    client = sign_in(journey.world.person("finance", "hackney"))

    answer = client.post(reverse("bcf_metrics:return_open"), {"fund": journey.world.fund.pk, "quarter": 2})

    assert answer.status_code == 404
    assert QuarterlyReturn.objects.count() == 1


def test_every_address_asks_for_sign_in(journey, client):
    assert {client.get(address).status_code for address in addresses(journey)} == {302}


@pytest.mark.parametrize(
    ("role", "partner", "forbidden"),
    [
        ("finance", "council", {"sign", "send_back", "figures", "figures_release"}),
        ("metrics", "ccg", {"sign", "send_back"}),
        ("approver", "ccg", {"send", "figures", "figures_release", "section"}),
        ("member", "council", {"send", "sign", "send_back", "figures", "figures_release", "section", "export"}),
        ("auditor", "ccg", {"send", "sign", "send_back", "figures", "figures_release", "section"}),
    ],
)
def test_post_is_forbidden_where_the_role_does_not_allow_it_and_changes_nothing(
    journey, sign_in, role, partner, forbidden
):
    journey.complete()
    client = sign_in(journey.world.person(role, partner))
    lines = AuditEvent.objects.count()

    names = ("send", "sign", "send_back", "figures", "figures_release")
    statuses = {name: client.post(url(name, journey), {}).status_code for name in names if name in forbidden}
    if "section" in forbidden:
        statuses["section"] = client.post(url("section", journey, "cover"), {}).status_code
    if "export" in forbidden:
        statuses["export"] = client.get(url("export", journey)).status_code

    assert statuses == dict.fromkeys(forbidden, 403)
    assert AuditEvent.objects.count() == lines
    assert journey.refresh().status == "in_progress"


def test_a_sitting_member_reads_a_signed_return_and_changes_nothing(sent, sign_in):
    client = sign_in(sent.world.sitting_member())
    before = client.get(url("return_detail", sent)).status_code
    sent.sign("ccg")
    sent.sign("council")
    lines = AuditEvent.objects.count()

    assert before == 404
    for address in (url("return_detail", sent), url("figures", sent), url("section", sent, "cover")):
        assert client.get(address).status_code == 200
        assert client.post(address, {}).status_code in (403, 405)
    assert client.get(url("export", sent)).status_code == 403
    assert AuditEvent.objects.count() == lines


def test_sections_that_are_not_asked_for_are_not_there(journey, sign_in):
    client = sign_in(journey.finance_officer)

    for tab in ("payment_for_performance", "checklist", "nonsense"):
        assert client.get(url("section", journey, tab)).status_code == 404
    assert client.get(url("version", journey, 1)).status_code == 404


# The list, and opening.


def test_returns_tells_status_due_date_and_who_is_waited_for(journey, sign_in):
    page = words(sign_in(journey.finance_officer).get(reverse("bcf_metrics:returns")))

    assert "Southwark Better Care Fund, Quarter 1 2014/15" in page
    assert "Not started" in page
    assert "No date: There was no national return for this quarter." in page
    assert "Finance and metrics officers of NHS Southwark CCG or Southwark Council to complete it" in page
    assert "Quarter 2 2014/15" not in page  # world has only the first quarter
    assert "Every quarter has its return." in page


def test_returns_of_strangers_are_an_empty_list(journey, sign_in):
    page = words(sign_in(journey.world.person("finance", "hackney")).get(reverse("bcf_metrics:returns")))

    assert "No returns yet" in page
    assert "Southwark" not in page


def test_open_leads_to_the_new_return(journey, sign_in):
    quarter(2014, 2)

    answer = sign_in(journey.finance_officer).post(
        reverse("bcf_metrics:return_open"), {"fund": journey.world.fund.pk, "quarter": 2}, follow=True
    )

    assert "The return of Quarter 2 2014/15 is open." in words(answer)
    assert QuarterlyReturn.objects.count() == 2


@pytest.mark.parametrize(("given", "status"), [({"quarter": 9}, 400), ({}, 400), ({"quarter": 1}, 409)])
def test_open_with_what_cannot_be_shows_the_list_again(journey, sign_in, given, status):
    answer = sign_in(journey.finance_officer).post(
        reverse("bcf_metrics:return_open"), {"fund": journey.world.fund.pk} | given
    )

    assert answer.status_code == status
    assert "There is a problem" in words(answer)
    assert QuarterlyReturn.objects.count() == 1


def test_open_for_a_year_that_is_not_loaded_says_so(journey, sign_in):
    fund = FundFactory(agreement=journey.world.agreement, owner=journey.world.council, financial_year=2016, name="Next")
    quarter(2016, 1)
    client = sign_in(journey.finance_officer)

    answer = client.post(reverse("bcf_metrics:return_open"), {"fund": fund.pk, "quarter": 1})

    assert answer.status_code == 409
    assert "The layout of the return of 2016/17 is not loaded" in words(answer)
    assert QuarterlyReturn.objects.count() == 1


# Figures.


def test_figures_are_typed_saved_judged_and_released(journey, sign_in):
    client = sign_in(journey.metrics_officer)
    given = fields(client.get(url("figures", journey)))
    later = timezone.localdate() + timedelta(days=60)
    given |= figure(journey, "RES65", value="23")
    said = {"challenges": "Late.", "achievements": "Fewer.", "support_needs": "Beds.", "action": "Calls."}
    given |= figure(journey, "DTOC_DAYS", value="808", **said)
    given |= figure(journey, "REABL91", value="88%", value_period="2013/14 year end", lagged="on")
    given |= figure(journey, "AVOID_ADM", reason="not_yet_available", until=later.isoformat(), challenges="Chased.")
    given |= figure(journey, "LOCAL", value="59")

    saved = client.post(url("figures", journey), given, follow=True)
    released = client.post(url("figures_release", journey), follow=True)

    page = words(saved)
    assert "5 metrics saved." in page
    for sentence in (
        "23 against 41.75, the profile to the end of quarter 1 of 167 for the year (even)",
        "808 against 424, both for April and May",
        "88% against 85%; the latest figure is for 2013/14 year end",
        "59% against 60%",
        "No comparison: the target is not yet defined",
        "baseline 461 in November 2013",
        "Draft: only NHS Southwark CCG can see this",
    ):
        assert sentence in page
    assert "5 figures of Quarter 1 2014/15 released" in words(released)
    assert MetricFigure.objects.filter(released_at__isnull=False).count() == 5
    kept = MetricFigure.objects.get(plan=journey.plans["DTOC_DAYS"])
    assert {field: getattr(kept, field) for field in said} == said


def test_figures_page_saved_unchanged_enters_nothing(journey, sign_in):
    client = sign_in(journey.metrics_officer)

    answer = client.post(url("figures", journey), fields(client.get(url("figures", journey))), follow=True)

    assert "Nothing was changed." in words(answer)
    assert not MetricFigure.objects.exists()


def test_figures_check_judges_what_is_typed_and_saves_nothing(journey, sign_in):
    client = sign_in(journey.metrics_officer)
    given = fields(client.get(url("figures", journey))) | figure(journey, "RES65", value="50") | {"check": "1"}

    answer = client.post(url("figures", journey), given)

    assert answer.status_code == 200
    assert "50 against 41.75" in words(answer)
    assert "Nothing is saved yet" in words(answer)
    assert not MetricFigure.objects.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"value": "about 20"}, '“about 20”|"about 20" is not a number'),
        ({"value": "-1"}, "is below 0. Enter 0 or more"),
        ({"value": "23.5"}, "23.5 has too many decimals. Enter a whole number"),
        ({"value": "12345678901"}, "too large"),
        ({"value": "23", "reason": "nil"}, "There is a number and a reason"),
        ({"reason": "not_yet_available"}, "Enter the date until which it is not available"),
        ({"reason": "not_yet_available", "until": "30 9 2014"}, "30 September 2014 is not in the future"),
        ({"reason": "not_yet_available", "until": "soon"}, "Enter a real date"),
        ({"reason": "nil", "until": "30 9 2099"}, "Only something not yet available has a date"),
        ({"until": "30 9 2099"}, "There is a date and no reason"),
        ({"value": "23", "override_status": "not_on_track"}, "Say why it differs from the suggestion"),
        ({"value": "23", "override_reason": "So."}, "a reason for a status of your own and no status"),
        ({"value": "23", "numerator": "4"}, "Enter both numerator and denominator"),
        ({"value": "23", "numerator": "4", "denominator": "0"}, "no rate without a denominator"),
        ({"value": "23", "reason": "guessed"}, "Select a valid choice"),
        ({"value": "23", "challenges": "x" * 4001}, "4001 characters"),
    ],
)
def test_figures_with_one_bad_field_keep_what_was_typed_and_save_nothing(journey, sign_in, given, message):
    client = sign_in(journey.metrics_officer)
    typed = fields(client.get(url("figures", journey)))
    typed |= figure(journey, "RES65", **given) | figure(journey, "LOCAL", value="59", challenges="Kept.")

    answer = client.post(url("figures", journey), typed)

    page = words(answer)
    assert answer.status_code == 400
    assert "There is a problem" in page
    assert re.search(message, page), page[:1500]
    assert "Kept." in page
    assert not MetricFigure.objects.exists()


def test_figures_changed_meanwhile_show_both_values_and_keep_what_was_typed(journey, sign_in):
    client = sign_in(journey.metrics_officer)
    typed = fields(client.get(url("figures", journey)))
    journey.record("RES65")

    answer = client.post(
        url("figures", journey), typed | figure(journey, "RES65", value="25") | figure(journey, "LOCAL", value="59")
    )
    again = client.post(url("figures", journey), fields(answer), follow=True)

    page = words(answer)
    assert answer.status_code == 409
    assert "you saw nothing" in page
    assert "saved 23 on 14 July 2014" in page
    assert "you entered 25" in page
    assert "2 metrics saved." in words(again)
    assert {row.plan.metric.code: row.value for row in MetricFigure.objects.select_related("plan__metric")} == {
        "RES65": 25,
        "LOCAL": 59,
    }
    assert MetricFigure.objects.get(plan=journey.plans["RES65"]).source == "Council records"


def test_figures_under_sign_off_are_refused_with_who_when_why_and_who_can_lift(sent, sign_in):
    client = sign_in(sent.metrics_officer)

    answer = client.post(
        url("figures", sent), {f"{sent.plans['RES65'].pk}-seen-figure": "23"} | figure(sent, "RES65", value="99")
    )

    page = words(answer)
    assert answer.status_code == 409
    assert "is with its signatories, so its answers and figures cannot be changed" in page
    assert "Finance of council sent it for sign-off on 14 July 2014" in page
    assert "an approver of NHS Southwark CCG or Southwark Council, by sending the return back" in page
    assert MetricFigure.objects.get(plan=sent.plans["RES65"]).value == 23


def test_figures_of_a_sent_return_read_as_on_the_day_that_it_was_sent(sent, sign_in):
    page = words(sign_in(sent.metrics_officer).get(url("figures", sent)))

    assert "not yet available until 30 September 2014" in page
    assert "Save all figures" not in page


def test_figures_escape_what_people_type(journey, sign_in):
    client = sign_in(journey.metrics_officer)
    typed = fields(client.get(url("figures", journey)))

    answer = client.post(
        url("figures", journey),
        typed | figure(journey, "RES65", value="23", challenges="<script>alert(1)</script>"),
        follow=True,
    )

    assert "<script>alert(1)" not in answer.content.decode()


def test_figures_without_a_plan_say_what_is_missing(journey, sign_in):
    fund = FundFactory(agreement=journey.world.agreement, owner=journey.world.council, name="Another")
    client = sign_in(journey.finance_officer)
    client.post(reverse("bcf_metrics:return_open"), {"fund": fund.pk, "quarter": 1})
    opened = QuarterlyReturn.objects.get(fund=fund)

    assert "No metrics yet" in words(client.get(reverse("bcf_metrics:figures", args=[opened.pk])))


# Sections.


def test_sections_are_filled_in_and_the_checklist_follows(journey, sign_in):
    journey.record()
    journey.release()
    client = sign_in(journey.finance_officer)
    by_field = {key.replace("__", "."): value for key, value in journey.answers.items()}
    for tab in ("cover", "budget_arrangements", "national_conditions", "income_and_expenditure", "narrative"):
        given = fields(client.get(url("section", journey, tab)))
        for key, value in by_field.items():
            name = key.replace(".", "-")
            if f"seen-{name}" in given:
                given |= {f"{name}-reason": value} if value == "not_stated" else {name: value}
        assert client.post(url("section", journey, tab), given).status_code == 302, tab

    page = words(client.get(url("return_detail", journey)))
    assert "Complete Template" in page
    assert "Incomplete Template" not in page
    assert "Send for sign-off" in page
    assert dict(ReturnAnswer.objects.values_list("field", "value")) == by_field


def test_section_prefilled_cells_are_locked_with_their_source(journey, sign_in):
    page = words(sign_in(journey.finance_officer).get(url("section", journey, "income_and_expenditure")))

    assert "£5,621,000.00" in page
    assert "Forecast: from the released projected outturns of Quarter 1 2014/15." in page
    assert "Plan: from the fund's scheme plan." in page
    assert "Plan: from the fund's money in." in page


def test_narrative_says_how_many_characters_remain_without_javascript(journey, sign_in):
    journey.answer(narrative="x" * 100)

    page = words(sign_in(journey.finance_officer).get(url("section", journey, "narrative")))

    assert "31,900 of 32,000 characters remain, as saved." in page


@pytest.mark.parametrize(
    ("tab", "given", "message"),
    [
        ("income_and_expenditure", {"income-1-forecast": "lots"}, '"lots" is not an amount'),
        ("income_and_expenditure", {"income-1-forecast": "-5"}, "below nil"),
        ("income_and_expenditure", {"income-1-forecast": "5.001"}, "decimals"),
        ("income_and_expenditure", {"income-1-forecast": "200,000,000"}, "limit of £100,000,000.00"),
        ("income_and_expenditure", {"income-1-forecast": "5", "income-1-forecast-reason": "nil"}, "a reason"),
        ("income_and_expenditure", {"income-1-actual-reason": "not_yet_available"}, "Enter the date until"),
        (
            "income_and_expenditure",
            {"income-1-actual-reason": "not_yet_available", "income-1-actual-until": "1 1 2014"},
            "1 January 2014 is not in the future",
        ),
        ("cover", {"email": "nobody"}, "Enter an e-mail address"),
        ("cover", {"sign_off_expected_on": "31 2 2014"}, "Enter a real date"),
        ("cover", {"signed_off_by_board": "Perhaps"}, "Select a valid choice"),
        ("narrative", {"narrative": "x" * 32_001}, "32001 characters"),
    ],
)
def test_section_with_one_bad_field_keeps_what_was_typed_and_saves_nothing(journey, sign_in, tab, given, message):
    client = sign_in(journey.finance_officer)
    typed = fields(client.get(url("section", journey, tab))) | {"phone": "020 7946 0000"} | given

    answer = client.post(url("section", journey, tab), typed)

    page = words(answer)
    assert answer.status_code == 400
    assert "There is a problem" in page
    assert message in page
    assert not ReturnAnswer.objects.exists()
    if tab == "cover":
        assert fields(answer)["phone"] == "020 7946 0000"


def test_section_changed_meanwhile_shows_both_values_and_keeps_what_was_typed(journey, sign_in):
    client = sign_in(journey.finance_officer)
    typed = fields(client.get(url("section", journey, "cover")))
    journey.answer(by=journey.metrics_officer, phone="020 7946 0000", completed_by="Metrics officer")

    answer = client.post(url("section", journey, "cover"), typed | {"phone": "020 7946 0001", "email": "a@b.example"})
    again = client.post(url("section", journey, "cover"), fields(answer), follow=True)

    page = words(answer)
    assert answer.status_code == 409
    assert "you saw nothing" in page
    assert "saved “020 7946 0000”" in page
    assert fields(answer)["completed_by"] == "Metrics officer"
    assert "The section is saved." in words(again)
    assert dict(ReturnAnswer.objects.values_list("field", "value")) == {
        "phone": "020 7946 0001",
        "email": "a@b.example",
        "completed_by": "Metrics officer",
    }


def test_section_amount_taken_out_again_leaves_it_to_be_answered(journey, sign_in):
    journey.answer(income__1__forecast="1300000.00")
    client = sign_in(journey.finance_officer)
    typed = fields(client.get(url("section", journey, "income_and_expenditure")))

    client.post(url("section", journey, "income_and_expenditure"), typed | {"income-1-forecast": ""})

    assert typed["income-1-forecast"] == "1,300,000.00"
    assert ReturnAnswer.objects.get().value == ""


def test_section_under_sign_off_is_refused_and_reads_as_it_was_sent(sent, sign_in):
    client = sign_in(sent.finance_officer)

    answer = client.post(url("section", sent, "cover"), {"phone": "1", "seen-phone": "020 7946 0000"})

    assert answer.status_code == 409
    assert "cannot be changed" in words(answer)
    assert "020 7946 0000" in words(answer)
    assert ReturnAnswer.objects.get(field="phone").value == "020 7946 0000"


# Sign-off.


def test_the_return_is_sent_signed_and_exported(journey, sign_in):
    journey.complete()
    client = sign_in(journey.finance_officer)
    sent = client.post(url("send", journey), fields(client.get(url("return_detail", journey))), follow=True)
    for partner in ("council", "ccg"):
        client = sign_in(journey.world.person("approver", partner))
        given = fields(client.get(url("sign", journey)))
        given |= {"organisation": str(getattr(journey.world, partner).pk), "capacity": "Chief Officer"}
        assert client.post(url("sign", journey), given).status_code == 302
    detail = words(client.get(url("return_detail", journey)))
    book = sign_in(journey.finance_officer).get(url("export", journey))

    assert "Version 1 is with the approvers of NHS Southwark CCG and Southwark Council." in words(sent)
    assert "Signed off" in detail
    assert "Approver of ccg, Chief Officer" in detail
    assert "Who can lift this: an approver of NHS Southwark CCG or Southwark Council" in detail
    assert book["Content-Disposition"] == (
        'attachment; filename="BCF-return-Southwark-Quarter-1-2014-15-version-1.xlsx"'
    )
    assert book.content.startswith(b"PK")


def test_send_before_it_is_complete_says_what_is_missing(journey, sign_in):
    answer = sign_in(journey.finance_officer).post(url("send", journey), {})

    assert answer.status_code == 409
    assert "The return cannot be sent for sign-off yet. Cover, Completed by:" in words(answer)
    assert not ReturnVersion.objects.exists()


def test_send_after_something_changed_shows_the_page_again(journey, sign_in):
    journey.complete()
    client = sign_in(journey.finance_officer)
    given = fields(client.get(url("return_detail", journey)))
    journey.answer(by=journey.metrics_officer, phone="1")

    answer = client.post(url("send", journey), given)

    assert answer.status_code == 409
    assert "Something in the return changed after you opened this page" in words(answer)
    assert not ReturnVersion.objects.exists()


def test_sign_by_a_preparer_is_refused_on_the_page_too(sent, sign_in):
    give_role(sent.finance_officer, sent.world.council, Role.APPROVER)
    client = sign_in(sent.finance_officer)
    given = {"organisation": str(sent.world.council.pk), "capacity": "Chief Officer", "version": "1"}

    shown = client.get(url("sign", sent))
    answer = client.post(url("sign", sent), given)

    assert "somebody else has to sign it" in words(shown)
    assert "Sign this version" not in words(shown)
    assert answer.status_code == 403
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    "given", [{}, {"capacity": ""}, {"organisation": "hackney"}, {"version": "one"}, {"version": "0"}]
)
def test_sign_with_what_cannot_be_read_shows_the_form_again(sent, sign_in, given):
    client = sign_in(sent.world.person("approver", "ccg"))
    whole = {"organisation": str(sent.world.ccg.pk), "capacity": "Chief Officer", "version": "1"}

    answer = client.post(url("sign", sent), whole | given if given else {})

    assert answer.status_code == 400
    assert "There is a problem" in words(answer)
    assert not Signature.objects.exists()


def test_sign_for_a_partner_that_one_may_not_sign_for_cannot_be_chosen(sent, sign_in):
    client = sign_in(sent.world.person("approver", "ccg"))

    answer = client.post(
        url("sign", sent), {"organisation": str(sent.world.council.pk), "capacity": "x", "version": "1"}
    )

    assert answer.status_code == 400
    assert not Signature.objects.exists()


def test_sign_a_version_that_was_sent_back_is_refused(sent, sign_in):
    client = sign_in(sent.world.person("approver", "ccg"))
    given = fields(client.get(url("sign", sent))) | {"organisation": str(sent.world.ccg.pk), "capacity": "x"}
    sent.send_back(by=sent.world.person("approver"))
    sent.send()

    answer = client.post(url("sign", sent), given)

    assert answer.status_code == 409
    assert "Version 2, which Finance of council sent" in words(answer)
    assert not Signature.objects.exists()


def test_send_back_needs_a_reason_and_leaves_the_version_readable(sent, sign_in):
    sent.sign("ccg")
    client = sign_in(sent.world.person("approver"))

    empty = client.post(url("send_back", sent), {"reason": " "})
    done = client.post(url("send_back", sent), {"reason": "Figures of May are wrong."}, follow=True)
    version = client.get(url("version", sent, 1))

    assert empty.status_code == 400
    assert "Figures of May are wrong." in words(done)
    assert "Sent back" in words(done)
    assert "This version is not in force" in words(version)
    assert "Approver of ccg, Chief Officer" in words(version)
    assert client.post(url("send_back", sent), {"reason": "Again"}).status_code == 409


def test_export_of_a_version_that_is_not_there_is_not_found(sent, sign_in):
    client = sign_in(sent.finance_officer)

    for asked in ("2", "0", "one", "-1"):
        assert client.get(f"{url('export', sent)}?version={asked}").status_code == 404


def test_export_by_another_method_gives_no_file_and_writes_no_line(sent, sign_in):
    client = sign_in(sent.finance_officer)
    lines = AuditEvent.objects.count()

    assert client.post(url("export", sent)).status_code == 405
    assert AuditEvent.objects.count() == lines


# Cost.


def grow_returns(journey, to):
    for number in range(QuarterlyReturn.objects.count(), to):
        fund = FundFactory(agreement=journey.world.agreement, owner=journey.world.council, name=f"Fund {number}")
        row = QuarterlyReturn.objects.get(pk=journey.quarterly_return.pk)
        QuarterlyReturn.objects.create(
            fund=fund, period=row.period, policy_year=row.policy_year, template=row.template, due_on=date(2014, 9, 1)
        )


def test_returns_costs_the_same_queries_at_10_and_200_returns(journey, sign_in, django_assert_max_num_queries):
    client = sign_in(journey.finance_officer)
    counts = []
    for size in (10, 200):
        grow_returns(journey, size)
        with django_assert_max_num_queries(12) as asked:
            assert client.get(reverse("bcf_metrics:returns")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "args", "budget"),
    [
        ("return_detail", (), 18),
        ("section", ("income_and_expenditure",), 18),
        ("figures", (), 12),
    ],
)
def test_pages_of_a_return_cost_the_same_queries_at_10_and_200_rows(
    journey, sign_in, django_assert_max_num_queries, name, args, budget
):
    client = sign_in(journey.metrics_officer)
    counts = []
    for size in (10, 200):
        for number in range(journey.world.fund.schemes.count(), size):
            SchemeFactory(fund=journey.world.fund, number=f"x{number}")
        for number in range(journey.world.fund.metric_plans.count(), size):
            MetricPlanFactory(
                fund=journey.world.fund,
                owner=journey.world.ccg,
                metric=journey.plans["RES65"].metric,
                name=f"Metric {number}",
            )
        with django_assert_max_num_queries(budget) as asked:
            assert client.get(url(name, journey, *args)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "args"), [("return_detail", ()), ("section", ("cover",)), ("version", (1,)), ("sign", ())]
)
def test_pages_of_a_sent_return_stay_within_twelve_queries(sent, sign_in, django_assert_max_num_queries, name, args):
    client = sign_in(sent.world.person("approver", "ccg"))

    with django_assert_max_num_queries(12):
        assert client.get(url(name, sent, *args)).status_code == 200
