# Every target goes through the bootstrap, which brings .venv up to date first and is quick when nothing changed.
PYTHON ?= python3
RUN := $(PYTHON) integration_hub/runner/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench demo-reset backup restore manage lock

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: ## start everything in the foreground; Ctrl-C stops it (PORT=8000 HOST=127.0.0.1 HUB_DATA_DIR=var)
	@exec $(RUN) run

test: ## the whole test suite on throw-away servers (ARGS="tests/unit -k name" for a part)
	@exec $(RUN) test $(ARGS)

check: ## format, lint, types, import contracts, templates, migrations, lock files
	@exec $(RUN) check

fix: ## let ruff mend what it can
	@exec $(RUN) fix

bench: ## how long pages, imports and saves take at the size of the country, each beside a floor (var/bench.json)
	@exec $(RUN) test -n 0 -q tests/bench/pages.py tests/bench/money.py tests/bench/returns.py tests/bench/round_trip.py

demo-reset: ## the demonstration as it was at first (AT=start: Southwark's 2014/15 still empty)
	@exec $(RUN) demo-reset $(if $(AT),--at=$(AT)) $(if $(filter 1,$(FORCE)),--force)

backup: ## database and files into one archive (FILE=path to name it)
	@exec $(RUN) backup $(if $(FILE),--file="$(FILE)")

restore: ## bring an archive back into an empty installation (FILE=path; FORCE=1 replaces what is there)
	@test -n "$(FILE)" || { echo "Name the archive: make restore FILE=var/backups/….tar.gz" >&2; exit 2; }
	@exec $(RUN) restore --file="$(FILE)" $(if $(filter 1,$(FORCE)),--force)

manage: ## one of Django's commands with the installation's database (ARGS="showmigrations")
	@exec $(RUN) manage $(ARGS)

lock: ## write the lock files again from pyproject.toml (needs a package index)
	@exec $(RUN) lock
