import os
import subprocess
import sys

import pytest

from integration_hub.runner import bootstrap


def test_python_too_old_with_no_newer_one_says_which_versions_fit(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(
        bootstrap.BootstrapError, match=r"Python 3\.10; the Integration Hub needs 3\.11, 3\.12 or 3\.13"
    ):
        bootstrap.use_a_fitting_python()


def test_python_too_old_with_a_fitting_one_on_the_path_goes_on_as_that_one(monkeypatch, tmp_path):
    other = tmp_path / "python3.12"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    became = []
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "execv", lambda path, argv: became.append((path, argv)) or sys.exit(0))

    with pytest.raises(SystemExit):
        bootstrap.use_a_fitting_python()

    assert became == [(str(other), [str(other), *sys.argv])]


def test_bootstrap_is_readable_by_a_python_of_its_oldest_grammar():
    import ast

    source = bootstrap.__file__
    with open(source, encoding="utf-8") as file:
        ast.parse(file.read(), feature_version=(3, 7))


def test_index_settings_of_pip_become_those_of_uv_unless_uv_has_its_own(monkeypatch):
    lines = (
        "global.index-url='https://packages.example/simple'\n"
        ":env:.find-links='/one /two'\n"
        "global.extra-index-url='https://a.example https://b.example'\n"
        "global.cert='/certificates.pem'\n"
        "global.timeout='60'\n"
    )
    monkeypatch.setattr(bootstrap, "pip_configuration", lambda: lines)
    for name in [*bootstrap.UV_NAMES.values(), "UV_INDEX_STRATEGY"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "/mine.pem")

    assert bootstrap.index_settings() == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "https://packages.example/simple",
        "UV_FIND_LINKS": "/one /two",
        "UV_INDEX": "https://a.example https://b.example",
    }


def test_machine_without_node_uses_the_wheels_in_the_environment(monkeypatch, tmp_path):
    binaries = tmp_path / "venv" / "bin"
    binaries.mkdir(parents=True)
    for name in ("npm", "node"):
        (binaries / name).write_text("#!/bin/sh\n")
        (binaries / name).chmod(0o755)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "venv")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    assert bootstrap.npm_environment()["PATH"].split(os.pathsep)[0] == str(binaries)


def test_machine_without_any_node_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(bootstrap.BootstrapError, match="apt-get install nodejs npm"):
        bootstrap.npm_environment()


def test_digest_changes_with_the_content_and_with_the_python_version(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    lock = tmp_path / "lock"
    lock.write_text("one")
    before = bootstrap.digest([lock], "3.11")

    assert bootstrap.digest([lock], "3.12") != before
    lock.write_text("two")
    assert bootstrap.digest([lock], "3.11") != before


def test_script_with_nothing_to_install_hands_its_arguments_to_the_runner():
    done = subprocess.run(
        [sys.executable, bootstrap.__file__, "no-such-command"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "no-such-command" in done.stderr
