# Every target works alone on a fresh clone: it makes the virtual environment and installs what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM := /usr/bin/chromium

.PHONY: demo test lint docs bench validate mutants storm fuzz clean

$(VENV)/student: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/develop: $(VENV)/student
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' torch==2.13.0
	touch $@

$(VENV)/docs: $(VENV)/student
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $@

$(CHROMIUM):
	apt-get update -qq && apt-get install -y -qq chromium >/dev/null

demo: $(VENV)/student
	$(BIN)/grader grade samples/class -a activations -a backprop -a convolution -o demo-report

test: $(VENV)/develop | $(CHROMIUM)
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

lint: $(VENV)/develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions .github/actions/*/action.yml

docs: $(VENV)/docs
	$(BIN)/python -m sphinx -q -W --keep-going -n docs docs/_build

validate: $(VENV)/develop
	$(BIN)/grader validate
	FAIRNESS=full $(BIN)/python -m pytest -n 2 -q tests/banks/test_fairness.py

mutants: $(VENV)/develop
	$(BIN)/grader mutants

fuzz: $(VENV)/develop
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	$(BIN)/python -m tests.fuzz 2000000

bench: $(VENV)/develop
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.rates
	$(BIN)/python -m benchmarks.rates --class-size 400
	$(BIN)/python -m benchmarks.reference_table

storm: $(VENV)/develop
	$(BIN)/python -m benchmarks.storm

clean:
	rm -rf $(VENV) demo-report docs/_build .pytest_cache .mypy_cache .ruff_cache
