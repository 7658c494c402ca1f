# The commands of the README, `make demo`, `make check` and `make test`, and the steps they share.
# Needs Python 3.11–3.13, make and a Python package registry; no root, no AWS, no compiler.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   ?= demo

.PHONY: help demo check test lint format lock clean

help:
	@echo "make demo   an example organisation, refreshed through Dagster: what does each model cost?"
	@echo "make check  lint, types and the fast tests, in under three minutes"
	@echo "make test   lint, types and the whole test suite"
	@echo "make lint · make format · make lock · make clean"

# The environment is rebuilt only when a lock or the package's metadata changes.
$(VENV)/.user: deploy/requirements.txt setup.cfg pyproject.toml
	@echo "Creating the Python environment in $(VENV) (about a minute the first time) ..."
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"mlcost needs Python 3.11, 3.12 or 3.13; this is {v[0]}.{v[1]}. Name another one: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes --no-deps -r deploy/requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.user deploy/requirements-dev.txt
	@echo "Adding the test tools ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes --no-deps -r deploy/requirements-dev.txt
	@touch $@

demo: $(VENV)/.user
	@$(BIN)/mlcost demo --folder $(DEMO)

lint: $(VENV)/.dev
	@echo "Lint ..."
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo --no-cache
	@echo "Types ..."
	@$(BIN)/mypy

check: lint
	@echo "Fast tests ..."
	@$(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder -m fast

test: lint
	@echo "Tests ..."
	@$(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

# Versions and hashes for every supported Python, without addresses; run after changing setup.cfg. Needs uv.
LOCK := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	$(LOCK) --python-version 3.11 setup.cfg deploy/build.in -o deploy/requirements.txt
	$(LOCK) --python-version 3.11 setup.cfg deploy/build.in --extra dev -c deploy/requirements.txt -o deploy/requirements-dev.txt
	$(LOCK) --python-version 3.12 deploy/focus-validator.in -o deploy/requirements-focus-validator.txt

clean:
	rm -rf $(VENV) $(DEMO) .mypy_cache .pytest_cache .ruff_cache
