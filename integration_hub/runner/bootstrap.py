"""From a bare machine to the runner: virtual environment, locked packages, front-end assets.

Standard library only, and readable by any Python from 3.7 on, so that an old one gets words instead of a
traceback. Run as a script: `python3 integration_hub/runner/bootstrap.py <command> …`.
"""

# Annotations stay unread here: an old Python must get as far as the message about its age.
from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

OLDEST, TOO_NEW = (3, 11), (3, 14)
ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOCK = ROOT / "requirements-dev.lock"
BOOTSTRAP_LOCK = ROOT / "requirements-bootstrap.lock"
ASSETS = ROOT / "var" / "assets"
NEEDS_ASSETS = frozenset({"run", "test", "bench"})
# What pip is told about where packages come from, and uv's name for it: uv does not read pip's configuration.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


class BootstrapError(Exception):
    """A foreseen refusal, printed without a traceback."""


def main(arguments: list[str]) -> None:
    """Bring the environment up to date and become the runner."""
    try:
        use_a_fitting_python()
        os.chdir(ROOT)
        with one_at_a_time():
            install_packages()
            if NEEDS_ASSETS.intersection(arguments[:1]):
                build_assets()
    except BootstrapError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    os.execv(PYTHON, [str(PYTHON), "-m", "integration_hub.runner", *arguments])  # noqa: S606  no shell is wanted


def say(words: str) -> None:
    sys.stdout.write(f"{'hub':8} | {words}\n")
    sys.stdout.flush()


def use_a_fitting_python() -> None:
    """Go on as a newer Python where this one does not fit and a fitting one is on the PATH."""
    if OLDEST <= sys.version_info[:2] < TOO_NEW:
        return
    for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            os.execv(other, [other, *sys.argv])  # noqa: S606  to become another Python is the point
    raise BootstrapError(
        f"This is Python {sys.version_info[0]}.{sys.version_info[1]}; the Integration Hub needs 3.11, 3.12 or 3.13. "
        "Install one of them, or name one: make run PYTHON=/path/to/python3.12"
    )


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts at once must not install into the same environment."""
    (ROOT / "var").mkdir(exist_ok=True)
    with open(ROOT / "var" / "bootstrap.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install_packages() -> None:
    """Make .venv hold exactly the locked packages. Quick when they have not changed."""
    stamp = VENV / ".installed"
    wanted = digest([LOCK], sys.version)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    began = time.monotonic()
    say("installing the locked packages into .venv")
    if stamp.exists():
        stamp.unlink()
    if not is_usable(PYTHON):
        make_environment()
    if not is_usable(UV):
        install_uv()
    environment = dict(os.environ, **index_settings())
    sync = [str(UV), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCK)]
    if not is_usable(UV) or subprocess.run(sync, env=environment).returncode:
        say("uv could not install them; trying pip, which takes longer")
        install_with_pip(LOCK)
    stamp.write_text(wanted)
    say(f"packages installed in {time.monotonic() - began:.0f} s")


def make_environment() -> None:
    try:
        import ensurepip  # noqa: F401  Debian ships venv without it, and venv fails late and unclearly then
        import venv
    except ImportError as error:
        raise BootstrapError(
            "This Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"
        ) from error
    venv.EnvBuilder(with_pip=True, clear=True).create(str(VENV))


def install_uv() -> None:
    """Put the pinned uv into .venv; without it pip does the whole work."""
    run_pip(["install", "--only-binary", ":all:", "--require-hashes", "-r", str(BOOTSTRAP_LOCK)])


def install_with_pip(lock: Path) -> None:
    status = run_pip(["install", "--require-hashes", "-r", str(lock)])
    if status:
        raise BootstrapError(
            "The packages could not be installed; the lines above say why. The first start needs the network "
            "(or a package index that pip is configured for); later starts do not."
        )


def run_pip(arguments: list[str]) -> int:
    if subprocess.run([str(PYTHON), "-m", "pip", "--version"], stdout=subprocess.DEVNULL).returncode:
        subprocess.run([str(PYTHON), "-m", "ensurepip"], stdout=subprocess.DEVNULL)
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    return subprocess.run(command).returncode


def index_settings() -> dict[str, str]:
    """Where this machine's pip finds packages, in uv's words. What uv is told itself comes first."""
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # as pip does; every file is held to its hash
    for line in pip_configuration().splitlines():
        key, _, value = line.partition("=")
        name = UV_NAMES.get(key.rpartition(".")[2])
        if name:
            settings[name] = " ".join(value.strip("'\"").split())
    return {name: value for name, value in settings.items() if name not in os.environ}


def pip_configuration() -> str:
    """Lines of key='value'; of the pip in .venv, or of the Python that runs this once uv has cleared that pip away."""
    for python in (str(PYTHON), sys.executable):
        asked = subprocess.run(
            [python, "-m", "pip", "config", "list"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if asked.returncode == 0:
            return asked.stdout
    return ""


def build_assets() -> None:
    """Make style sheets, scripts and fonts with npm. Quick when nothing they come from has changed."""
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    sources = sorted(path for path in (ROOT / "integration_hub" / "styles").rglob("*") if path.is_file())
    installed = digest(packages, "")
    built = digest(packages + sources, "")
    stamps = ROOT / "node_modules"
    if holds(stamps / ".hub-built", built) and ASSETS.is_dir():
        return
    environment = npm_environment()
    if not holds(stamps / ".hub-installed", installed):
        say("installing the front-end packages")
        run_npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], environment)
        (stamps / ".hub-installed").write_text(installed)
    say("building the front-end assets")
    run_npm(["run", "--silent", "build"], environment)
    (stamps / ".hub-built").write_text(built)


def npm_environment() -> dict[str, str]:
    """The environment in which `npm` and `node` are found: the machine's own, otherwise those of the wheel in .venv."""
    path = os.environ.get("PATH", os.defpath)
    if not (shutil.which("npm") and shutil.which("node")):
        path = os.pathsep.join([str(VENV / "bin"), path])
    if not (shutil.which("npm", path=path) and shutil.which("node", path=path)):
        raise BootstrapError(
            "The style sheets need Node.js with npm, and neither this machine nor .venv has it. "
            "Install it (Debian and Ubuntu: apt-get install nodejs npm) and start again."
        )
    return dict(os.environ, PATH=path)


def run_npm(arguments: list[str], environment: dict[str, str]) -> None:
    npm = shutil.which("npm", path=environment["PATH"])
    if subprocess.run([str(npm), *arguments], cwd=str(ROOT), env=environment, stdin=subprocess.DEVNULL).returncode:
        raise BootstrapError(
            f"`npm {arguments[0]}` failed; the lines above say why. The first start needs the network "
            "(or an npm registry that npm is configured for); later starts do not."
        )


def is_usable(program: Path) -> bool:
    """True when the program starts: a virtual environment that was moved, or whose Python is gone, does not."""
    try:
        return subprocess.run([str(program), "--version"], stdout=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def holds(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def digest(files: list[Path], more: str) -> str:
    """One hash over names, contents and whatever else matters."""
    total = hashlib.sha256(more.encode())
    for path in files:
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
