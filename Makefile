# `make rehearse` and `make test` are all a newcomer needs: both set up .venv by themselves.
STACK ?= dev
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# In the environment it forbids Python's byte code cache, which doubles the time of a small rehearsal.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help rehearse serve up preview refresh destroy report picture test lint types schema snapshot package edits release lab bench clean

help: ## show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

rehearse: $(READY) ## deploy STACK (default dev; several: STACK="prod dr") into an emulated AWS
	@$(BIN)/python -m hybridge rehearse $(STACK)

serve: $(READY) ## rehearse STACK and keep the emulated account up for AWS tools
	@$(BIN)/python -m hybridge serve $(STACK)

up preview refresh destroy: $(READY)
	@$(BIN)/python -m hybridge $@ $(STACK)

up: ## bring STACK up by the real Pulumi engine on an emulated account that stays; preview, refresh, destroy: what that does to it

report: $(READY) ## rehearse STACK, prove it and write one page about it, build/report/STACK.html
	@$(BIN)/python -m hybridge report $(STACK)

picture: $(READY) ## draw the README's picture anew, from what prod deploys
	@$(BIN)/python -m hybridge report --picture-only prod

test: lint types ## ruff, mypy, pytest
	$(BIN)/pytest -n 2

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

schema: $(READY) ## write what is generated: Pulumi.yaml, the JSON Schema of stack files, docs/configuration.md, docs/components.md
	@$(BIN)/python -m hybridge schema

snapshot: $(READY) ## write down what the shipped stacks deploy, tests/snapshots/STACK.yaml: an edit shows there in review
	@$(BIN)/python -m tests.snapshot

package: $(READY) ## build the wheel and the source distribution, into dist/
	@rm -rf dist
	@$(BIN)/python -m hatchling build

edits: $(READY) ## rehearse every edit of tests/edits on what stands, and write docs/edits.md (ONLY="words": those alone)
	@$(BIN)/python -m tests.edits $(ONLY)

release: $(READY) ## what goes before a tag: checks, the day in CHANGELOG.md, the states on which the next update is tried (needs the Pulumi CLI)
	@$(BIN)/python -m tests.upgrade

lab: $(READY) ## measure what each failure of the links costs, on real daemons in network namespaces (ten minutes), and write it into the drills
	@$(BIN)/python -m tests.lab
	@$(BIN)/python -m proofs.drills.document

bench: $(READY) ## measure the rehearsal (whole processes, medians of 5), and write the figures into README.md
	$(BIN)/python -m bench --write

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): requirements.txt constraints.txt
	@test -n "$(PYTHON)" || { echo "python3 is not installed; Hybridge needs Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version); Hybridge needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "setting up $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
