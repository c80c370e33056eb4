"""Reports over a succession: issued files stay byte for byte, and their readers keep them."""

import pytest
from django.urls import reverse

from partners.domain.roles import Role
from partners.models import User
from reports.models import Report, ReportBrief, ReportDocument
from tests.factories import everything
from tests.integration.bcf_metrics.test_succession import follow, officer


@pytest.fixture
def made():
    return everything.build()


def fetch(client, person: User, report: Report, file_format: str) -> bytes:
    client.force_login(User.objects.get(pk=person.pk), backend="partners.backends.EmailBackend")
    response = client.get(reverse("reports:document", args=[report.pk, file_format]))
    assert response.status_code == 200, (person, file_format, response.status_code)
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_issued_report_is_byte_for_byte_the_same_after_a_succession(client, made):
    report = made["issued_report"]
    council, ccg = made.world.person("governance"), made.world.person("finance", "ccg")
    formats = sorted(ReportDocument.objects.filter(report=report).values_list("format", flat=True))
    before = {name: fetch(client, council, report, name) for name in formats}
    snapshot = Report.objects.get(pk=report.pk)

    icb = follow(made.world, made.world.council)

    assert formats == ["docx", "html", "pdf"]
    readers = [council, ccg, officer(icb, Role.GOVERNANCE)]
    for person in readers:
        assert {name: fetch(client, person, report, name) for name in formats} == before, person
    kept = Report.objects.get(pk=report.pk)
    assert (kept.owner, kept.sha256, kept.snapshot) == (made.world.council, snapshot.sha256, snapshot.snapshot)


def test_words_of_a_report_that_is_not_issued_go_to_the_successor(made):
    waiting = ReportBrief.objects.filter(owner=made.world.council).count()

    icb = follow(made.world, made.world.council)

    owners = list(ReportBrief.objects.values_list("owner__key", flat=True))
    issued = Report.objects.filter(released_at__isnull=False).values_list("board", "fund", "period")
    stayed = [
        brief
        for brief in ReportBrief.objects.filter(owner=made.world.council)
        if (brief.board_id, brief.fund_id, brief.period_id) in set(issued)
    ]
    assert owners.count(icb.key) == waiting - len(stayed)
    assert owners.count(icb.key) + len(stayed) == waiting
