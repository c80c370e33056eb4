import os
import socket

import pytest

from integration_hub.runner import probe, services, stack
from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import Installation, already_running


@pytest.mark.parametrize("port", ["eight", "0", "65536", "-1", "80 00"])
def test_port_that_is_no_port_is_refused_by_its_name(port):
    with pytest.raises(RunnerError, match=f"PORT is '{port}'; write a number"):
        stack.port_of({"PORT": port})


def test_port_left_unset_or_empty_is_8000():
    assert stack.port_of({}) == stack.port_of({"PORT": ""}) == 8000


@pytest.mark.enable_socket
def test_port_in_use_is_named_with_the_way_to_choose_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(
            RunnerError, match=rf"Port {port} on 127\.0\.0\.1 cannot be used .* PORT={port + 1} make run"
        ):
            stack.check_port_is_free("127.0.0.1", port)


def test_interrupted_restore_stops_the_next_start_and_names_the_archive(tmp_path):
    installation = Installation(tmp_path)
    installation.restoring.write_text("/safe/hub.tar.gz\n")

    with pytest.raises(RunnerError, match=r"make restore FILE=/safe/hub\.tar\.gz FORCE=1"):
        stack.refuse_interrupted_restore(installation)


def test_second_runner_is_told_who_runs_and_how_to_stop_it(tmp_path):
    words = already_running({"pid": 41, "command": "make run", "address": "http://127.0.0.1:8000/"}, tmp_path)

    assert words.startswith(f"`make run` (process 41) already runs on {tmp_path} at http://127.0.0.1:8000/.")
    assert "`kill 41`" in words


def test_socket_path_is_stable_private_and_short_for_any_data_directory(tmp_path):
    deep = Installation(tmp_path / "/".join(["directory"] * 30))

    assert deep.sockets == Installation(deep.data).sockets
    assert deep.sockets != Installation(tmp_path).sockets
    assert len(os.fsencode(deep.sockets / ".s.PGSQL.5432.lock")) < 108


def test_socket_directory_open_to_others_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(Installation, "sockets", property(lambda self: tmp_path / "open"))
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)

    with pytest.raises(RunnerError, match="open to others"):
        Installation(tmp_path / "data").make_directories()


def test_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    installation = Installation(tmp_path / "data")

    key = installation.secret_key()

    assert installation.secret_key() == key
    assert len(key) >= 50
    assert (installation.data / "secret-key").stat().st_mode & 0o777 == 0o600


def test_nothing_set_means_embedded_servers_and_the_demonstration(tmp_path):
    described = services.describe(Installation(tmp_path), {})

    assert (described.embedded_database, described.embedded_redis) == (True, True)
    assert described.environment["HUB_EMBEDDED"] == described.environment["DEMO"] == "1"
    assert described.environment["DATABASE_URL"].startswith("postgres://hub_app@%2F")
    assert described.environment["DATABASE_OWNER_URL"].startswith("postgres://hub_owner@%2F")


def test_application_is_never_given_the_owners_address(tmp_path):
    described = services.describe(Installation(tmp_path), {"DATABASE_URL": "a", "DATABASE_OWNER_URL": "b"})

    assert "DATABASE_OWNER_URL" not in described.as_application
    assert described.as_owner["DATABASE_OWNER_URL"] == "b"


@pytest.mark.parametrize("given", [{"DATABASE_URL": "postgres://db/hub"}, {"HOST": "0.0.0.0"}])
def test_demonstration_is_off_by_itself_on_a_real_database_or_address(tmp_path, given):
    assert services.describe(Installation(tmp_path), given).environment["DEMO"] == "0"


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, "127.0.0.1"),
        ({"ALLOWED_HOSTS": "hub.example,other.example"}, "hub.example"),
        ({"ALLOWED_HOSTS": ".hub.example"}, "hub.example"),
        ({"ALLOWED_HOSTS": "*"}, "127.0.0.1"),
        ({"HOST": "10.0.0.5"}, "10.0.0.5"),
    ],
)
def test_probe_asks_for_a_name_that_the_application_answers_to(environment, name):
    assert probe.allowed_name(environment) == name
