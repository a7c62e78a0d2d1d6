# A virtual environment of its own, in .venv: nothing is installed outside it but by "make test" and
# "make bench", which ask Debian's apt-get for the programs that tests/install and bench/install list, and npm for
# packages in folders that git ignores.

PYTHON ?= python3
CONFIG ?= config.yaml
PYTEST_ARGS ?= --numprocesses auto --dist loadfile
PLANS ?= 1000
SEED ?= 1
BENCH_ARGS ?=
FUZZ_S ?= 3600
FUZZ_ARGS ?=
LOCK_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Just the files whose hashes are known, none to be built first by who knows what; then this folder.
INSTALL_LOCKED := $(PIP_INSTALL) --require-hashes --only-binary :all: --requirement
INSTALL_THIS := $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
RENEW_LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --group build

# What a message goes through, to be compiled by mypyc from this very source (docs/decisions/011).
HOT := bridge/errors.py bridge/host/buffers.py bridge/protocol \
	bridge/loop $(addprefix bridge/tunnel/,budget.py session.py daemon/connection.py) \
	$(addprefix bridge/http/,websocket.py bound_socket.py) bridge/transports/websocket_v1.py
COMPILED := build/compiled
# Once compiled, it is kept up to date.
UP_TO_DATE := $(if $(wildcard $(COMPILED)/done),$(COMPILED)/done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run compile test test-compiled fuzz soak flood bench bench-smoke screenshots mutants client check format lock audit clean

help: ## Show what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/installed-run $(UP_TO_DATE) ## Serve with config.yaml (CONFIG=...) in the foreground; the log names the address
	@exec $(if $(UP_TO_DATE),env PYTHONPATH=$(COMPILED)) $(BIN)/xmlsocket-bridge serve --config $(CONFIG)

compile: $(COMPILED)/done ## Compile what a message goes through, for "make run" (1 minute; needs gcc and python3-dev)

test: $(VENV)/installed-dev ## Install all that the tests need, then run every test (PYTEST_ARGS=...)
	tests/install
	$(BIN)/python -m pytest $(PYTEST_ARGS)

test-compiled: $(VENV)/installed-dev ## Run the tests of the contract on what "make compile" makes
	tests/install
	$(MAKE) --silent compile
	BRIDGE_UNDER_TEST=$(COMPILED) $(BIN)/python -m pytest $(PYTEST_ARGS) tests/contract tests/rfc6455

fuzz: $(VENV)/installed-dev ## Try whatever reads a stranger's bytes with bytes made up for it (FUZZ_S=3600, FUZZ_ARGS=--help)
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_S) $(FUZZ_ARGS)

soak: $(VENV)/installed-dev ## Play random plans of trouble (PLANS=1000, SEED=1 is the first), and tell what came of them
	$(BIN)/python -m tests.soak --plans $(PLANS) --seed $(SEED)

flood: $(VENV)/installed-dev ## Let 500 sessions lag over each transport, and measure memory and what others notice (5 minutes)
	$(BIN)/python -m tests.flood

bench: $(VENV)/installed-dev ## Compare with other bridges, and write docs/benchmarks.md (15 minutes; BENCH_ARGS=--help)
	bench/install
	$(MAKE) --silent --directory bench/load
	$(MAKE) --silent compile
	$(BIN)/python -m bench $(BENCH_ARGS)

bench-smoke: $(VENV)/installed-run ## Fail if the bridge has grown slower than bench/bounds.yaml allows (1 minute)
	bench/install gcc
	$(MAKE) --silent --directory bench/load
	$(BIN)/python -m bench.smoke

screenshots: $(VENV)/installed-dev ## Make the pictures of the console page in docs/ again
	tests/install
	$(BIN)/python -m tests.web

mutants: $(VENV)/installed-dev ## Change the code in 2,000 ways; the tests must notice (15 minutes)
	$(BIN)/python -m tests.mutants.protocol_layer
	$(BIN)/python -m pytest tests/mutants

client: tests/web/node_modules ## Make bridge/web/xmlsocket.js and its types of bridge/web/client (needs npm)
	npm run --silent --prefix tests/web build -- --outdir=../../bridge/web
	npm run --silent --prefix tests/web types
	cp build/client/xmlsocket.d.ts bridge/web

check: $(VENV)/installed-dev ## Format, lint, types and layers, without changing a file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet tests/test_layers.py

format: $(VENV)/installed-dev ## Format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/installed-dev ## Renew locks/ after a change of pyproject.toml (LOCK_ARGS=--upgrade: to the newest releases)
	$(RENEW_LOCK) $(LOCK_ARGS) --all-extras --group lock --group audit --output-file locks/dev.txt
	$(RENEW_LOCK) --constraint locks/dev.txt --output-file locks/run.txt
	$(RENEW_LOCK) --constraint locks/dev.txt --extra compile --output-file locks/compile.txt

audit: $(VENV)/installed-dev ## Ask the Python Packaging Advisory Database about everything in locks/
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --progress-spinner off --requirement locks/dev.txt

clean: ## Remove the virtual environment and all caches
	rm -rf $(VENV) bench/load/build bench/peers/node_modules tests/rfc6455/peers/node_modules \
		tests/ruffle/node_modules tests/examples/react/node_modules tests/web/axe/node_modules tests/web/node_modules
	rm -rf mutants .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find bench bridge tests -type d -name __pycache__ -prune -exec rm -rf {} +

tests/web/node_modules: tests/web/package-lock.json
	npm ci --prefix tests/web --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The stamps: installing again is needed only when what is to be installed has changed, since the
# installed package is this very folder (editable). All of locks/ agrees on versions.
$(VENV)/installed-%: locks/%.txt pyproject.toml | $(BIN)/python
	$(INSTALL_LOCKED) $<
	$(INSTALL_THIS)
	@touch $@ $(VENV)/installed-run

$(COMPILED)/done: $(shell find bridge -type f -not -name '*.pyc') Makefile $(VENV)/installed-compile
	rm -rf $(COMPILED)
	mkdir -p $(COMPILED)
	cp -R bridge $(COMPILED)
	@echo "compiling, which takes a minute"
	@cd $(COMPILED) && $(abspath $(BIN))/mypyc $(HOT) >mypyc.log 2>&1 || { cat mypyc.log; echo "this takes gcc and Python's headers (Debian: python3-dev)"; exit 1; }
	rm -rf $(COMPILED)/build
	@touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
