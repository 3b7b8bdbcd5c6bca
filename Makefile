# Two commands do everything on a fresh machine: `make handouts` and `make test`.
#
# Both make the virtual environment from the lock file and see to TeX first; where nothing is missing that costs nothing
# and touches no network.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PATHS ?=

.DEFAULT_GOAL := handouts
.PHONY: handouts test lint types tests bench fuzz golden tex tex-tests lock docs/page.png clean distclean help

handouts: $(READY) tex ## build problems/ into output/: three languages, every edition, Markdown, LaTeX and PDF
	@scripts/handouts $(BIN)/docgen $(PATHS)

test: $(READY) tex-tests lint types tests ## lint, types and tests

lint: $(READY)
	@$(BIN)/ruff check --quiet --output-format concise

types: $(READY)
	@$(BIN)/mypy --no-error-summary

tests: $(READY)
	@$(BIN)/pytest --quiet --numprocesses auto

bench: $(READY) tex ## the cost of the common commands, as ratios
	@$(BIN)/pytest --quiet -p benchmark benchmarks

fuzz: $(READY) ## 100,000 random formulas, derived and judged by numbers
	@$(BIN)/python -m tests.engine.fuzz 100000

golden: $(READY) ## the golden pages of the tests, written anew
	@$(BIN)/python -m tests.handouts.test_golden

tex:
	@scripts/tex || true

tex-tests: # tests turn pages into pictures, which takes poppler
	@scripts/tex poppler-utils poppler-data || true

lock: $(READY) ## write requirements.txt anew from pyproject.toml
	@scripts/lock $(BIN)/python

$(READY): requirements.txt pyproject.toml scripts/venv
	@scripts/venv $(VENV)
	@touch $@

docs/page.png: $(READY) ## the picture in the README, from a page as it is built now
	@scripts/page $(BIN)/docgen $@

clean: ## remove what build made
	@if [ -x $(BIN)/docgen ]; then $(BIN)/docgen clean; fi

distclean: clean ## and the virtual environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks build dist

help: ## this list
	@sed -n 's/^\([a-z./]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16
