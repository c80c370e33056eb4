"""The typed readers of the environment: what they take, and that what they refuse names the variable and the fix."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from integration_hub import env


def test_text_without_default_names_the_variable(monkeypatch):
    monkeypatch.delenv("HUB_TEST", raising=False)

    with pytest.raises(ImproperlyConfigured, match="HUB_TEST"):
        env.text("HUB_TEST")


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", False)])
def test_flag_reads_the_usual_words(monkeypatch, value, expected):
    monkeypatch.setenv("HUB_TEST", value)

    assert env.flag("HUB_TEST", default=not expected) is expected


def test_flag_refuses_anything_else(monkeypatch):
    monkeypatch.setenv("HUB_TEST", "perhaps")

    with pytest.raises(ImproperlyConfigured, match="HUB_TEST is 'perhaps'"):
        env.flag("HUB_TEST", default=False)


def test_number_refuses_words(monkeypatch):
    monkeypatch.setenv("HUB_TEST", "many")

    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.number("HUB_TEST", 3)


def test_secret_comes_from_a_file_and_a_bad_path_stops_the_start(monkeypatch, tmp_path):
    path = tmp_path / "secret"
    path.write_text("quiet\n", encoding="utf-8")
    monkeypatch.setenv("HUB_TEST_FILE", str(path))
    assert env.secret("HUB_TEST") == "quiet"

    monkeypatch.setenv("HUB_TEST_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.secret("HUB_TEST")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///run/hub/redis.sock", "unix:///run/hub/redis.sock?db=1"),
        ("redis://cache.example:6379/0", "redis://cache.example:6379/1"),
        ("rediss://user:word@cache.example:6380", "rediss://user:word@cache.example:6380/1"),
    ],
)
def test_redis_database_changes_the_number_alone(url, expected):
    assert env.redis_database(url, 1) == expected
