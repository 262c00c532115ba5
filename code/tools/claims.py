"""Re-run every measured claim of the chapters under other seeds and print how often each holds.

``python claims.py book/02-direction.ipynb ... [--seeds 10]``. A claim is a statement that asserts
something. A chapter is run once per seed, statement by statement; a claim that fails is counted
and the run goes on.
"""

import argparse
import ast
import contextlib
import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import nbformat

REQUIRED = 0.95
SEED = re.compile(r"default_rng\(([\d_]+)\)")


def statements(path: Path, shift: int) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the chapter's statements with their source, each seed moved by ``shift``."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            source = SEED.sub(lambda m: f"default_rng({int(m[1]) + shift})", cell.source)
            for statement in ast.parse(source).body:
                yield ast.get_source_segment(source, statement) or "", statement


def is_claim(statement: ast.stmt) -> bool:
    """Whether the statement asserts something about values, itself or in a loop."""
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Attribute) and node.attr.startswith("assert_"))
        for node in ast.walk(statement)
    ) and not isinstance(statement, ast.FunctionDef | ast.ClassDef)


def failures(path: Path, shift: int) -> dict[str, bool]:
    """Run a chapter with moved seeds; return for each claim whether it failed."""
    namespace: dict = {"__name__": "__main__"}
    failed = {}
    for source, statement in statements(path, shift):
        code = compile(ast.Module([statement], []), str(path), "exec")
        claim = is_claim(statement)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(code, namespace)
        except AssertionError:
            if not claim:
                raise
            failed[source] = True
        else:
            if claim:
                failed[source] = False
    return failed


def report(path: Path, seeds: int) -> bool:
    """Print the pass rate of each claim of a chapter; return whether all reach the required one."""
    counts: Counter[str] = Counter()
    for seed in range(1, seeds + 1):
        counts.update({source: not bad for source, bad in failures(path, 1000 * seed).items()})
    print(f"{path.stem}: {len(counts)} claims, {seeds} seeds")
    for source, passed in counts.items():
        rate = passed / seeds
        line = next(line.strip() for line in source.splitlines() if "assert" in line)
        print(f"  {' ' if rate >= REQUIRED else '✗'} {rate:4.0%}  {line[:80]}")
    return all(passed / seeds >= REQUIRED for passed in counts.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chapters", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args()
    matplotlib.use("Agg")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    reports = [report(path, arguments.seeds) for path in arguments.chapters]
    sys.exit(0 if all(reports) else 1)
