# Everything happens in .venv; nothing else on the machine is touched.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

# Installs from a lock file, and tells how many of its packages are there: pip says nothing for minutes, or far too much.
# What pip says is kept and shown when it fails.
define install_locked
	@{ $(PIP) install --no-deps --require-hashes $(2) --verbose -r $(1) 2>&1; echo "pip ended: $$?"; } | \
		awk -v total="$$(grep -c '^[a-zA-Z0-9].*==' $(1))" -f .ci/progress.awk
endef

.DEFAULT_GOAL := help
.PHONY: audit torture help tools demo talk models test lint fuzz bench answers learning catalogues lock dist clean

help:   ## list the targets
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

# The lock files are complete, so nothing is resolved: --no-deps, every file checked against its hash.
$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Scrubjay needs Python 3.11 or newer; run: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "Setting up: installing the pinned packages into $(VENV) (once)"
	$(call install_locked,requirements.lock,--only-binary :all:)
	@$(PIP) install --no-deps --editable .
	@touch $@

# Everything of the development lock but what has to be compiled: enough for every test that needs no GGUF model.
$(VENV)/.tools: requirements-dev.lock pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "Setting up: installing the pinned packages and the test tools into $(VENV) (once)"
	@awk '/^[^ #]/ {skip = /^llama-cpp-python==/} !skip' requirements-dev.lock > $(VENV)/tools.txt
	$(call install_locked,$(VENV)/tools.txt,--only-binary :all:)
	@$(PIP) install --no-deps --editable .
	@touch $@

# llama-cpp-python compiles here: a few minutes on two cores, once.
$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Setting up: installing the test tools and compiling llama.cpp (a few minutes, once)"
	@CMAKE_BUILD_PARALLEL_LEVEL=$${CMAKE_BUILD_PARALLEL_LEVEL:-$$(nproc 2>/dev/null || echo 2)} \
		$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

tools: $(VENV)/.tools ## set up for single tests, in a minute or two: nothing is compiled

demo: $(VENV)/.run ## set up, import a sample WhatsApp history, answer three questions, then chat
	@$(BIN)/python -m adapters.demo

talk: $(VENV)/.run ## the demo with a language model: compile llama.cpp, fetch a small model (0.5 GB), answer in its words
	@awk '/^[^ #]/ {keep = /^(diskcache|jinja2|llama-cpp-python|markupsafe)==/} keep' requirements-dev.lock > $(VENV)/engine.txt
	@CMAKE_BUILD_PARALLEL_LEVEL=$${CMAKE_BUILD_PARALLEL_LEVEL:-$$(nproc 2>/dev/null || echo 2)} \
		$(BIN)/python -m adapters.talk --engine $(VENV)/engine.txt

test: $(VENV)/.dev ## set up, lint, type-check and run every test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

lint: $(VENV)/.dev ## ruff and mypy, warnings are errors
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary

models: $(VENV)/.dev ## fetch the small real models (1.6 GB) that some tests use when they are there
	@$(BIN)/python -m tests.real_models

# make fuzz COUNT=1000000 takes as long as that takes; what it finds is kept in tests/fuzz/found.
COUNT ?= 20000
SEED ?= 1
fuzz: $(VENV)/.dev ## look for new examples that break a property, then for bytes that break a parser: make fuzz COUNT=100000
	@$(BIN)/python -m pytest --numprocesses 2 --hypothesis-profile=search -m hypothesis
	@$(BIN)/python -W ignore -m tests.fuzz $(COUNT) --seed $(SEED)

# mutmut is no part of the development lock: it serves this target alone, which nobody needs for a change.
# It makes the mutants and finds which tests reach what, for which it wants to run one; tests.mutation runs the others.
MUTANTS ?= *
SAMPLE  ?= 1000000
mutants: $(VENV)/.dev ## mutate access, forgetting, citations and search, and list what no test notices
	@$(PIP) install mutmut==3.8.1
	@nice -n 15 $(BIN)/mutmut run --max-children 1 'memory.search.diversity.*__mutmut_1'
	@cd mutants && nice -n 15 ../$(BIN)/python -m tests.mutation --sample $(SAMPLE) '$(MUTANTS)'

# make torture KINDS=crowd OPTIONS='--conversations 1000 --messages 20'; python -m tests.torture --help lists both.
SECONDS ?= 60
KINDS   ?=
OPTIONS ?=
torture: $(VENV)/.dev ## try to break the promises, and print how often each was tried; SECONDS=900 kills for longer
	@$(BIN)/python -m tests.torture --seconds $(SECONDS) $(OPTIONS) $(KINDS)

audit: $(VENV)/.dev ## check the licences of all that is shipped, and known faults with OSV=FILE.json
	@$(BIN)/python -m tests.audit $(OSV)

bench: $(VENV)/.dev ## measure against named peers, print one table, keep it in benchmarks/results/
	@$(BIN)/python -m benchmarks

# The benchmark's file is not shipped: get locomo10.json from its repository, snap-research/locomo.
LOCOMO ?= locomo10.json
answers: models ## score answers on LoCoMo beside the published figures: make answers LOCOMO=locomo10.json
	@test -f "$(LOCOMO)" || { echo "no $(LOCOMO): get locomo10.json from snap-research/locomo, then make answers LOCOMO=FILE"; exit 1; }
	@$(BIN)/python -m benchmarks.answers "$(LOCOMO)"

learning: models ## score what /learn keeps and /catchup tells with real models
	@$(BIN)/python -m benchmarks.learning

catalogues: $(VENV)/.dev ## bring the translations in bot/translation/locales up to date with the messages of the code
	@$(BIN)/python -m tests.catalogues

# No index address is recorded: wherever you install from, the hashes decide.
lock: $(VENV)/.dev ## resolve the dependencies afresh into the two lock files
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --no-emit-find-links --extra telegram --extra slack --extra discord \
		--extra whatsapp --extra web --extra mcp --extra postgres \
		pyproject.toml requirements.in -o requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --no-emit-find-links --all-extras --group dev \
		-c requirements.lock pyproject.toml requirements.in -o requirements-dev.lock

dist: ## build the sdist and the wheel, which carries the embedding model, into dist/
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(PIP) install build
	@$(BIN)/python -m build --outdir dist .

clean:  ## remove what was installed and built
	@rm -rf $(VENV) build dist mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
