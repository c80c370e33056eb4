"""The same rules by the API: money as text, 404 before 403 before 400, and both values in a conflict."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from integration_hub.core.models import StagedImport
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import Forecast, Scheme
from pooled_budgets.services import forecasts, funds, periods
from tests.factories.money import SchemeFactory
from tests.factories.partners import NOON as AT

BACKEND = "partners.backends.EmailBackend"
LATER = AT + timedelta(hours=1)
JSON = "application/json"


@pytest.fixture
def api(client):
    def sign_in(person):
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def officer(world, api):
    return api(world.person("finance"))


@pytest.fixture
def schemes(world):
    return [SchemeFactory(fund=world.fund, number=number, budget="1000.00") for number in ("1", "11")]


@pytest.fixture
def forecast(world, schemes):
    forecasts.record(
        fund=world.fund,
        period=world.period,
        entries=[Entry("1", Figure.stated(Decimal("1250.50")))],
        by=world.person("finance"),
        at=AT,
    )
    return Forecast.objects.get()


def seen(amount="1250.50", state="stated", note=""):
    return {"amount": amount, "state": state, "note": note}


@pytest.mark.parametrize("path", ["agreements", "funds", "schemes", "contributions", "forecasts", "imports"])
def test_without_signing_in_every_list_is_401(client, db, path):
    assert client.get(f"/api/v1/{path}/").status_code == 401


def test_position_has_the_shape_of_the_contract(world, officer, forecast):
    answer = officer.get(f"/api/v1/funds/{world.fund.pk}/position/?quarter=1")

    body = answer.json()
    assert (body["financial_year"], body["as_at"]) == ("2014/15", "2014-06-30")
    first = {key: body["lines"][0][key] for key in ("scheme_no", "budget", "outturn", "variance")}
    assert first == {"scheme_no": "1", "budget": "1000.00", "outturn": "1250.50", "variance": "250.50"}
    assert body["lines"][1]["outturn"] is None
    assert body["lines"][1]["outturn_state"] == "missing"
    assert body["totals"] == {
        "budget": "2000.00",
        "outturn": "1250.50",
        "variance": "250.50",
        "complete": False,
        "missing": ["11"],
    }
    assert body["unallocated"] == "8955000.00"


def test_position_of_a_quarter_that_is_none_is_malformed(world, officer):
    answer = officer.get(f"/api/v1/funds/{world.fund.pk}/position/?quarter=5")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "quarter"


def test_lists_give_money_as_text_and_every_item_has_its_detail(world, officer, forecast):
    funds.add_funding(fund=world.fund, source="Grant", amount=Decimal("5.50"), by=world.person("finance"), at=AT)
    expected = {"funds": "total", "schemes": "budget", "contributions": "amount", "forecasts": "amount"}
    for path, field in expected.items():
        item = officer.get(f"/api/v1/{path}/").json()["results"][0]
        assert isinstance(item[field], str)
        assert officer.get(f"/api/v1/{path}/{item['id']}/").json() == item
    agreement = officer.get("/api/v1/agreements/").json()["results"][0]
    assert [party["name"] for party in agreement["parties"]]


def test_filters_narrow_the_lists(world, officer, forecast):
    assert officer.get("/api/v1/funds/?financial_year=2014").json()["count"] == 1
    assert officer.get("/api/v1/funds/?financial_year=2015").json()["count"] == 0
    assert officer.get(f"/api/v1/schemes/?fund={world.fund.pk}&number=11").json()["count"] == 1
    assert officer.get("/api/v1/forecasts/?quarter=2").json()["count"] == 0


def test_forecast_is_created_once(world, officer, schemes):
    body = {"scheme": str(schemes[0].pk), "quarter": 1, "amount": "£5,621,000.00"}

    first = officer.post("/api/v1/forecasts/", body, content_type=JSON)
    second = officer.post("/api/v1/forecasts/", body | {"amount": "1.00"}, content_type=JSON)

    assert first.status_code == 201
    assert (first.json()["amount"], first.json()["released_at"]) == ("5621000.00", None)
    assert second.status_code == 409
    assert "£5,621,000.00" in second.json()["detail"]
    assert Forecast.objects.get().amount == Decimal("5621000.00")


@pytest.mark.parametrize("method", ["put", "patch"])
def test_forecast_is_changed_with_the_value_that_was_seen(officer, forecast, method):
    answer = getattr(officer, method)(
        f"/api/v1/forecasts/{forecast.pk}/",
        {"state": "suppressed", "amount": None, "note": "Few people", "seen": seen()},
        content_type=JSON,
    )

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["amount"], answer.json()["note"]) == (
        "suppressed",
        None,
        "Few people",
    )


def test_forecast_that_changed_meanwhile_is_a_conflict_with_both_values(officer, forecast):
    answer = officer.put(
        f"/api/v1/forecasts/{forecast.pk}/",
        {"amount": "5.00", "seen": seen("1000.00")},
        content_type=JSON,
    )

    body = answer.json()
    assert answer.status_code == 409
    assert body["code"] == "changed_meanwhile"
    assert "£1,250.50" in body["detail"]
    assert "£5.00" in body["detail"]
    forecast.refresh_from_db()
    assert forecast.amount == Decimal("1250.50")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": "£214,00"}, "amount"),
        ({"amount": None}, "amount"),
        ({"amount": "5", "state": "missing"}, "amount"),
        ({"state": "not_yet_available"}, "available_on"),
        ({"state": "gone"}, "state"),
        ({"amount": "5", "note": "x" * 2001}, "note"),
        ({"amount": "5", "note": "a\x00"}, "note"),
        ({"amount": "1e5"}, "amount"),
        ({"state": "not_yet_available", "available_on": "9999-12-31"}, "available_on"),
        ({"state": "not_yet_available", "available_on": "0001-01-01"}, "available_on"),
    ],
)
def test_forecast_malformed_names_the_field_and_changes_nothing(officer, forecast, body, field):
    answer = officer.put(f"/api/v1/forecasts/{forecast.pk}/", body | {"seen": seen()}, content_type=JSON)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    forecast.refresh_from_db()
    assert forecast.amount == Decimal("1250.50")


@pytest.fixture
def noted(forecast):
    Forecast.objects.update(note="Few people")
    return forecast


def standing(forecast):
    forecast.refresh_from_db()
    return forecast.amount, forecast.state, forecast.available_on, forecast.note


@pytest.mark.parametrize("method", ["put", "patch"])
def test_forecast_changed_without_naming_the_note_keeps_it(officer, noted, method):
    answer = getattr(officer, method)(
        f"/api/v1/forecasts/{noted.pk}/", {"amount": "5.00", "seen": seen(note="Few people")}, content_type=JSON
    )

    assert (answer.status_code, answer.json()["note"]) == (200, "Few people")
    assert standing(noted) == (Decimal("5.00"), "stated", None, "Few people")


def test_forecast_note_is_cleared_by_naming_it_empty(officer, noted):
    body = {"note": "", "seen": {"note": "Few people"}}

    assert officer.patch(f"/api/v1/forecasts/{noted.pk}/", body, content_type=JSON).status_code == 200
    assert standing(noted) == (Decimal("1250.50"), "stated", None, "")


def test_forecast_patch_of_the_note_alone_keeps_the_figure(officer, noted):
    address = f"/api/v1/forecasts/{noted.pk}/"
    body = {"note": "More people", "seen": {"note": "Few people"}}

    assert officer.patch(address, body, content_type=JSON).status_code == 200
    assert standing(noted) == (Decimal("1250.50"), "stated", None, "More people")
    assert officer.patch(address, body | {"note": "Other"}, content_type=JSON).status_code == 409
    assert standing(noted)[3] == "More people"


def test_forecast_patch_of_the_date_alone_keeps_its_state(officer, noted):
    Forecast.objects.update(amount=None, state="not_yet_available", available_on=date(2014, 9, 30))
    was = {"state": "not_yet_available", "available_on": "2014-09-30"}

    answer = officer.patch(
        f"/api/v1/forecasts/{noted.pk}/", {"available_on": "2014-10-31", "seen": was}, content_type=JSON
    )

    assert answer.status_code == 200
    assert standing(noted) == (None, "not_yet_available", date(2014, 10, 31), "Few people")


@pytest.mark.parametrize(
    ("body", "field"), [({"note": "New"}, "seen"), ({"amount": "5", "seen": {"note": "Few people"}}, "seen")]
)
def test_forecast_patch_without_what_was_seen_is_malformed_and_changes_nothing(officer, noted, body, field):
    before = standing(noted)

    answer = officer.patch(f"/api/v1/forecasts/{noted.pk}/", body, content_type=JSON)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert standing(noted) == before


def test_import_of_another_plan_under_a_lock_is_refused_with_who_can_lift(world, officer, imported, uploads):
    sheet = uploads.plan(*[(str(number), "New", Decimal(1), None, "") for number in range(1, 12)])
    staged = officer.post(f"/api/v1/funds/{world.fund.pk}/imports/", {"file": uploads.posted(sheet)}).json()
    periods.lock(
        fund=world.fund,
        period=world.period,
        reason="Return sent",
        who_can_lift="Signatories",
        by=world.person("finance"),
        at=LATER,
    )

    answer = officer.post(f"/api/v1/imports/{staged['id']}/confirm/", {"include_outturns": False}, content_type=JSON)

    assert (answer.status_code, answer.json()["code"]) == (409, "period_locked")
    for words in ("Return sent", "Finance of council", "Signatories"):
        assert words in answer.json()["detail"]
    assert Scheme.objects.count() == 7


def test_forecast_without_what_was_seen_is_malformed(officer, forecast):
    answer = officer.put(f"/api/v1/forecasts/{forecast.pk}/", {"amount": "5.00"}, content_type=JSON)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "seen"


def test_forecast_of_a_draft_is_not_there_for_the_partner_and_forbidden_after_release(world, api, forecast):
    client = api(world.person("finance", "ccg"))
    address = f"/api/v1/forecasts/{forecast.pk}/"
    assert client.get(address).status_code == 404
    assert client.put(address, {}, content_type=JSON).status_code == 404

    forecasts.release(fund=world.fund, period=world.period, by=world.person("finance"), at=LATER)

    assert client.get(address).status_code == 200
    assert client.put(address, {}, content_type=JSON).status_code == 403
    forecast.refresh_from_db()
    assert forecast.amount == Decimal("1250.50")


def test_forecast_for_somebody_elses_scheme_is_as_if_it_were_not_there(world, api, schemes):
    client = api(world.person("finance", "hackney"))

    answer = client.post(
        "/api/v1/forecasts/", {"scheme": str(schemes[0].pk), "quarter": 1, "amount": "5"}, content_type=JSON
    )

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "scheme"
    assert Forecast.objects.count() == 0


def test_import_goes_the_whole_way(world, officer, uploads):
    posted = officer.post(f"/api/v1/funds/{world.fund.pk}/imports/", {"file": uploads.posted(uploads.example())})
    body = posted.json()
    address = f"/api/v1/imports/{body['id']}/"
    assert posted.status_code == 201
    assert body["status"] == "refused"
    (problem,) = body["problems"]
    assert (problem["sheet"], problem["cell"], problem["value"]) == ("Scheme plan", "D14", "£214,00")
    assert problem["suggestion"] == "214,000.00"
    assert len(body["changes"]) == 7

    early = officer.post(f"{address}confirm/", {}, content_type=JSON)
    assert (early.status_code, early.json()["code"]) == (409, "import_has_problems")
    corrected = officer.patch(address, {"corrections": {"D14": "214,000.00"}}, content_type=JSON)
    assert corrected.json()["status"] == "staged"
    confirmed = officer.post(f"{address}confirm/", {"include_outturns": False}, content_type=JSON)
    assert confirmed.json()["status"] == "confirmed"
    assert (Scheme.objects.count(), Forecast.objects.count()) == (7, 0)
    assert officer.get(address).json() == confirmed.json()

    assert officer.post(f"{address}undo/").json()["status"] == "undone"
    assert Scheme.objects.count() == 0


def test_import_of_a_bad_file_is_malformed_and_keeps_nothing(world, officer, uploads):
    answer = officer.post(f"/api/v1/funds/{world.fund.pk}/imports/", {"file": uploads.posted(b"Hello")})

    assert answer.status_code == 400
    assert answer.json()["code"] == "not_workbook"
    assert StagedImport.objects.count() == 0


def test_import_of_another_years_sheet_names_the_cell(world, officer, uploads):
    sheet = uploads.plan(("1", "Transfers", Decimal(1), None, ""), year=2016)

    answer = officer.post(f"/api/v1/funds/{world.fund.pk}/imports/", {"file": uploads.posted(sheet)})

    (problem,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert (problem["cell"], problem["value"], problem["expected"]) == ("B3", "2016/17", "2014/15")


@pytest.mark.parametrize(("role", "partner", "status"), [("approver", "council", 403), ("finance", "hackney", 404)])
def test_import_by_others_is_refused_before_it_is_read(world, api, role, partner, status):
    client = api(world.person(role, partner))

    assert client.post(f"/api/v1/funds/{world.fund.pk}/imports/", {}).status_code == status


def test_import_is_not_there_for_others(world, api, stage):
    staged = stage()
    address = f"/api/v1/imports/{staged.pk}/"
    for partner in ("ccg", "hackney"):
        client = api(world.person("finance", partner))
        assert client.get(address).status_code == 404
        assert client.patch(address, {}, content_type=JSON).status_code == 404
        assert client.post(f"{address}confirm/", {}, content_type=JSON).status_code == 404
        assert client.get("/api/v1/imports/").json()["count"] == 0
    client = api(world.person("auditor"))
    assert client.get(address).status_code == 200
    assert client.post(f"{address}confirm/", {}, content_type=JSON).status_code == 403
    assert client.post(f"{address}undo/").status_code == 403
    staged.refresh_from_db()
    assert staged.status == StagedImport.REFUSED


def test_stranger_sees_nothing_of_the_fund(world, api, forecast):
    client = api(world.person("finance", "hackney"))

    for path in ("agreements", "funds", "schemes", "contributions", "forecasts"):
        assert client.get(f"/api/v1/{path}/").json()["count"] == 0
    assert client.get(f"/api/v1/funds/{world.fund.pk}/position/").status_code == 404
    assert client.get(f"/api/v1/schemes/{forecast.scheme_id}/").status_code == 404
