import shutil

import pytest

from integration_hub.runner import lockfiles
from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import ROOT


@pytest.fixture
def project(tmp_path):
    for name in ("pyproject.toml", "requirements.lock", "requirements-dev.lock", "requirements-bootstrap.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_lock_files_of_this_repository_belong_to_its_pyproject():
    assert lockfiles.out_of_step(ROOT) == []


def test_dependency_added_without_a_new_lock_is_noticed_in_both_lock_files(project):
    path = project / "pyproject.toml"
    path.write_text(path.read_text().replace('"django>=5.2,<5.3",', '"django>=5.2,<5.3", "flask",', 1))

    assert [words.split()[0] for words in lockfiles.out_of_step(project)] == [
        "requirements.lock",
        "requirements-dev.lock",
    ]


def test_other_uv_in_the_bootstrap_lock_is_noticed(project):
    path = project / "requirements-bootstrap.lock"
    path.write_text(path.read_text().replace("uv==", "uv==9", 1))

    assert [words.split()[0] for words in lockfiles.out_of_step(project)] == ["requirements-bootstrap.lock"]


def test_comment_in_pyproject_asks_for_no_new_lock(project):
    path = project / "pyproject.toml"
    path.write_text(path.read_text() + "\n# a remark\n")

    assert lockfiles.out_of_step(project) == []


def test_bootstrap_lock_is_the_pin_of_uv_with_its_hashes_alone():
    pin = "uv==1.2 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    lock = f"urllib3==2.0 \\\n    --hash=sha256:aa\n{pin}    # via x\n"

    assert lockfiles.bootstrap_lock(lock) == pin


def test_lock_without_uv_is_refused():
    with pytest.raises(RunnerError, match="does not pin uv"):
        lockfiles.bootstrap_lock("django==5.2 \\\n    --hash=sha256:aa\n")
