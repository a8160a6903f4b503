# Every target in one line: make help
PYTHON ?= python3
APP := .venv/bin/python
MODEL := .venv-model/bin/python
export RASA_TELEMETRY_ENABLED = false

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run chat train test lint evaluate bench knowledge-report panel lock format clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: ## Build both runtimes (run and test do this by themselves)
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

run: setup ## Everything: set up, train, load the database, serve Telegram or open the console chat
	@$(APP) -m scripts.run

chat: setup ## The console chat, even when a Telegram token is set
	@$(APP) -m scripts.run --console

train: setup ## Train the model now
	@$(APP) -m scripts.train --force

test: setup-dev ## All tests: both runtimes and the whole stack
	@$(APP) -m scripts.test

lint: setup-dev ## Style, types, training data, locks
	@$(APP) -m scripts.lint

evaluate: setup ## Measure understanding: make evaluate FILE=messages.jsonl [ARGS=--json]
	@test -n "$(FILE)" || { echo "usage: make evaluate FILE=messages.jsonl [ARGS=--json]" >&2; exit 2; }
	@$(APP) -m scripts.train >&2
	@$(MODEL) -m benchmarks.evaluate "$(FILE)" $(ARGS)

bench: setup ## Measure speed, start and memory against stock Rasa (about ten minutes)
	@$(APP) -m scripts.train >&2
	@$(APP) -m benchmarks.run $(ARGS)

knowledge-report: setup ## Show which services the database has, how old they are, and the holes
	@.venv/bin/tirek-knowledge report $(ARGS)

panel: ## The staff's web panel (not built yet)
	@echo "make panel: the panel is not part of this version; see CHANGELOG.md" >&2; exit 1

lock: setup ## Renew the lock files after a change of requirements/*.in
	@$(APP) -m scripts.lock

format: setup-dev
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

clean: ## Remove what was made: runtimes, models, database (asks first)
	@printf 'Remove .venv, .venv-model, models and var? [y/N] ' && read answer && [ "$$answer" = y ] && rm -rf .venv .venv-model models var .rasa || echo kept
