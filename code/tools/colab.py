"""Make the copies of the chapters that Colab opens, and push them as the branch ``colab``.

``python colab.py _build/colab [--push origin]``. Colab opens a notebook alone, without the package
and without MyST. So each copy begins with a cell that installs the package, and its Markdown is
plain: dropdowns become ``<details>``, links lead to the site, citations are written out.
"""

import argparse
import os
import re
import subprocess
import tempfile
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode
from pybtex.database import BibliographyData, parse_file

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
REPOSITORY, SITE = CONFIG["repository"]["url"], CONFIG["html"]["baseurl"]
BRANCH = "colab"

NOTE = """*This copy is for Colab. Run the next cell alone first: it installs the course's package,
takes about a minute and may restart the kernel. Then choose "Run all".
[This chapter on the site]({page})*"""
SETUP = """# Installs the course's package on Colab; where it is installed, does nothing.
import importlib.util
import subprocess
import sys

from IPython import get_ipython

if importlib.util.find_spec("descentlab") is None:
    package = "descentlab @ git+{source}#subdirectory=code"
    install = [sys.executable, "-m", "pip", "install", "--quiet", package]
    subprocess.run(install, check=True)
    importlib.invalidate_caches()
    if "numpy" in sys.modules:  # in an older version than was just installed
        get_ipython().kernel.do_shutdown(restart=True)
"""
NOSCRIPT = re.compile(r"<noscript>[\s\S]*?</noscript>\n*")
DIRECTIVE = re.compile(r"^(:{3,})\{(\w+)\} *(.*)\n([\s\S]*?)\n\1$", re.MULTILINE)
CITATION = re.compile(r"\{cite:([tp])\}`([^`]+)`")
LINK = re.compile(r"\]\(([\w-]+)\.(?:ipynb|md)(#[\w-]+)?\)")


def for_colab(notebook: NotebookNode, page: str, source: str, works: BibliographyData) -> None:
    """Turn a chapter, in place, into one that runs and reads on Colab."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, works)
    note = nbformat.v4.new_markdown_cell(NOTE.format(page=page), id="colab-note")
    setup = nbformat.v4.new_code_cell(SETUP.format(source=source), id="colab-setup")
    notebook.cells = [note, setup, *notebook.cells]


def plain(text: str, works: BibliographyData) -> str:
    """Return Markdown without MyST."""
    text = NOSCRIPT.sub("", text)
    text = DIRECTIVE.sub(_directive, text)
    text = CITATION.sub(lambda m: _citation(m[1], m[2].split(","), works), text)
    return LINK.sub(lambda m: f"]({SITE}book/{m[1]}.html{m[2] or ''})", text)


def _directive(match: re.Match[str]) -> str:
    _, kind, title, body = match.groups()
    if kind == "dropdown":
        return f"<details><summary><b>{title}</b></summary>\n\n{body}\n\n</details>"
    return "\n".join(f"> {line}".rstrip() for line in [f"**{title}**", "", *body.splitlines()])


def _citation(kind: str, keys: list[str], works: BibliographyData) -> str:
    pairs = [_author_and_year(works, key.strip()) for key in keys]
    if kind == "t":
        return ", ".join(f"{author} ({year})" for author, year in pairs)
    return f"({'; '.join(f'{author}, {year}' for author, year in pairs)})"


def _author_and_year(works: BibliographyData, key: str) -> tuple[str, str]:
    entry = works.entries[key]
    people = entry.persons.get("author") or entry.persons["editor"]
    names = [
        " ".join(str(part) for part in [*person.rich_prelast_names, *person.rich_last_names])
        for person in people
    ]
    author = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return author, str(entry.fields["year"])


def make(folder: Path, commit: str) -> list[Path]:
    """Write a copy of each chapter below `folder`; they install the package of that commit."""
    works = parse_file(ROOT / "book" / "references.bib")
    written = []
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for_colab(notebook, f"{SITE}book/{path.stem}.html", f"{REPOSITORY}@{commit}", works)
        target = folder / "book" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)
        written.append(target)
    return written


def git(*arguments: str | Path, **environment: str) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


def push(folder: Path, remote: str, commit: str) -> None:
    """Push the files of `folder` as the only commit of the branch; nothing else is touched."""
    me = ["-c", "user.name=Downhill", "-c", "user.email=downhill@users.noreply.github.com"]
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        git("--work-tree", folder, "add", "--all", "--force", folder, **index)
        tree = git("write-tree", **index)
    made = git(*me, "commit-tree", tree, "-m", f"The chapters of {commit} for Colab")
    git("push", "--quiet", "--force", remote, f"{made}:refs/heads/{BRANCH}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--push", metavar="REMOTE", help="push them there as the branch colab")
    options = parser.parse_args()
    head = git("rev-parse", "HEAD")
    chapters = make(options.folder, head)
    print(f"{len(chapters)} chapters in {options.folder}")
    if options.push:
        push(options.folder.resolve(), options.push, head)
        print(f"pushed to the branch {BRANCH} of {options.push}")
