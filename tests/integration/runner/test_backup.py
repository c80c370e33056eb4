import hashlib
import io
import json
import tarfile

import psycopg2
import pytest
from psycopg2 import sql

from integration_hub.runner import backup
from integration_hub.runner.errors import RunnerError
from tests.integration.runner.running import Runner, assert_nothing_is_left_of

READY = "export REDIS_URL="
ODD_ROWS = """
CREATE TABLE witness (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), amount numeric(14, 2), words text, raw bytea,
    period daterange, at timestamptz, twice numeric GENERATED ALWAYS AS (amount * 2) STORED,
    EXCLUDE USING gist (period WITH &&));
INSERT INTO witness (amount, words, raw, period, at) VALUES
    (8957000.00, E'Southwark & Lambeth\\n\\t"tab"',
        decode('00ff5c0a', 'hex'), '[2014-04-01,2015-04-01)', '2014-07-28 14:00+01'),
    (-0.01, 'café £5', NULL, '[2015-04-01,2016-04-01)', NULL);
CREATE TABLE witness_of_nothing (n int);
"""


def contents(servers: Runner) -> dict[str, tuple[int, str]]:
    """For every table the number of its rows and a hash of all of them in order."""
    connection = psycopg2.connect(host=str(servers.installation.sockets), user="hub_owner", dbname="hub")
    found = {}
    with connection, connection.cursor() as cursor:
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table)))
            rows = [row for (row,) in cursor]
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    connection.close()
    return found


def files(directory) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def test_backup_restored_into_an_empty_installation_has_every_row_file_and_right(start, tmp_path):
    first = start("services", "--throw-away", data=tmp_path / "first")
    first.wait_for(READY)
    migrated = start("manage", "--owner", "prepare_database", data=tmp_path / "first")
    assert migrated.wait_for_end() == 0, migrated.output
    first.sql(ODD_ROWS)
    minutes = first.installation.files / "boards" / "2014" / "minutes, July é.pdf"
    minutes.parent.mkdir(parents=True)
    minutes.write_bytes(bytes(range(256)) * 5000)
    (first.installation.files / "empty").write_bytes(b"")
    archive = tmp_path / "hub.tar.gz"

    # While the first installation runs, as a nightly backup does.
    saved = start("backup", "--file", str(archive), data=tmp_path / "first")
    assert saved.wait_for_end() == 0, saved.output
    rows, kept_files = contents(first), files(first.installation.files)
    assert rows["witness"][0] == 2
    assert first.stop() == 0
    assert archive.stat().st_mode & 0o777 == 0o600

    restored = start("restore", "--file", str(archive), data=tmp_path / "second")
    assert restored.wait_for_end() == 0, restored.output
    assert_nothing_is_left_of(tmp_path / "second")
    second = start("services", "--throw-away", data=tmp_path / "second")
    second.wait_for(READY)
    assert contents(second) == rows
    assert files(second.installation.files) == kept_files
    assert second.sql("SELECT count(*) FROM django_migrations", role="hub_app")[0][0] > 20
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        second.sql("TRUNCATE witness", role="hub_app")
    assert second.sql("SELECT datname FROM pg_database WHERE datname LIKE 'hub%'") == [("hub",)]
    second.stop()

    again = start("restore", "--file", str(archive), data=tmp_path / "second")
    assert again.wait_for_end() == 1
    assert "0 account(s) and 2 file(s), which a restore would replace. Nothing was touched." in again.output


def archive_of(path, members: dict[str, bytes], **manifest: object) -> None:
    """A backup with the given members, whose manifest says what is true unless told otherwise."""
    true = {
        "format": backup.FORMAT,
        "migrations": [],
        "rows": {},
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in members.items()},
    }
    members = {backup.MANIFEST: json.dumps(true | manifest).encode()} | members
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


GOOD = {"database.dump": b"dump", "files/a.txt": b"a"}


def test_whole_archive_is_unpacked_and_its_manifest_returned(tmp_path):
    archive_of(tmp_path / "hub.tar.gz", GOOD)

    manifest = backup.unpack(tmp_path / "hub.tar.gz", tmp_path / "workshop")

    assert set(manifest["sha256"]) == set(GOOD)
    assert (tmp_path / "workshop" / "files" / "a.txt").read_bytes() == b"a"


@pytest.mark.parametrize(
    ("members", "manifest", "words"),
    [
        (
            GOOD,
            {"sha256": {"database.dump": "0" * 64}},
            "database.dump, files/a.txt are missing, changed or not listed",
        ),
        ({"database.dump": b"dump"}, {"sha256": {}}, "database.dump is missing, changed or not listed"),
        (GOOD, {"format": 99}, "has format 99; this version reads 1"),
        (GOOD, {"migrations": ["partners.9999_from_next_year"]}, r"newer version .*partners\.9999_from_next_year"),
        ({"../outside": b"x"}, {}, "is not a whole backup"),
    ],
)
def test_archive_that_cannot_be_trusted_is_refused_before_anything_is_touched(tmp_path, members, manifest, words):
    archive_of(tmp_path / "hub.tar.gz", members, **manifest)

    with pytest.raises(RunnerError, match=words):
        backup.unpack(tmp_path / "hub.tar.gz", tmp_path / "workshop")

    assert not (tmp_path / "outside").exists()


def test_archive_cut_short_is_refused(tmp_path):
    archive_of(tmp_path / "whole.tar.gz", GOOD | {"files/b.bin": bytes(range(256)) * 400})
    whole = (tmp_path / "whole.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(RunnerError, match="is not a whole backup"):
        backup.unpack(tmp_path / "cut.tar.gz", tmp_path / "workshop")
