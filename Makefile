# make run and make test need nothing but Debian's python3 and make.
.DEFAULT_GOAL := help
.PHONY: help run front test quick check evidence bench fuzz requirements format states static crash

PYTHON := .venv/bin/python
BENCH ?=
FUZZ ?=

help: ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

run: ## start the system on http://localhost:8000 (PORT= for another port)
	@python3 smki_pma/deploy/machine.py run && exec $(PYTHON) -m smki_pma.deploy.supervise

front: ## run with the TLS front: the Service Interface on https://localhost:8443 (FRONT= for another port)
	@python3 smki_pma/deploy/machine.py front && FRONT=$${FRONT:-8443} exec $(PYTHON) -m smki_pma.deploy.supervise

.PHONY: test-tools
test-tools:
	@python3 smki_pma/deploy/machine.py test

test: test-tools ## every test: both databases, concurrency, browser, interop
	@$(PYTHON) tests/run.py all

quick: test-tools ## the tests that take under a minute
	@$(PYTHON) tests/run.py quick

check: test-tools ## lint, types, import contracts, templates, migrations, conventions
	@$(PYTHON) tests/check.py

fuzz: test-tools ## try hostile bytes for ten minutes, guided by coverage (FUZZ=name for one target)
	@$(PYTHON) -m tests.fuzz $(FUZZ) && $(PYTHON) -m pytest -q tests/fuzz

evidence: test-tools ## build/clauses.json: which tests guard which clause
	@$(PYTHON) -m pytest --collect-only -q --evidence=build/clauses.json tests > /dev/null && echo build/clauses.json

crash: test-tools ## kill workers that issue 400 times on each database, then reconcile (ten minutes)
	@for database in sqlite postgresql; do SMKI_KILLS=400 SMKI_TEST_DATABASE=$$database \
		$(PYTHON) -m pytest -q tests/concurrency/test_batches_killed.py || exit 1; done

bench: test-tools ## measurements as JSON lines (BENCH=name for one)
	@$(PYTHON) -m tests.bench $(BENCH)

format: test-tools ## let ruff put the code in form
	@$(PYTHON) -m ruff check --fix --quiet . ; $(PYTHON) -m ruff format --quiet .

states: test-tools ## draw docs/states anew from the tables of the life cycles
	@SMKI_PROFILE=test $(PYTHON) manage.py draw_states

static: ## build the style sheet and scripts anew (needs Node.js)
	@node static/src/build.mjs

requirements: ## pin smki_pma/deploy/requirements.in and tests/requirements.in anew
	@bash smki_pma/deploy/pin.sh
