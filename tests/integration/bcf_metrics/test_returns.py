def test_smoke(journey):
    journey.complete()
    v = journey.send()
    print(v.sha256, v.preparers)
    journey.sign("council"); journey.sign("ccg")
    assert journey.refresh().status == "signed"
