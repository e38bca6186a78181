# The commands people type. Everything is set up on first use; a second run fetches nothing.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# What `make compare` scores, and where it keeps the answers.
ROWS ?= 200
ANSWERS ?= .rivals/answers.jsonl
READY := .venv/.ready

.PHONY: demo test lint ui bench compare eval eval-full screenshots setup model browser lock clean

demo: setup  ## drafts an issue from the sample corpus with the embedded model
	$(BIN)/digest model pull
	$(BIN)/digest demo

test: setup browser  ## all tests, those with the embedded model and the browser included, and the gates
	$(BIN)/digest model pull
	$(BIN)/pytest -n 2 --dist worksteal -m "not model"
	$(BIN)/pytest -m model
	$(BIN)/digest eval --gate --model none

eval: setup  ## the quick set: what needs no model, a few bullets and claims with the embedded one, a report
	$(BIN)/digest model pull
	for suite in stories retrieval style; do $(BIN)/digest eval $$suite --model none || exit 1; done
	$(BIN)/digest eval drafting --cases 1
	$(BIN)/digest eval grounding --cases 1
	$(BIN)/digest eval-history --report .digest/evals/report.html

eval-full: setup  ## every suite, with the embedded model where it takes part
	$(BIN)/digest model pull
	for suite in stories retrieval style corruption replay stability injection check cite citations; do \
		$(BIN)/digest eval $$suite --model none || exit 1; done
	$(BIN)/digest eval drafting --writer extractive
	$(BIN)/digest eval drafting --writer chain --cases 2
	for suite in drafting grounding; do $(BIN)/digest eval $$suite || exit 1; done
	$(BIN)/digest eval corruption --cases 10
	$(BIN)/digest eval writing --cases 3
	$(BIN)/digest eval injection --cases 1
	$(BIN)/digest eval stability --cases 1
	$(BIN)/digest eval-history --report .digest/evals/report.html

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

compare: setup  ## the checker beside ragas, a plain judge and ROUGE-2: make compare DATA=rows.jsonl
	@test -n "$(DATA)" || { echo "Name the rows to compare on: make compare DATA=rows.jsonl"; exit 1; }
	@test -x .rivals/bin/python || $(BIN)/python -m venv .rivals
	.rivals/bin/python -m pip install --quiet --disable-pip-version-check -r evals/rivals.txt
	$(BIN)/python -m evals.side_by_side --data "$(DATA)" --rows $(ROWS) --answers "$(ANSWERS)" \
		--rivals .rivals/bin/python

setup: $(READY)

$(READY): pyproject.toml requirements.lock requirements-bootstrap.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; install one and run make again."; exit 1; }
	@echo "Setting up .venv with $(PYTHON): about 200 packages, 660 MB to download on a fresh machine."
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
	rm -rf .venv .rivals .digest dist build
