# The commands of the course; `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
INSTALLED := .venv/.installed
export OPENBLAS_NUM_THREADS := 1

.PHONY: help install book serve test lint run claims bench lock clean

help:
	@echo "make serve    build the book and serve it on this computer"
	@echo "make book     build the book into _build/html"
	@echo "make test     check everything: style, library, chapters, site"
	@echo "make lint     check style and types only"
	@echo "make run      execute the chapters and write them back as they are committed"
	@echo "make claims   re-run every claim of the chapters under other seeds"
	@echo "make bench    time the library beside PyTorch and scikit-learn (installs both)"
	@echo "make lock     choose today's newest versions and write constraints.txt"
	@echo "make clean    remove what the other commands made, except .venv"
	@echo "Each makes .venv first if it is missing. PYTHON=python3.12 chooses another Python."

install: $(INSTALLED)

# The stamp is written last, so an interrupted installation is taken up again.
$(INSTALLED): requirements.txt tests/requirements.txt constraints.txt code/pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Downhill needs Python 3.11, 3.12 or 3.13; $(PYTHON) is %d.%d. Try: make PYTHON=python3.12" % v)'
	@echo "Installing into .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt -r tests/requirements.txt -c constraints.txt
	@touch $@

book: $(INSTALLED)
	@rm -rf _build
	.venv/bin/jupyter-book build . -W -n --keep-going --quiet

serve: book
	$(PY) code/tools/serve.py _build/html --port $(PORT)

lint: $(INSTALLED)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy

test: lint
	$(PY) -m pytest

run: $(INSTALLED)
	$(PY) code/tools/run_chapters.py book/*.ipynb

claims: $(INSTALLED)
	$(PY) -W ignore code/tools/claims.py book/*.ipynb

bench: $(INSTALLED)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(PY) tests/benchmarks/optimizers.py
	$(PY) tests/benchmarks/network.py

lock: $(INSTALLED)
	$(PY) -m pip install --quiet uv
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-annotate --no-header \
		--no-emit-package descentlab requirements.txt tests/requirements.txt --output-file constraints.txt

clean:
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
