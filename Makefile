# Two commands: `make run` and `make test`. Everything they need is set up on the way.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin

.PHONY: run test lint texts benchmarks clean
.DEFAULT_GOAL := run

run: .venv/app
	$(BIN)/cobalt build --edition open
	$(BIN)/cobalt build --edition training
	$(BIN)/cobalt serve --port $(PORT)

test: .venv/test
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest --numprocesses 2

lint: .venv/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

texts: .venv/test
	$(BIN)/python locale/texts.py

benchmarks: .venv/test
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

# Hash-locked packages; `uv` installs them in seconds where pip takes a minute.
.venv/uv: requirements/uv.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	touch $@

.venv/app: .venv/uv requirements/app.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/app.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

.venv/test: .venv/app requirements/test.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/test.txt
	touch $@

clean:
	rm -rf .venv data/releases data/training static/vendor
