# ecobrief: every command of the project, for GNU make 3.81 (macOS) and later. Bare `make` lists them.
#
# What a target needs is installed by it into .venv/, so `make briefs` and `make test` work right after a clone.
# ARGS reaches the command:         make briefs ARGS="--cities benxi,yichun --langs en"
# PYTHON chooses the interpreter:   make setup PYTHON=/path/to/python3.13

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
NODE := $(VENV)/share/ecobrief
BESIDE := $(NODE)/bench
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# A PYTHON given on the command line is taken or refused; otherwise the first that fits is taken.
ifeq ($(origin PYTHON),command line)
CANDIDATES := $(PYTHON)
else
CANDIDATES := $(PYTHON) python3.14 python3.13 python3.12 python3.11
endif
SUPPORTED := Python 3.11, 3.12, 3.13 or 3.14
IS_SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))

.PHONY: help setup briefs pdf test soak bench lab notebooks check audit lint locks clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1 @/p' Makefile | awk -F@ '{ printf "%-17s %s\n", $$1, $$2 }'

setup: $(VENV)/.installed-dev ## make .venv/ with everything: the command, JupyterLab, the test tools

briefs: $(VENV)/.installed-run ## build the HTML briefs into briefs/
	$(BIN)/ecobrief build $(ARGS)

pdf: $(VENV)/.installed-run ## print the briefs in briefs/ to PDF with an installed Chromium, Chrome or Edge
	$(BIN)/ecobrief pdf $(ARGS)

# The cells of a notebook share a kernel, so its file goes to one worker (loadfile). ARGS=-n0 runs in one process.
test: $(VENV)/.installed-dev ## check the data, run the tests, run the notebooks against their committed outputs
	$(BIN)/ecobrief check
	$(BIN)/python -m pytest --nbval --nbval-current-env --numprocesses auto --dist loadfile $(ARGS) tests notebooks

# pytest's 5 means that no test is marked soak, which is no failure.
soak: $(VENV)/.installed-dev ## run the tests that take longer
	$(BIN)/python -m pytest -m soak $(ARGS) tests || [ $$? -eq 5 ]

bench: $(VENV)/.installed-dev ## time the batch (ARGS="--briefs 24"), pages, monitor, a large data package and reading beside stock papermill, nbconvert, pandas and recognizers-text
	$(BIN)/python tools/bench_ready.py
	$(BIN)/python tools/bench_monitor.py
	$(BIN)/python tools/bench_scale.py
	$(PIP) install --no-deps --require-hashes --upgrade --target $(BESIDE)-reading -r tools/bench_reading_requirements.txt
	$(BIN)/python tools/bench_reading.py --recognizers $(BESIDE)-reading
	$(PIP) install --no-deps --require-hashes --upgrade --target $(BESIDE) -r tools/bench_requirements.txt
	$(BIN)/ecobrief bench $(ARGS)

lab: $(VENV)/.installed-run ## open the workbook in JupyterLab
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks/start_here.ipynb $(ARGS)

notebooks: $(VENV)/.installed-dev ## run every notebook with its defaults and keep the outputs, ready to commit
	$(BIN)/python tools/run_notebooks.py $(ARGS)

check: $(VENV)/.installed-run ## name every fault in data/
	$(BIN)/ecobrief check $(ARGS)

audit: $(VENV)/.installed-run ## hold the printed figures to the arithmetic between them
	$(BIN)/ecobrief audit $(ARGS)

lint: $(VENV)/.installed-dev ## check code style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# uv alone resolves for every platform and Python at once; it keeps pins that still fit unless ARGS=--upgrade.
COMPILE := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make locks" --quiet

locks: $(VENV)/.made ## resolve requirements.lock and requirements-dev.lock again (ARGS=--upgrade for newer versions)
	$(PIP) install uv
	$(COMPILE) $(ARGS) --output-file requirements.lock
	$(COMPILE) $(ARGS) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove what make made: .venv/, briefs/ and caches
	rm -rf $(VENV) briefs build dist lib/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .git -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -prune -exec rm -rf {} +

# Stamps say what .venv/ holds, so that nothing is installed twice. Where venv comes without ensurepip (Debian without
# python3-venv) the interpreter's own pip fills the environment; the lock names pip, so later steps find it there.
$(VENV)/.made:
	@found=; \
	for python in $(CANDIDATES); do \
	    if "$$python" -c "$(IS_SUPPORTED)" 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "ecobrief needs $(SUPPORTED); none of these is one: $(CANDIDATES)." >&2; \
	    echo "  Install one, or name it: make setup PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	fi; \
	echo "Making $(VENV)/ with $$found ..." >&2; \
	if ! "$$found" -m venv $(VENV) >/dev/null 2>&1; then \
	    "$$found" -m venv --clear --without-pip $(VENV) || exit 1; \
	    if ! "$$found" -m pip --version >/dev/null 2>&1; then \
	        echo "$$found has neither ensurepip nor pip. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	        exit 1; \
	    fi; \
	    echo "Filling it with the pip of $$found (a minute or more) ..." >&2; \
	    "$$found" -m pip --python $(BIN)/python --quiet install --require-hashes -r requirements.lock || exit 1; \
	fi; \
	touch $@

$(VENV)/.installed-run: $(VENV)/.made requirements.lock pyproject.toml package-lock.json
	@echo "Installing from requirements.lock (a minute or more) ..." >&2
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@mkdir -p $(NODE) && cp package.json package-lock.json $(NODE)/
	@if ! command -v npm >/dev/null 2>&1; then \
	    echo "There is no npm: briefs will carry the whole plotly.js (1.4 MB more each)." >&2; \
	elif ! npm ci --prefix $(NODE) --omit=dev --ignore-scripts --no-audit --no-fund --silent; then \
	    echo "npm could not fetch plotly's basic bundle: briefs will carry the whole plotly.js (1.4 MB more each)." >&2; \
	fi
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-run requirements-dev.lock
	@echo "Installing from requirements-dev.lock ..." >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@if ! command -v npm >/dev/null 2>&1 \
	    || ! npm ci --prefix $(NODE) --ignore-scripts --no-audit --no-fund --silent; then \
	    echo "npm is missing or could not fetch axe-core: the tests of accessibility are skipped." >&2; \
	fi
	@touch $@
