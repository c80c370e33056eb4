import time
def test_build(db):
    from tests.factories import everything
    t=time.time()
    made=everything.build("QUARANTINE-7F3A")
    everything.former(made.world)
    print("built", time.time()-t, sorted(made.objects))
    print(made["import_refused"].status, made["import_staged"].status, made["import_staged"].problems, made["import_confirmed"].status, made["import_refused"].problems)
