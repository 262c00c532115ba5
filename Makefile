# The commands of the course; `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
# Which versions to install: pinned, or newest: today's newest with the same major number.
VERSIONS ?= pinned
PY := .venv/bin/python
INSTALLED := .venv/.$(VERSIONS)
export OPENBLAS_NUM_THREADS := 1
# What is solved while the chapters are built or tested is nobody's progress.
export DOWNHILL_PROGRESS := /dev/null/none

.PHONY: help install book serve pdf test site-test site-report lint launch-test colab run processors claims capstone bench lock clean

help:
	@echo "make serve    build the book and serve it on this computer"
	@echo "make book     build the book into _build/html"
	@echo "make pdf      print the whole book into _build/downhill.pdf (with Chromium)"
	@echo "make test     check everything: style, library, chapters, site"
	@echo "make lint     check style and types only"
	@echo "make site-test    build the book and check its pages only"
	@echo "make site-report  a table of what each page weighs and does; two builds compared"
	@echo "make launch-test  install and use a chapter as Binder does, in a browser (minutes)"
	@echo "make run      execute the chapters and write them back as they are committed"
	@echo "make processors  do the chapters print the same on other kinds of processors? (minutes)"
	@echo "make claims   re-run every claim of the chapters under other seeds"
	@echo "make capstone compare the optimizers of chapter 21 again (minutes; writes its results)"
	@echo "make bench    time the library beside PyTorch and scikit-learn (installs both)"
	@echo "make colab    make the copies of the chapters that Colab opens (PUSH=origin publishes them)"
	@echo "make lock     choose today's newest versions and write constraints.txt"
	@echo "make clean    remove what the other commands made, except .venv"
	@echo "Each makes .venv first if it is missing. PYTHON=python3.12 chooses another Python,"
	@echo "VERSIONS=newest the newest versions of everything instead of the pinned ones."

REQUIRED.pinned := -r requirements.txt -r tests/requirements.txt -c constraints.txt
REQUIRED.newest := --upgrade --upgrade-strategy eager -r .venv/newest.txt
$(if $(REQUIRED.$(VERSIONS)),,$(error VERSIONS is pinned or newest, not $(VERSIONS)))

install: $(INSTALLED)

# The stamp is written last, so an interrupted installation is taken up again.
$(INSTALLED): requirements.txt tests/requirements.txt constraints.txt code/pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Downhill needs Python 3.11, 3.12 or 3.13; $(PYTHON) is %d.%d. Try: make PYTHON=python3.12" % v)'
	@echo "Installing into .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
	@rm -f .venv/.pinned .venv/.newest
	@sed -E 's/==([0-9]+\.[0-9]+).*/~=\1/' requirements.txt tests/requirements.txt > .venv/newest.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check $(REQUIRED.$(VERSIONS))
	@touch $@

book: $(INSTALLED)
	@rm -rf _build
	.venv/bin/jupyter-book build . -W -n --keep-going --quiet

serve: book
	$(PY) code/tools/serve.py _build/html --port $(PORT)

pdf: book
	$(PY) code/tools/make_pdf.py _build/html _build/downhill.pdf

lint: $(INSTALLED)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy

test: lint
	$(PY) -m pytest

site-test: book
	BOOK=_build/html $(PY) -m pytest -n 0 tests/site

site-report: book
	@rm -rf _build/second
	.venv/bin/jupyter-book build . -W -n --keep-going --quiet --path-output _build/second
	PYTHONPATH=code/tools $(PY) tests/site/report.py _build/html _build/second/_build/html

# Not part of `make test`: it installs JupyterLab and the course once more, which takes minutes.
launch-test: $(INSTALLED)
	$(PY) -m pytest -n 0 -m launch tests/launch

run: $(INSTALLED)
	$(PY) code/tools/run_chapters.py book/*.ipynb

# OpenBLAS, which multiplies NumPy's matrices, can be told to compute as on another processor.
processors: $(INSTALLED)
	@for kind in Nehalem Haswell; do \
		echo "As on $$kind:"; OPENBLAS_CORETYPE=$$kind $(PY) -m pytest -q book || exit; \
	done

claims: $(INSTALLED)
	$(PY) -W ignore code/tools/claims.py book/*.ipynb

capstone: $(INSTALLED)
	$(PY) code/tools/capstone.py

bench: $(INSTALLED)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(PY) tests/benchmarks/optimizers.py
	$(PY) tests/benchmarks/network.py

colab: $(INSTALLED)
	@rm -rf _build/colab
	$(PY) code/tools/colab.py _build/colab $(if $(PUSH),--push $(PUSH))

lock: $(INSTALLED)
	$(PY) -m pip install --quiet uv
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-annotate --no-header \
		--no-emit-package descentlab requirements.txt tests/requirements.txt --output-file constraints.txt

clean:
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
