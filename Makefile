# What a newcomer types. Everything lands in .venv; nothing else is touched.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Two a core: tests that drive a server wait as often as they work.
CORES := $(shell getconf _NPROCESSORS_ONLN)
WORKERS ?= $(shell expr 2 '*' $(CORES))

# Four processes import the same tests: what one compiled, the others only read.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve test check judge demo bench clean

serve: .venv/serve.stamp ## start the server on http://127.0.0.1:4010
	@$(BIN)/reelmock serve

demo: .venv/serve.stamp ## create, watch, download and remix a video with the SDK
	@$(BIN)/reelmock demo

test: .venv/dev.stamp ## the tests, under two minutes
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

check: .venv/dev.stamp ## format, lint, types, import contracts
	$(BIN)/ruff format --check server tests
	$(BIN)/ruff check server tests
	$(BIN)/mypy
	$(BIN)/lint-imports

judge: .venv/dev.stamp ## the slow and real; parts by marker: make judge PART=kill
	$(BIN)/pytest -n $(CORES) --dist loadfile -m "judge$(if $(PART), and $(PART))"

bench: .venv/dev.stamp ## speed beside references of the same run, into bench.json
	$(BIN)/python tests/bench/run.py

.venv/serve.stamp: pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --upgrade 'pip>=25.1'
	$(PIP) --editable '.[demo]'
	@touch $@

.venv/dev.stamp: .venv/serve.stamp
	$(PIP) --editable '.[demo]' --group dev
	@touch $@

clean:
	rm -rf .venv build dist bench.json
