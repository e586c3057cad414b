# kgload: `make help` lists the tasks. A fresh machine needs Python 3.11 or newer with pip, and make.
PYTHON ?= python3
PORT ?= 3030
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup web reference sessions demo test test-stores lint types check format lock bench fuseki clean

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) web ## make the virtual environment from the hashed lock, and build the web parts

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("kgload needs Python 3.11 or newer: make PYTHON=python3.11 …") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

web: $(STAMP) ## build the web parts, where their sources have changed
	@$(BIN)/python web/build.py

demo: $(STAMP) web ## the main job on the sample articles, down to printed answers
	@$(BIN)/python scripts/session.py README.md

test: lint types check ## everything: style, types, tests

lint: $(STAMP) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) web ## mypy, strict, and TypeScript's compiler
	$(BIN)/mypy
	$(BIN)/python web/build.py types

check: $(STAMP) web ## the tests, with coverage
	$(BIN)/python -m pytest -m "not servers" --cov --cov-report=term:skip-covered --cov-fail-under=84

test-stores: $(STAMP) web ## the tests against real servers: Fuseki, Oxigraph, RDF4J, Virtuoso
	$(BIN)/python -m pytest -m servers tests/servers

format: $(STAMP) ## lay the code out anew
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group dev --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements.lock

bench: $(STAMP) ## measure the conversion of an archive, as ratios; results are kept (BENCH="--large 5000 --small 500" is quicker)
	$(BIN)/python benchmarks/archive.py $(BENCH)

fuseki: $(STAMP) ## start Apache Jena Fuseki on loopback, with a password (needs Java 17 and Maven)
	@exec $(BIN)/python scripts/servers.py run fuseki --port $(PORT)

reference: $(STAMP) ## make docs/commands.md anew from --help
	$(BIN)/python -m typer kgload.cli.main utils docs --name kgload --output docs/commands.md

sessions: $(STAMP) web ## run the sessions on the pages and put their output there
	$(BIN)/python scripts/session.py --write README.md $(filter-out docs/commands.md,$(wildcard docs/*.md))

clean: ## remove what the tasks made
	rm -rf $(VENV) kgload/views/static web/node_modules demo dist build .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
