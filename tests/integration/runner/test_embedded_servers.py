import os
import signal

import psycopg2
import pytest

from tests.integration.runner.running import assert_nothing_is_left_of, pid_of

READY = "export REDIS_URL="


def test_servers_listen_on_private_sockets_and_stop_without_a_trace(start, tmp_path):
    servers = start("services")
    servers.wait_for(READY)
    sockets = servers.installation.sockets

    assert sockets.stat().st_mode & 0o777 == 0o700
    assert (sockets / ".s.PGSQL.5432").is_socket()
    assert (sockets / "redis.sock").is_socket()

    assert servers.stop(signal.SIGTERM) == 0
    assert_nothing_is_left_of(tmp_path / "data")
    assert list(sockets.iterdir()) == []


def test_applications_role_owns_nothing_and_the_owner_may_act_as_it(start):
    servers = start("services", "--throw-away")
    servers.wait_for(READY)

    roles = servers.sql("SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname LIKE 'hub%' ORDER BY 1")
    assert roles == [("hub_app", False, False), ("hub_owner", False, True)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="schema public"):
        servers.sql("CREATE TABLE mine (n int)", role="hub_app")
    servers.sql("CREATE TABLE owned (n int)")
    servers.sql("GRANT SELECT, INSERT ON owned TO hub_app")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        servers.sql("TRUNCATE owned", role="hub_app")
    assert servers.sql("SET ROLE hub_app; SELECT current_user") == [("hub_app",)]


def test_every_new_database_has_the_extensions_and_sorts_by_code_point(start):
    servers = start("services", "--throw-away")
    servers.wait_for(READY)

    extensions = servers.sql("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")
    assert extensions == [("btree_gist",), ("citext",), ("pg_trgm",), ("unaccent",)]
    locale = servers.sql("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'hub'")
    assert locale == [("b", "C.UTF-8")]


def test_runner_killed_with_nine_leaves_no_process_and_loses_nothing_committed(start, tmp_path):
    first = start("services")
    first.wait_for(READY)
    first.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (20), (14)")

    first.process.kill()
    first.wait_for_end()
    assert_nothing_is_left_of(tmp_path / "data")

    second = start("services")
    second.wait_for(READY)
    assert second.sql("SELECT sum(n) FROM kept") == [(34,)]


def test_process_number_left_by_a_killed_server_does_not_stop_the_next_start(start, tmp_path):
    first = start("services")
    first.wait_for(READY)
    number_file = first.installation.postgres / "postmaster.pid"
    left_behind = number_file.read_text()
    first.stop()
    # The number now belongs to somebody else who lives: this test.
    number_file.write_text("\n".join([str(os.getpid()), *left_behind.splitlines()[1:]]) + "\n")

    second = start("services")

    second.wait_for(READY)


def test_postgres_killed_with_nine_stops_everything_and_says_what_to_do(start, tmp_path):
    servers = start("services")
    servers.wait_for(READY)
    servers.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")

    os.kill(pid_of(tmp_path / "data", "/bin/postgres -D"), signal.SIGKILL)

    assert servers.wait_for_end() == 1
    assert "postgres ended unexpectedly (signal SIGKILL). Everything committed is kept; start again" in servers.output
    assert_nothing_is_left_of(tmp_path / "data")
    again = start("services")
    again.wait_for(READY)
    assert again.sql("SELECT n FROM kept") == [(7,)]


def test_second_start_on_the_same_data_is_refused_and_the_first_goes_on(start, tmp_path):
    first = start("services", "--throw-away")
    first.wait_for(READY)

    second = start("services", "--throw-away")

    assert second.wait_for_end() == 1
    assert f"`services` (process {first.process.pid}) already runs on {tmp_path / 'data'}" in second.output
    assert first.sql("SELECT 1") == [(1,)]


def test_unfinished_first_start_is_begun_again(start, tmp_path):
    unfinished = tmp_path / "data" / "postgres-unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    servers = start("services", "--throw-away")

    servers.wait_for(READY)
    assert not unfinished.exists()
