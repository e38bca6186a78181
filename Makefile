# The commands people type. Everything is set up on first use; a second run fetches nothing.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test lint ui bench eval screenshots setup model browser lock clean

demo: setup  ## drafts an issue from the sample corpus with the embedded model
	$(BIN)/digest model pull
	$(BIN)/digest demo

test: setup browser  ## all tests, those with the embedded model and the browser included, and the gates
	$(BIN)/digest model pull
	$(BIN)/pytest
	$(BIN)/digest eval --gate --model none

eval: setup  ## the quick set with the embedded model, then the gates of what needs none
	$(BIN)/digest model pull
	$(BIN)/digest eval drafting --cases 2
	$(BIN)/digest eval grounding --cases 1
	$(BIN)/digest eval --gate --model none

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

ui: setup  ## the editor's desk on http://127.0.0.1:7860
	$(BIN)/digest ui

bench: setup  ## speed and memory, side by side in one run
	$(BIN)/digest model pull
	$(BIN)/python -m evals.bench
	$(BIN)/python -m evals.desk_bench

screenshots: setup browser  ## the pictures of the desk in docs/pictures
	$(BIN)/python -m tests.browser.screenshots

setup: $(READY)

$(READY): pyproject.toml requirements.lock requirements-bootstrap.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; install one and run make again."; exit 1; }
	@echo "Setting up .venv with $(PYTHON): about 200 packages, 450 MB to download on a fresh machine."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	$(BIN)/uv pip sync --quiet --system-certs --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

browser:  ## a Chromium for the browser tests
	@sh tests/browser/install.sh

lock:  ## resolve pyproject.toml again, within its ranges
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra evals --group dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv .digest dist build
