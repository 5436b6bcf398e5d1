# Everything a newcomer types. Needs only Python >= 3.11 and make; each target makes the environment it needs in .venv.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin
# Processes that share the tests. Each may start a Temporal server and a PostgreSQL, so more than four help nobody.
JOBS ?= $(shell n=$$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2); echo $$((n > 4 ? 4 : n)))

.PHONY: help venv venv-dev demo test test-browser check format bench requirements docs clean

help:
	@echo "make demo          a mixed bag of orders through the shipped diagrams, on a real Temporal server"
	@echo "make test          all tests (Temporal and PostgreSQL come from PyPI packages, no root needed)"
	@echo "make test-browser  tests of pages in Chromium; there are no pages yet"
	@echo "make check         formatting, lint, types, floors of the house, generated docs"
	@echo "make bench         one table of figures, ratios measured within the run"
	@echo "make format        formats the code and mends what the linter can mend"
	@echo "make docs          writes the pages that are made from code"
	@echo "make requirements  pins again after a change of pyproject.toml (needs uv)"
	@echo "make venv          only the environment, with the command .venv/bin/oms"
	@echo "make clean         removes the environment, caches and var/"

venv: .venv/.run
venv-dev: .venv/.dev

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found. Install one, or say: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "$(PYTHON) cannot make an environment. On Debian or Ubuntu install the package python3-venv."; exit 1; }

.venv/.run: .venv/bin/python requirements/run.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: venv
	$(BIN)/oms demo

# A test that hangs ends its process after ten minutes (pyproject.toml). pytest-xdist would start another process, and
# wait for it for ever when there is nothing left to do: hence none.
test: venv-dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --max-worker-restart=0 --durations=10 -rs -m "not browser"

# Drop the first line of the recipe with the first page test.
test-browser: venv-dev
	@grep --recursive --quiet --include='*.py' 'mark\.browser' tests || { echo "There are no tests of pages yet: the product has no pages yet."; exit 0; }; \
		$(BIN)/python -m pytest -m browser

check: venv-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m oms_workflow.cli.generate --check

format: venv-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: venv-dev
	$(BIN)/python -m oms_workflow.cli.generate

bench: venv-dev
	$(BIN)/python -m benchmarks

requirements:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --quiet -o requirements/run.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		-c requirements/run.txt --no-emit-index-url --no-annotate --quiet -o requirements/dev.txt

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
