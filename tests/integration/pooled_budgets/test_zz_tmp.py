from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
def test_x(world, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    url=reverse("pooled_budgets:fund",args=[world.fund.pk]); client.get(url)
    with CaptureQueriesContext(connection) as q: client.get(url)
    for x in q: print(x["sql"][:90].replace("\n"," "), "…", x["sql"][x["sql"].find("FROM"):][:120])
