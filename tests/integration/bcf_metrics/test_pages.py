from django.urls import reverse


def test_smoke(journey, sign_in):
    pk = journey.quarterly_return.pk
    c = sign_in(journey.metrics_officer)
    for name in ["return_detail", "figures"]:
        r = c.get(reverse(f"bcf_metrics:{name}", args=[pk]))
        assert r.status_code == 200, name
    assert c.get(reverse("bcf_metrics:returns")).status_code == 200
    for tab in [
        "cover",
        "budget_arrangements",
        "national_conditions",
        "income_and_expenditure",
        "metrics",
        "narrative",
        "reasons",
    ]:
        r = c.get(reverse("bcf_metrics:section", args=[pk, tab]))
        assert r.status_code == 200, tab
    journey.complete()
    journey.send()
    for name in ["return_detail", "figures"]:
        r = c.get(reverse(f"bcf_metrics:{name}", args=[pk]))
        assert r.status_code == 200, name
    for tab in [
        "cover",
        "budget_arrangements",
        "national_conditions",
        "income_and_expenditure",
        "metrics",
        "narrative",
        "reasons",
    ]:
        r = c.get(reverse("bcf_metrics:section", args=[pk, tab]))
        assert r.status_code == 200, tab
    assert c.get(reverse("bcf_metrics:version", args=[pk, 1])).status_code == 200
    a = sign_in(journey.world.person("approver"))
    assert a.get(reverse("bcf_metrics:sign", args=[pk])).status_code == 200
    assert a.get(reverse("bcf_metrics:send_back", args=[pk])).status_code == 200
    r = a.get(reverse("bcf_metrics:export", args=[pk]))
    assert r.status_code == 200
    open("/tmp/g_export.xlsx", "wb").write(r.content)
    print(r["Content-Disposition"])
