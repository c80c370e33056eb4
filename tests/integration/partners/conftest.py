"""Fixtures for the tests of sign-in, accounts and the API."""

import uuid
from collections.abc import Callable

import pytest
from django.conf import settings as project
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from integration_hub.core import jobs
from integration_hub.core.models import Job
from partners.domain.roles import Role
from partners.models import User
from partners.services import mail
from tests.factories.partners import UserFactory, give_role
from tests.factories.worlds import World

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def counts_of_its_own(settings: Settings) -> None:
    """Each test counts wrong passwords under its own keys: the Redis is everybody's."""
    cache = project.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": cache}


@pytest.fixture
def redis_away(settings: Settings, counts_of_its_own: None) -> None:
    """Nothing listens where Redis should be."""
    cache = settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/redis.sock"}
    settings.CACHES = {"default": cache}


@pytest.fixture
def own_account(db: None) -> User:
    """A person with an account of their own: no demonstration, no role."""
    return UserFactory(email="officer@partner.example", name="Officer", is_demonstration=False)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which the person is signed in."""

    def client_of(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="partners.backends.EmailBackend")
        return client

    return client_of


@pytest.fixture
def deliver() -> Callable[[], None]:
    """What the worker does with the mail that was asked for."""

    def run() -> None:
        for job in Job.objects.filter(kind=mail.SEND).unfinished():
            jobs.run(job_id=job.pk)

    return run


@pytest.fixture
def api() -> APIClient:
    """A program without any credentials."""
    return APIClient()


@pytest.fixture
def second_administrator(world: World) -> User:
    """The council's other administrator, beside world.person("admin")."""
    person = UserFactory(email="second@council.example", name="Second administrator")
    give_role(person, world.council, Role.ADMIN)
    return person


@pytest.fixture
def run_jobs(mailoutbox: list[EmailMessage]) -> Callable[[], list[EmailMessage]]:
    """Do what waits in the register, as the worker would; the letters that went out."""

    def run() -> list[EmailMessage]:
        mailoutbox.clear()
        for job in Job.objects.filter(status=Job.Status.QUEUED).order_by("recorded_at"):
            assert jobs.run(job_id=job.pk)
        return list(mailoutbox)

    return run
