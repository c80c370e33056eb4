"""Mail about a new password: the page asks, the worker sends, and it is kept while broker or mail server is away."""

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from integration_hub import celery_app
from integration_hub.celery import broker_url
from integration_hub.core import jobs
from integration_hub.core.models import Job
from partners.services import mail

LINK = re.compile(r"http://testserver(/account/password/reset/key/\S+)")
NOBODY = "nobody@partner.example"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail as a real server does; `refusal` is what it says to the address, `messages` is what it took."""

    daemon_threads = allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.refusal = ""
        self.messages: list[str] = []


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "RCPT" and self.server.refusal:
                self.say(self.server.refusal)
            elif verb == "DATA":
                self.say("354 go on")
                body = iter(self.rfile.readline, b".\r\n")
                self.server.messages.append(b"".join(body).decode())
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 good bye")
                return
            else:
                self.say("250 well")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def no_mail_server(settings: Settings) -> None:
    """Nothing listens where the mail server should be."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def ask(client, email):
    response = client.post(reverse("account_reset_password"), {"email": email})
    assert response["Location"] == reverse("account_reset_password_done")
    return Job.objects.filter(kind=mail.SEND).latest("recorded_at")


def again(job: Job) -> Job:
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def test_page_sends_nothing_and_the_register_holds_neither_link_nor_address(client, own_account):
    job = ask(client, own_account.email)

    assert django_mail.outbox == []
    assert (job.status, job.target_id) == ("queued", str(own_account.pk))
    assert job.arguments == {"site": "http://testserver/"}
    assert client.get(reverse("account_reset_password_done")).status_code == 200


def test_address_typed_in_another_way_gets_the_mail_at_the_accounts_own(client, own_account, deliver):
    ask(client, " OFFICER@partner.EXAMPLE ")

    deliver()

    message = django_mail.outbox[0]
    assert message.to == [own_account.email]
    assert client.get(LINK.search(message.body)[1]).status_code == 302


def test_address_of_nobody_is_forgotten_once_the_message_is_sent(client, db):
    job = ask(client, NOBODY)
    assert job.arguments == {"email": NOBODY}

    again(job)

    assert django_mail.outbox[0].to == [NOBODY]
    assert (job.status, job.arguments, job.dedupe_key, job.target_id) == ("ready", {}, "", "")


def test_message_asked_for_again_before_it_was_sent_is_sent_once(client, own_account, deliver):
    first, second = ask(client, own_account.email), ask(client, own_account.email)

    deliver()

    assert first.pk == second.pk
    assert len(django_mail.outbox) == 1
    assert ask(client, own_account.email).pk != first.pk


def test_account_that_was_closed_meanwhile_gets_nothing(client, own_account):
    job = ask(client, own_account.email)
    own_account.is_active = False
    own_account.save()

    assert again(job).status == "ready"

    assert django_mail.outbox == []


@pytest.mark.enable_socket
def test_message_waits_for_a_mail_server_that_is_away_and_goes_out_when_it_is_back(
    client, own_account, no_mail_server, request
):
    job = ask(client, own_account.email)

    for _ in range(jobs.MAX_ATTEMPTS + 1):
        assert (again(job).status, job.attempts) == ("queued", 0)
    server = request.getfixturevalue("mail_server")
    assert again(job).status == "ready"

    assert len(server.messages) == 1
    assert "To: officer@partner.example" in server.messages[0]
    assert "Subject: Integration Hub: a link for a new password" in server.messages[0]
    # The link is made when it is sent: the wait takes nothing from its three days.
    assert client.get(LINK.search(server.messages[0].replace("=\r\n", ""))[1]).status_code == 302


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("waited", "wait"),
    [
        (timedelta(seconds=2), timedelta(seconds=15)),
        (timedelta(minutes=4), timedelta(minutes=4)),
        (timedelta(hours=9), timedelta(minutes=15)),
    ],
)
def test_message_is_tried_again_after_as_long_as_it_has_waited(client, own_account, no_mail_server, waited, wait):
    job = ask(client, own_account.email)
    begun = job.next_send_at

    with time_machine.travel(job.queued_at + waited, tick=False):
        again(job)

    assert job.status == "queued"
    # The register goes by the database's clock, which nobody moved.
    assert timedelta() <= job.next_send_at - begun - wait + jobs.SEND_AGAIN_SOON < timedelta(seconds=5)


@pytest.mark.enable_socket
def test_message_that_waited_a_day_is_given_up_with_the_reason(client, db, no_mail_server, caplog):
    job = ask(client, NOBODY)

    with time_machine.travel(timezone.now() + mail.GIVE_UP_AFTER, tick=False):
        again(job)

    assert (job.status, job.failure_code, job.arguments) == ("failed", "mail_not_delivered", {})
    assert "Check EMAIL_URL" in job.failure_words
    assert NOBODY not in caplog.text


@pytest.mark.enable_socket
@pytest.mark.parametrize(("refusal", "status"), [("550 no such mailbox", "failed"), ("451 come again later", "queued")])
def test_message_that_the_server_will_never_take_is_given_up_at_once(client, db, mail_server, refusal, status):
    mail_server.refusal = refusal

    assert again(ask(client, NOBODY)).status == status

    assert mail_server.messages == []


@pytest.mark.enable_socket
@pytest.mark.django_db(transaction=True)
def test_page_with_broker_and_mail_server_away_answers_at_once_and_keeps_the_message(
    client, own_account, no_mail_server, request, monkeypatch
):
    monkeypatch.setattr(celery_app.conf, "broker_url", broker_url("unix:///nowhere/redis.sock"))
    monkeypatch.setattr(jobs, "_broker_tried_again_at", 0.0)
    began = time.monotonic()

    job = ask(client, own_account.email)

    assert time.monotonic() - began < 2
    assert job.status == "queued"
    assert again(job).status == "queued"
    server = request.getfixturevalue("mail_server")
    assert again(job).status == "ready"
    assert len(server.messages) == 1
