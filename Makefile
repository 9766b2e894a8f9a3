# What is done now and then; what is done every day is in script/ (demo, test).

.PHONY: lock
lock: ## requirements.lock and sbom.cdx.json anew
	script/lock $(LOCK)

PYTHON ?= $(or $(POURPARLER_TEST_VENV),.venv-test)/bin/python

.PHONY: endure endure-kills
endure: ## commands starved of memory and disk, raced against each other, and killed 200 times
	POURPARLER_ENDURE=1 $(PYTHON) -m pytest tests/endure tests/batch tests/hostile
	$(MAKE) endure-kills

endure-kills: ## the 200 kills alone; interrupted, the same goes on where it was (ENDURE=--help)
	$(PYTHON) -m tests.endure --folder build/endure $(ENDURE)

.PHONY: fuzz
fuzz: ## every harness for SECONDS=60, one at a time: inputs, coverage, findings (FUZZ="feed html": only those)
	$(PYTHON) -m fuzz --seconds $(or $(SECONDS),60) $(FUZZ)
