# Everything runs in .venv, built from hash-pinned locks. uv is used when it is on the PATH.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
DEMO_HOME ?= .home/demo
UV := $(shell command -v uv 2>/dev/null)
WORKERS ?= 2
PIP_ENV := PIP_DISABLE_PIP_VERSION_CHECK=1

.PHONY: demo serve test lint bench lock clean

demo: $(VENV)/.installed ## sample exports, KPIs, a DPIA reviewed and signed, then the app
	$(BIN)/privacy --home $(DEMO_HOME) demo

serve: $(VENV)/.installed ## the app on the home directory of the demo
	$(BIN)/privacy --home $(DEMO_HOME) serve

test: lint ## everything: lint, types, unit, browser, acceptance, notebooks
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m dashboard.kpis.lint

bench: $(VENV)/.installed-dev ## measured figures, each beside its peer
	$(BIN)/python -m tests.benchmarks

lock: ## renew both lock files (needs uv)
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade -o requirements-dev.lock
	uv pip compile pyproject.toml --python-version 3.11 -c requirements-dev.lock --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade -o requirements.lock

clean:
	rm -rf $(VENV) .home build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
ifdef UV
	uv venv --quiet --python $(PYTHON) $(VENV)
else
	$(PYTHON) -m venv $(VENV)
endif

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
ifdef UV
	uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	uv pip install --quiet --python $(BIN)/python --no-deps -e .
else
	$(PIP_ENV) $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(PIP_ENV) $(BIN)/python -m pip install --quiet --no-deps -e .
endif
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
ifdef UV
	uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	uv pip install --quiet --python $(BIN)/python --no-deps -e .
else
	$(PIP_ENV) $(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(PIP_ENV) $(BIN)/python -m pip install --quiet --no-deps -e .
endif
	touch $@ $(VENV)/.installed
