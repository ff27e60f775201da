# make demo, make test, make check: each works on a machine with Python 3.11 or newer, pip and make, and nothing done first.
# Another Python: make PYTHON=/opt/python3.12/bin/python3 test

READY := .venv/ready
BIN   := .venv/bin
# What `make check` measures coverage by: the folders that run nearly every line, without examples drawn by Hypothesis, without
# long tests that repeat what others run, and outside tests/store on SQLite alone.
RUNNING_EVERY_LINE := $(addprefix tests/,cli domain exchange export papers presentation profiles proof provisions store stories web \
    timeline test_forgeries.py)
REPEATING := markup or every_link or withheld_is_at or thousands_of or nearest_day or same_memory or other_threads \
    or never_stop or without_turns or cut_off_at or million_faults
PIP   := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --constraint constraints.txt

COMPILED := $(patsubst %.po,%.mo,$(wildcard presentation/locale/*/LC_MESSAGES/liggare.po))

# What is active in the caller's shell must not leak into the venv.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV

.PHONY: demo serve test browser check words examples pictures bench curves mutants soak soak-patroni strace chromium checker openssh clean

demo: $(READY) $(COMPILED) ## a whole story on the real agreement, in a fresh ledger
	@$(BIN)/liggare demo

serve: $(READY) $(COMPILED) ## the demo's ledger as pages in a browser, in a new folder
	@folder=$$(mktemp -d) && $(BIN)/liggare demo "$$folder" >/dev/null && $(BIN)/liggare serve --ledger "$$folder/liggare.db"

test: $(READY) $(COMPILED) strace chromium checker openssh ## every test, on all cores
	@$(BIN)/python -m pytest -n auto

browser: $(READY) $(COMPILED) chromium ## every page in a browser, in each language, width, day and moment, with and without script; an hour
	@LIGGARE_BROWSER=all $(BIN)/python -m pytest -n auto tests/browser

check: $(READY) $(COMPILED) openssh ## lint, format, types; which lines and branches no test runs; that each answer is the same in Swedish
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@rm -rf .coverage
	@LIGGARE_BOTH=1 $(BIN)/python -m coverage run -m pytest -n auto -m 'not hypothesis' -k '(store or not postgres) and not ($(REPEATING))' $(RUNNING_EVERY_LINE)
	@$(BIN)/python -m coverage combine -q && $(BIN)/python -m coverage report

words: $(READY) ## the catalogues of translations: the texts in the code, and what they are in each language
	@$(BIN)/python -m docs.words

examples: $(READY) $(COMPILED) ## docs/examples: a paper of each kind, of the demo's ledger
	@$(BIN)/python -m docs.examples

pictures: $(READY) $(COMPILED) chromium ## docs/architecture.svg, drawn from the imports in the code, and docs/pages, taken in a browser
	@$(BIN)/python docs/pictures.py && $(BIN)/python -m docs.photographs

bench: $(READY) .venv-bench/ready ## measure, against the limits and the peers; minutes. Some parts alone: make bench PARTS="imports warm"
	@$(BIN)/python -m bench $(PARTS)

soak: $(READY) strace ## twenty failovers under four writers, kills, failing disks, power cuts; and all else that is long
	@LIGGARE_FAILOVERS=20 LIGGARE_SOAK=1 $(BIN)/python -m pytest tests/distributed tests/models tests/export/test_agreement.py tests/export/test_hostile.py tests/hostile tests/proof/test_receipt.py tests/store/test_fairness.py tests/store/test_cuts.py tests/domain/test_skim.py tests/cli/test_plain_lines.py tests/web/test_public.py tests/web/test_hostile.py
	@LIGGARE_SOAK=1 $(BIN)/python -m pytest -n auto tests/durability tests/timeline/test_warm.py

strace: # the tests of power cuts, kills and failing disks watch the program through it
	@command -v strace >/dev/null || { apt-get update && apt-get install --yes strace; } >/dev/null 2>&1 \
	    || echo "strace is missing, and could not be installed: apt-get install strace" >&2

chromium: # the pages are tested in it
	@command -v chromium >/dev/null || { apt-get update && apt-get install --yes chromium; } >/dev/null 2>&1 \
	    || echo "chromium is missing, and could not be installed: apt-get install chromium" >&2

openssh: # acts are signed with it
	@command -v ssh-keygen >/dev/null || { apt-get update && apt-get install --yes openssh-client; } >/dev/null 2>&1 \
	    || echo "ssh-keygen is missing, and could not be installed: apt-get install openssh-client" >&2

checker: $(READY) # the Nu HTML checker, a Java program on npm: the markup of the pages is checked by it
	@command -v java >/dev/null || { apt-get update && apt-get install --yes --no-install-recommends default-jre-headless; } \
	    >/dev/null 2>&1 || echo "Java is missing, and could not be installed: apt-get install default-jre-headless" >&2
	@test -e .venv/vnu.jar || { cd .venv && npm pack --silent vnu-jar@26.9.27 && tar -xzf vnu-jar-26.9.27.tgz \
	    && mv package/build/dist/vnu.jar . && rm -r package vnu-jar-26.9.27.tgz; } >/dev/null 2>&1 \
	    || echo "the HTML checker is missing, and could not be fetched: npm pack vnu-jar" >&2

mutants: $(READY) ## small changes to what proves the log: tests notice each, or it says why not; an hour or more
	@$(BIN)/python -m tests.mutation

soak-patroni: $(READY) ## the same on three machines that Patroni runs; needs etcd
	@$(PIP) --constraint tests/distributed/patroni.txt 'patroni[etcd3]' && $(BIN)/python -m tests.distributed.patroni

curves: $(READY) .venv-bench/ready ## how cost grows with the ledger, as pictures in docs/; minutes
	@$(BIN)/python -m bench.curves .venv-bench/curves.json
	@.venv-bench/bin/python bench/peers/plot.py .venv-bench/curves.json docs

clean: ## remove what make and the tools made
	@rm -rf .venv .venv-bench build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

# A fresh venv with exactly the versions in constraints.txt, the build backend's too (hence no build isolation). Debian's
# Python may lack ensurepip: then the system's pip fills the venv from outside.
$(READY): pyproject.toml constraints.txt
	@set -eu; \
	if [ -n "$${PYTHON:-}" ]; then set -- "$$PYTHON"; else set -- python3 python3.11 python3.12 python3.13 python3.14; fi; \
	found=; \
	for python in "$$@"; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "liggare needs Python 3.11 or newer, and none of these is: $$*. Name one: make PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	echo "making .venv with $$("$$found" --version); this takes a minute, once" >&2; \
	if "$$found" -c 'import ensurepip' 2>/dev/null; then "$$found" -m venv --clear .venv; \
	else \
	    "$$found" -m venv --clear --without-pip .venv; \
	    "$$found" -m pip --python $(BIN)/python install --quiet --disable-pip-version-check pip; \
	fi; \
	$(PIP) setuptools babel; \
	$(PIP) --no-build-isolation --editable '.[dev]'; \
	touch $@

# A catalogue that was changed is compiled anew; installing compiles it too.
%.mo: %.po | $(READY)
	@$(BIN)/python -c 'import sys; from babel.messages import mofile, pofile; mofile.write_mo(open(sys.argv[2], "wb"), \
	    pofile.read_po(open(sys.argv[1], "rb")))' $< $@

# What the ledger is measured against; nothing else needs it.
.venv-bench/ready: bench/constraints.txt $(READY)
	@$(BIN)/python -m venv --clear --without-pip .venv-bench
	@$(BIN)/python -m pip --python .venv-bench/bin/python --disable-pip-version-check --no-input install --quiet \
	    --constraint bench/constraints.txt \
	    eventsourcing eventsourcing-sqlalchemy 'psycopg[binary,pool]' matplotlib sqlite-utils duckdb lmdb
	@touch $@
