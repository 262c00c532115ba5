"""The folder holds what the README promises, and nothing that breaks Python or Binder."""

import ast
import code
import io
import tokenize
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_code_is_a_folder_and_not_a_package():
    assert not (ROOT / "code" / "__init__.py").exists()
    assert hasattr(code, "InteractiveConsole")


def test_binder_sees_the_local_package_and_nothing_at_the_root():
    lines = (ROOT / "requirements.txt").read_text().split("\n")
    assert lines[-2:] == ["-e ./code", ""]
    assert (
        not {"project", "build-system"}
        & tomllib.loads((ROOT / "pyproject.toml").read_text()).keys()
    )
    assert (ROOT / "runtime.txt").read_text().strip() == "python-3.12"


def test_every_requirement_is_pinned_and_repeated_in_the_constraints():
    constraints = (ROOT / "constraints.txt").read_text().split()
    for name in ("requirements.txt", "tests/requirements.txt"):
        lines = [x for x in (ROOT / name).read_text().splitlines() if x and x[0] not in "#-"]
        assert lines
        for line in lines:
            assert line.lower() in constraints, f"{line} of {name}: run `make lock`"


def test_no_folder_called_static():
    """Jupyter Book loads every script below a folder of that name on every page."""
    assert not [p for p in ROOT.glob("*") if p.name == "_static"]


def test_every_chapter_is_in_the_table_of_contents():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    listed = {toc["root"]} | {c["file"] for part in toc["parts"] for c in part["chapters"]}
    written = {
        p.relative_to(ROOT).with_suffix("").as_posix()
        for p in (ROOT / "book").iterdir()
        if p.suffix in {".md", ".ipynb"}
    }
    assert listed == written


def lines_of_code(path):
    """Count lines without docstrings, comments and blank lines."""
    source = path.read_text()
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines -= set(range(node.lineno, node.end_lineno + 1))
    return len(lines)


def test_modules_stay_small():
    """A file of exercises, ch02_… or bugs, is data: as long as its exercises are many."""
    for path in (ROOT / "code").rglob("*.py"):
        if not (path.match("exercises/ch*.py") or path.match("exercises/bugs.py")):
            count = lines_of_code(path)
            assert count <= 250, f"{path} has grown to {count} lines of code"
