PYTHON ?=
ARGS ?=
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed

# Many processes start here: none compiles anew what another has compiled.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo demo-continuous airflow test test-load test-stack test-stack-celery test-matrix test-clients fuzz-simulator test-live lint docs screenshots figures constraints clean

help:  ## list the commands
	@sed -nE 's/^([a-z%-]+):.*## */\1 /p' $(MAKEFILE_LIST) | sed 's/%/NAME/' | while read name does; do printf 'make %-17s %s\n' "$$name" "$$does"; done

demo: $(INSTALLED)  ## run the example DAG on a local Phrase, from source files to DELIVERED
	@$(RUN) -m demo.run $(ARGS)

demo-continuous: $(INSTALLED)  ## run the DAG for content that never stops for some nights, on a local Phrase
	@$(RUN) -m demo.nights

airflow: $(INSTALLED)  ## start Airflow and a local Phrase, to use in a browser
	@$(RUN) -m demo.standalone $(ARGS)

# More processes than cores: much of what is tested is waiting.
test: $(INSTALLED)  ## run the tests
	$(RUN) -m pytest -n 4 --dist loadfile $(ARGS)

test-load: $(INSTALLED)  ## do a thousand things at once, on a local Phrase that enforces its limits
	$(RUN) -m pytest -m load $(ARGS)

test-stack: $(INSTALLED)  ## run the components on a PostgreSQL of their own, and kill them while they work
	$(RUN) -m pytest -m stack $(ARGS)

test-stack-celery: $(INSTALLED) $(VENV)/.installed-stack  ## the same on several machines: Celery, Redis and S3, with no folder shared
	$(RUN) -m pytest -m celery $(ARGS)

test-matrix: $(INSTALLED)  ## run the tests from the built wheel on the newest Airflow 3.1, 3.2 and 3.3
	$(RUN) scripts/test_matrix.py $(ARGS)

test-clients: $(INSTALLED)  ## run clients of Phrase that nobody here wrote against the simulator
	$(RUN) scripts/test_clients.py $(ARGS)

fuzz-simulator: $(INSTALLED)  ## fuzz the simulator over the TMS specification (SPEC=path)
	$(RUN) scripts/fuzz_simulator.py $(SPEC) $(ARGS)

test-live: $(INSTALLED)  ## run the flow on your own Phrase (PHRASE_API_TOKEN), with one tiny file
	@$(RUN) -m demo.live $(ARGS)

lint: $(INSTALLED)  ## ruff and mypy
	$(RUN) -m ruff check .
	$(RUN) -m mypy

docs: $(INSTALLED) $(VENV)/.installed-docs  ## build the documentation into build/docs
	$(RUN) -m sphinx --fresh-env --fail-on-warning --keep-going --quiet -b html docs build/docs $(ARGS)
	@echo "The documentation is in build/docs/index.html."

screenshots: $(INSTALLED) $(VENV)/.installed-screenshots  ## take the pictures of the documentation again, in a headless Chromium
	@$(RUN) -m scripts.screenshots $(ARGS)

bench-%: $(INSTALLED)  ## run benchmarks/bench_NAME.py (import, token, simulator, duplicates, waiting, plan, continuous)
	@$(RUN) -m benchmarks.bench_$(subst -,_,$*) $(ARGS)

figures: $(INSTALLED)  ## keep what the benchmarks measured for the documentation
	@$(RUN) scripts/keep_figures.py

constraints: $(INSTALLED) $(VENV)/.installed-docs $(VENV)/.installed-screenshots $(VENV)/.installed-stack  ## freeze the environment into constraints.txt
	$(RUN) scripts/freeze_constraints.py

clean:  ## remove the environment and everything built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache

$(INSTALLED): pyproject.toml constraints.txt
	@echo "Installing into $(VENV); this takes a minute or two, once."
	@$(RUN) -c '' 2>/dev/null || { python=$$(scripts/find-python.sh "$(PYTHON)") && "$$python" -m venv --clear $(VENV); }
	@$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,simulator]'
	@touch $@

$(VENV)/.installed-%: $(INSTALLED)
	@$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$*]'
	@touch $@
