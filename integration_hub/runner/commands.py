"""The runner's commands, one function each."""

import argparse
import asyncio
import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

from integration_hub.runner import backup, checks, demonstration, lockfiles, services, stack, testing
from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import DataLock, Installation
from integration_hub.runner.processes import Stopped, Supervisor, foreground, say


def main(arguments: list[str]) -> int:
    """Run one command; foreseen trouble is one paragraph on stderr and exit status 1."""
    options = parser().parse_args(arguments)
    try:
        return asyncio.run(options.run(options))
    except RunnerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="runner", description="Runs an installation of the Integration Hub.")
    commands = top.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("run", help="the whole installation, in the foreground")
    command.set_defaults(run=run_stack)

    # No option of its own, so that "-q" in front is pytest's as well.
    command = commands.add_parser("test", help="the test suite on throw-away servers", prefix_chars="+", add_help=False)
    command.add_argument("arguments", nargs=argparse.REMAINDER, help="for pytest")
    command.set_defaults(run=run_tests)

    command = commands.add_parser("demo-reset", help="the demonstration as it was at first")
    command.add_argument("--at", default="", help="`start`: the quarterly return still empty")
    command.add_argument("--force", action="store_true", help="even when real people have accounts")
    command.set_defaults(run=run_demo_reset)

    command = commands.add_parser("backup", help="database and files into one archive")
    command.add_argument("--file", type=Path, help="the archive (default: a dated one in the data directory)")
    command.set_defaults(run=run_backup)

    command = commands.add_parser("restore", help="an archive of `backup` into an empty installation")
    command.add_argument("--file", type=Path, required=True)
    command.add_argument("--force", action="store_true", help="replace what is there")
    command.set_defaults(run=run_restore)

    command = commands.add_parser("services", help="only the embedded database and broker, in the foreground")
    command.add_argument("--data", type=Path, help="data directory (default: HUB_DATA_DIR or var)")
    command.add_argument("--throw-away", action="store_true", help="faster, may lose data with the machine")
    command.set_defaults(run=run_services)

    command = commands.add_parser("manage", help="one of Django's management commands, with a database")
    command.add_argument("--owner", action="store_true", help="as the owner of the tables")
    command.add_argument("arguments", nargs=argparse.REMAINDER)
    command.set_defaults(run=run_manage)

    command = commands.add_parser("check", help="format, lint, types, import contracts, migrations, lock files")
    command.set_defaults(run=run_check)

    command = commands.add_parser("fix", help="let ruff mend what it can")
    command.set_defaults(run=run_fix)

    command = commands.add_parser("lock", help="write the lock files again from pyproject.toml")
    command.set_defaults(run=run_lock)
    return top


def installation_of(options: argparse.Namespace) -> Installation:
    data = getattr(options, "data", None)
    return Installation(data.resolve()) if data else Installation.from_environment(os.environ)


async def run_stack(options: argparse.Namespace) -> int:
    return await stack.run(installation_of(options), os.environ)


async def run_tests(options: argparse.Namespace) -> int:
    return await testing.run(options.arguments, os.environ)


async def run_demo_reset(options: argparse.Namespace) -> int:
    await demonstration.reset(installation_of(options), os.environ, at=options.at, force=options.force)
    return 0


async def run_backup(options: argparse.Namespace) -> int:
    installation = installation_of(options)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    archive = options.file or installation.data / "backups" / f"integration-hub-{stamp}.tar.gz"
    async with services.running(installation, os.environ, command="make backup") as (_, described):
        manifest = await asyncio.to_thread(backup.write_backup, described, archive)
    say(f"{archive}: {sum(manifest['rows'].values()):,} rows, {len(manifest['sha256']) - 1:,} files")
    return 0


async def run_restore(options: argparse.Namespace) -> int:
    await backup.restore(installation_of(options), os.environ, options.file, force=options.force)
    return 0


async def run_services(options: argparse.Namespace) -> int:
    """Start the embedded servers and print the lines that point a shell at them."""
    installation = installation_of(options)
    supervisor = Supervisor()
    supervisor.listen_for_signals()
    with DataLock(installation) as lock:
        lock.take(command="services")
        plain = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_") and k != "REDIS_URL"}
        described = services.describe(installation, plain)
        try:
            await services.start(supervisor, described, lock, throw_away=options.throw_away)
            for name in ("HUB_DATA_DIR", "HUB_EMBEDDED", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
                sys.stdout.write(f"export {name}={shlex.quote(described.environment[name])}\n")
            sys.stdout.flush()
            await supervisor.until_stopped()
        finally:
            await supervisor.stop_all()
    return 0


async def run_manage(options: argparse.Namespace) -> int:
    """Run manage.py with the installation's services, starting them for as long as it takes."""
    async with services.running(installation_of(options), os.environ, command="manage") as (
        supervisor,
        described,
    ):
        environment = described.as_owner if options.owner else described.as_application
        return await foreground(supervisor, [sys.executable, "manage.py", *options.arguments], environment)


async def run_check(options: argparse.Namespace) -> int:
    return await asyncio.to_thread(checks.check_all)


async def run_fix(options: argparse.Namespace) -> int:
    return await asyncio.to_thread(checks.fix_all)


async def run_lock(options: argparse.Namespace) -> int:
    await asyncio.to_thread(lockfiles.write_locks)
    return 0
