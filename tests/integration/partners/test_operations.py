"""What an operator sees of the installation, and nobody else; no partner's figures or words among it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integration_hub.core import jobs, sealing
from integration_hub.core.models import Job
from partners.domain.roles import Role
from partners.models import SingleSignOn
from partners.selectors import operations
from partners.tasks import CLOSE_IDLE
from tests.factories.partners import NOON
from tests.integration.partners.test_single_sign_on import set_up

PAGE = "/partners/operations/"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR}))
def test_operations_are_refused_to_every_other_role(signed_in, world, role):
    assert signed_in(world.person(role)).get(PAGE).status_code == 403


def test_operator_sees_numbers_work_keys_and_providers(signed_in, world, settings):
    world.person("finance")
    set_up(world.council, "https://provider.council.example")
    set_up(world.ccg, "https://provider.ccg.example", name="NHS account", is_active=False)
    now = timezone.now()
    for number in range(2):
        jobs.enqueue("partners.tidy", at=now, dedupe_key=str(number))
    failed = {"status": Job.Status.FAILED, "finished_at": now, "failure_code": "x", "failure_words": "COUNCIL-ONLY"}
    Job.objects.create(kind="reports.build", queued_at=now, **failed)
    Job.objects.create(kind="reports.old", queued_at=now, **failed | {"finished_at": now - timedelta(days=8)})
    Job.objects.create(kind=CLOSE_IDLE, queued_at=now, status=Job.Status.READY, finished_at=now, progress=100)
    settings.SECRET_KEY_FALLBACKS = ["an earlier key"]
    client = signed_in(world.person("operator"))

    response = client.get(PAGE)

    context, page = response.context, response.content.decode()
    assert (context["numbers"].organisations, context["numbers"].with_people) == (3, 1)
    assert (context["numbers"].people, context["numbers"].closed) == (2, 0)
    assert {row.kind: (row.waiting, row.failed) for row in context["work"]} == {
        "partners.tidy": (2, 0),
        "reports.build": (0, 1),
    }
    assert context["idle"].words == "Ready"
    assert [(row.provider.name, row.is_readable) for row in context["providers"]] == [
        ("NHS account", True),
        ("Council account", True),
    ]
    assert "1 earlier secret key still read" in page
    assert "Switched off" in page
    assert "COUNCIL-ONLY" not in page
    assert "Operations of this installation" in client.get("/account/").content.decode()


def test_secret_of_a_lost_key_is_shown_as_such(world, settings):
    provider = set_up(world.council, "https://provider.council.example")
    settings.SECRET_KEY = "another key"
    assert [row.is_readable for row in operations.providers()] == [False]

    SingleSignOn.objects.filter(pk=provider.pk).update(sealed_secret=sealing.seal("secret"))

    assert [row.is_readable for row in operations.providers()] == [True]


def test_installation_in_which_nothing_ran_says_so(db):
    assert operations.idle_run(at=NOON).words == "Not yet"
    assert operations.work(at=NOON) == []
    assert operations.earlier_keys() == 0
