# What is done now and then; what is done every day is in script/ (demo, test).

.PHONY: lock
lock: ## requirements.lock and sbom.cdx.json anew
	script/lock $(LOCK)

PYTHON ?= $(or $(POURPARLER_TEST_VENV),.venv-test)/bin/python

.PHONY: endure
endure: ## commands killed 200 times, starved of memory and disk, raced against each other (ENDURE=--help)
	POURPARLER_ENDURE=1 $(PYTHON) -m pytest tests/endure tests/batch tests/hostile
	$(PYTHON) -m tests.endure $(ENDURE)

.PHONY: fuzz
fuzz: ## every harness for SECONDS=60, one at a time: inputs, coverage, findings (FUZZ="feed html": only those)
	$(PYTHON) -m fuzz --seconds $(or $(SECONDS),60) $(FUZZ)
