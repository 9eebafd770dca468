# Every command sets itself up. `make` alone lists them.

PYTHON ?= python3
export NO_MKDOCS_2_WARNING := 1
BIN := .venv/bin
# A virtual environment with what the site needs, and the same with what tests need
# besides; each is redone only when the pins change.
READY := .venv/ready
TESTED := .venv/tested
# Another, with the lowest versions of what the package needs.
LOWEST := .venv-lowest/ready

INSTALL := $(BIN)/uv pip install --python $(BIN)/python
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml

# The port that `make serve` uses.
PORT ?= 8000

.PHONY: help serve site prepared pyodide test lowest steady bench fuzz audit lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

serve: $(READY)  ## the tutorial at 127.0.0.1:8000, rebuilt as pages change
	@$(BIN)/python docs/site/serve.py $(PORT)

site: $(READY)  ## a strict build into site/ (PYODIDE=folder: with Python for the browser)
	$(BIN)/python -m em.figures.hero docs/assets/hero.svg
	$(BIN)/python docs/site/build.py site

prepared: $(READY)  ## the executed pages as Markdown, into prepared/
	$(BIN)/python docs/site/prepare.py prepared

pyodide: $(READY)  ## Python for the browser, as the tests need it (needs npm)
	$(BIN)/python tests/pyodide_mirror.py

test: $(TESTED)  ## all that must hold: lint, types, tests, a strict build among them
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy docs/site/*.py
	$(BIN)/actionlint
	$(BIN)/zizmor --offline --quiet --pedantic .github
	$(BIN)/pytest -n auto --dist worksteal

lowest: $(LOWEST)  ## the package's own tests, with the lowest versions that it allows
	.venv-lowest/bin/python -m pytest -n auto $(addprefix tests/test_, models.py loop.py \
	  examine.py standard_errors.py pieces.py inputs.py)

# For example, all tests: make steady MORE="--whole --minutes 60"
steady: $(TESTED)  ## each browser test fifty times, in random order, beside busy loops
	$(BIN)/python tests/steady.py $(MORE)

bench: $(TESTED) site  ## our speed against others', build times, page weights
	@missed=0; for race in tests/bench*.py; do \
	  echo "$$race"; PYTHONPATH=docs/site $(BIN)/python $$race || missed=1; done; exit $$missed

fuzz: $(TESTED)  ## 100,000 random fits, half at extreme scales; 3,000 acts on each figure
	$(BIN)/python tests/fuzz.py 100000
	PYTHONPATH=docs/site:tests:tests/live $(BIN)/python tests/live/walk.py 3000

audit: $(TESTED) site  ## Lighthouse on every page (needs node and Chromium)
	npm ci --prefix tests/audit --no-fund --no-audit
	PYTHONPATH=docs/site $(BIN)/python tests/audit/audit.py

lock: $(TESTED)  ## renew the pins, with their hashes
	$(LOCK) --upgrade --group site --group check --group lock -o requirements.txt
	$(LOCK) --constraint requirements.txt --group site --group lock -o requirements-site.txt
	$(LOCK) --upgrade --group lowest -o requirements-lowest.txt

clean:  ## remove what the other commands made
	rm -rf .venv .venv-lowest site prepared .*_cache tests/audit/node_modules

# uv installs in seconds what takes pip minutes; pip brings uv alone, by its hashes.
$(READY): requirements-site.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@echo "Setting up .venv: about a minute, once."
	@$(PYTHON) -m venv --clear .venv
	@sed -n '/^uv==/,/^[^ u]/p' requirements-site.txt | sed '$${/^[^ u]/d;}' > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.txt
	$(INSTALL) --require-hashes -r requirements-site.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(TESTED): $(READY) requirements.txt
	$(INSTALL) --require-hashes -r requirements.txt
	@touch $@

# These versions have wheels for Python 3.11 and 3.12.
$(LOWEST): $(READY) requirements-lowest.txt
	@$(PYTHON) -m venv --clear --without-pip .venv-lowest
	$(BIN)/uv pip install --python .venv-lowest/bin/python --no-build --require-hashes -r requirements-lowest.txt
	$(BIN)/uv pip install --python .venv-lowest/bin/python --no-deps --no-build-isolation --editable .
	@touch $@
