"""Colab: the copies of the chapters that install the package first, and the link to them."""

import importlib.util
import os
import subprocess
import sys
import types
from pathlib import Path

import colab
import nbformat
import pytest
from packaging.requirements import Requirement
from pybtex.database import parse_file

ROOT = Path(__file__).parents[2]
WORKS = parse_file(ROOT / "book" / "references.bib")


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    return colab.make(tmp_path_factory.mktemp("colab"), "0123abc")


def setup_of(path):
    note, setup, *_ = nbformat.read(path, as_version=4).cells
    assert note.cell_type == "markdown"
    assert setup.cell_type == "code"
    return setup.source


def test_each_chapter_has_a_copy_and_its_other_cells_are_the_same_code(copies):
    chapters = sorted((ROOT / "book").glob("*.ipynb"))
    assert [path.name for path in copies] == [path.name for path in chapters]
    for chapter, copy in zip(chapters, copies, strict=True):
        made = nbformat.read(copy, as_version=4)
        nbformat.validate(made)
        before = nbformat.read(chapter, as_version=4).cells
        assert len(made.cells) == len(before) + 2
        for old, new in zip(before, made.cells[2:], strict=True):
            assert old.cell_type == new.cell_type
            assert new.cell_type == "markdown" or old == new


def test_no_myst_is_left(copies):
    for copy in copies:
        for cell in nbformat.read(copy, as_version=4).cells:
            if cell.cell_type == "markdown":
                assert not any(mark in cell.source for mark in (":::", "{cite", ".ipynb)", ".md)"))
                assert cell.source.count("<details>") == cell.source.count("</details>")


def test_where_the_package_is_installed_the_setup_does_nothing(copies, monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("installed something"))
    for copy in copies:
        exec(setup_of(copy), {})


@pytest.mark.parametrize("numpy_is_loaded", [True, False])
def test_where_the_package_is_missing_it_is_installed(copies, monkeypatch, numpy_is_loaded):
    commands, restarts = [], []
    kernel = types.SimpleNamespace(do_shutdown=lambda restart: restarts.append(restart))
    shell = types.SimpleNamespace(kernel=kernel)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(subprocess, "run", lambda command, check: commands.append(command))
    if not numpy_is_loaded:
        monkeypatch.delitem(sys.modules, "numpy")
    exec(setup_of(copies[0]), {})
    url = "git+https://github.com/downhill-course/downhill@0123abc#subdirectory=code"
    install = [sys.executable, "-m", "pip", "install", "--quiet"]
    assert commands == [[*install, f"descentlab @ {url}"]]
    assert restarts == [True] * numpy_is_loaded
    assert Requirement(commands[0][-1]).url == url


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        (
            ":::{dropdown} Why\na\n\nb\n:::",
            "<details><summary><b>Why</b></summary>\n\na\n\nb\n\n</details>",
        ),
        (
            "::::{admonition} Predict\n(a) $x$\n\nb\n::::\nc",
            "> **Predict**\n>\n> (a) $x$\n>\n> b\nc",
        ),
        ("{cite:t}`cauchy1847` {cite:p}`cauchy1847`", "Cauchy (1847) (Cauchy, 1847)"),
        ("{cite:p}`boyd2004,efron2004`", "(Boyd and Vandenberghe, 2004; Efron et al., 2004)"),
        ("[N](notation.md)", f"[N]({colab.SITE}book/notation.html)"),
        ("[A](13-adam.ipynb#bias)", f"[A]({colab.SITE}book/13-adam.html#bias)"),
        ("a\n\n<noscript>No\nscript</noscript>\n\nb", "a\n\nb"),
        ("`f[x](w)` [s](https://a.org/b.md)", "`f[x](w)` [s](https://a.org/b.md)"),
    ],
)
def test_myst_becomes_plain_markdown(myst, plain):
    assert colab.plain(myst, WORKS) == plain


def test_pushing_makes_one_commit_of_these_files_alone(copies, tmp_path):
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    folder = copies[0].parents[1]
    before = colab.git("status", "--porcelain")
    for _ in range(2):
        colab.push(folder, str(remote), "0123abc")
    assert colab.git("status", "--porcelain") == before

    def ask(*arguments):
        return colab.git("--git-dir", remote, *arguments).splitlines()

    assert ask("log", "--format=%s", colab.BRANCH) == ["The chapters of 0123abc for Colab"]
    files = ask("ls-tree", "-r", "--name-only", colab.BRANCH)
    assert files == [f"book/{path.name}" for path in copies]


def test_the_rocket_leads_to_the_copy():
    link = load_link()
    page = '<a href="https://colab.research.google.com/github/a/b/blob/main/book/01-loss.ipynb">'
    other = '<a href="https://github.com/a/b/blob/main/book/01-loss.ipynb">'
    assert link(page + other, None) == page.replace("/main/", f"/{colab.BRANCH}/") + other


def load_link():
    """Return the site's function; its module has the name of the tool's."""
    path = ROOT / "code" / "website" / "colab.py"
    spec = importlib.util.spec_from_file_location("website_colab", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.link


@pytest.mark.launch
def test_the_package_can_be_installed_from_the_repository(tmp_path):
    """As the setup cell does, with this repository in the place of the published one."""
    source = f"git+file://{ROOT}@{colab.git('rev-parse', 'HEAD')}#subdirectory=code"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", tmp_path]
    subprocess.run([*install, source], check=True)
    program = "import descentlab.data as d; print(d.__file__); d.load_diabetes()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith(str(tmp_path))
