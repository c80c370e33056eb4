"""The gallery and the pages for refusals and failures: every name known, nothing inline that the policy forbids."""

import copy
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path
from pytest_django import Settings
from pytest_django.asserts import assertInHTML

from integration_hub.core import context, gallery


class Person:
    """Somebody signed in, without a database."""

    is_authenticated = True
    pk = "11111111-1111-1111-1111-111111111111"
    acts_for_words = "Southwark Council"

    def __str__(self) -> str:
        return "Finance Lead"


@pytest.fixture(autouse=True)
def _unknown_names_show(settings: Settings) -> None:
    """A name that no context gives is printed, so that a test sees it."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = "UNKNOWN(%s)"
    settings.TEMPLATES = templates
    # The frame alone, whatever the apps serve.
    settings.ROOT_URLCONF = (path("account/logout/", lambda request: None, name="account_logout"),)


def request(at: str = "/funds/", user: Any = None) -> HttpRequest:
    made = RequestFactory().get(at)
    made.user = user or Person()
    return made


def page(template: str, values: dict[str, Any] | None = None, **kwargs: Any) -> str:
    return render_to_string(template, {"messages": [], **(values or {})}, request=request(**kwargs))


PAGES = [
    ("components/gallery.html", gallery.samples()),
    ("400.html", {"message": "It could not be read."}),
    ("403.html", {"message": "Your roles do not allow this."}),
    ("403_csrf.html", {"message": "The page was open for too long."}),
    ("404.html", {"message": "There is nothing here."}),
    ("409.html", {"refusal": {"message": "June is closed.", "who_can_lift": "The host"}, "back_url": "/funds/"}),
    ("429.html", {}),
    ("500.html", {"request_id": "abc12345"}),
]


@pytest.mark.parametrize(("template", "values"), PAGES, ids=[name for name, _ in PAGES])
def test_page_knows_every_name_and_has_nothing_inline(template: str, values: dict[str, Any]):
    printed = page(template, values)
    assert "UNKNOWN(" not in printed
    assert not re.search(r"<[^>]+\sstyle=", printed)
    assert not re.search(r"<[^>]+\son[a-z]+=", printed)
    assert not re.search(r"<script(?![^>]*\ssrc=)", printed)
    assert "<style" not in printed
    assert printed.count("<h1") == 1


@pytest.mark.parametrize(("template", "values"), PAGES, ids=[name for name, _ in PAGES])
def test_page_ids_are_unique(template: str, values: dict[str, Any]):
    ids = re.findall(r'\sid="([^"]*)"', page(template, values))
    assert ids
    assert sorted(ids) == sorted(set(ids))


def test_gallery_every_describer_and_label_points_to_an_id():
    printed = page("components/gallery.html", gallery.samples())
    ids = set(re.findall(r'\sid="([^"]*)"', printed))
    pointed = re.findall(r'\s(?:for|aria-labelledby|aria-controls)="([^"]*)"', printed)
    described = " ".join(re.findall(r'\saria-describedby="([^"]*)"', printed)).split()
    assert {*pointed, *described} <= ids


def test_page_for_a_failure_asks_nothing_of_the_person_or_the_database():
    class Broken(Person):
        @property
        def is_authenticated(self) -> bool:
            raise ConnectionError("the database is away")

    printed = page("500.html", {"request_id": "abc12345"}, user=Broken())
    assert "abc12345" in printed


def test_base_shows_the_person_the_partner_and_a_way_out():
    printed = page("404.html", {"message": "x"})
    assert "Finance Lead" in printed
    assert "for Southwark Council" in printed
    assert 'data-person="11111111-1111-1111-1111-111111111111"' in printed
    assertInHTML('<button type="submit" class="hub-link-button">Sign out</button>', printed)


def test_base_without_sign_in_has_no_navigation_and_no_person():
    printed = page("404.html", {"message": "x"}, user=AnonymousUser())
    assert "govuk-service-navigation" not in printed
    assert "Sign out" not in printed
    assert "data-person" not in printed


@pytest.mark.parametrize(("demonstration", "shown"), [(True, 1), (False, 0)])
def test_base_demonstration_banner_only_in_the_demonstration(settings: Settings, demonstration: bool, shown: int):
    settings.DEMO = demonstration
    assert page("404.html", {"message": "x"}).count("what is marked illustrative is made up") == shown


@pytest.mark.parametrize(
    ("level", "role", "title"),
    [
        (constants.SUCCESS, "status", "Done"),
        (constants.INFO, "status", "Important"),
        (constants.WARNING, "alert", "Important"),
        (constants.ERROR, "alert", "There is a problem"),
    ],
)
def test_base_message_is_announced_by_its_weight(level: int, role: str, title: str):
    printed = page("404.html", {"message": "x", "messages": [Message(level, "<Saved>")]})
    assert f'role="{role}" aria-labelledby="notification-1"' in printed
    assertInHTML(f'<h2 class="govuk-notification-banner__title" id="notification-1">{title}</h2>', printed)
    assert "&lt;Saved&gt;" in printed


def test_form_layout_with_errors_marks_title_and_summarises():
    form = gallery.SampleForm({})
    printed = page("layouts/form.html", {"form": form})
    assert "<title>Error: Integration Hub" in printed
    assert printed.index("govuk-error-summary") < printed.index("<h1")
    assert 'enctype="multipart/form-data"' in printed
    assert "novalidate" in printed


def test_navigation_marks_the_area_of_the_page_and_leaves_out_what_no_app_serves(monkeypatch: pytest.MonkeyPatch):
    addresses = {"home": "/", "pooled_budgets:funds": "/funds/", "partners:directory": "/partners/"}

    def reverse(name: str) -> str:
        if name not in addresses:
            raise context.NoReverseMatch(name)
        return addresses[name]

    monkeypatch.setattr(context, "reverse", reverse)
    found = context.items(context.AREAS, "/funds/9/monitoring/")
    assert [(item.label, item.href, item.current) for item in found] == [
        ("My tasks", "/", False),
        ("Partners", "/partners/", False),
        ("Funds", "/funds/", True),
    ]
    assert [item.current for item in context.items(context.AREAS, "/")] == [True, False, False]
