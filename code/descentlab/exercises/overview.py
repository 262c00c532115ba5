"""The list of all exercises, and which of them a reader has solved.

Solved exercises are kept in a small file in the folder in which the notebooks run. Nothing depends
on it: without it, or with a damaged one, only the ticks are lost.
"""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from IPython.display import display

from descentlab.exercises.exercise import Exercise
from descentlab.exercises.registry import all_exercises

FILE = "downhill-progress.json"


def _file() -> Path:
    return Path(os.environ.get("DOWNHILL_PROGRESS", FILE))


def solved() -> set[str]:
    """Return the slugs of the solved exercises; none if the file is missing or damaged."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
        return {slug for slug in found["solved"] if isinstance(slug, str)}
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return set()


def record(slug: str) -> None:
    """Note that an exercise is solved; where no file can be written, do nothing."""
    done = solved()
    if slug in done:
        return
    file = _file()
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps({"solved": sorted({*done, slug})}, indent=1), encoding="utf-8")
        draft.replace(file)
    except OSError:
        pass


def progress() -> None:
    """Print, for each chapter, how many of its exercises are solved, and which are left."""
    done = solved()
    total = 0
    for page, exercises in _chapters():
        marks = " ".join("✓" if exercise.slug in done else "·" for exercise in exercises)
        left = [exercise.slug for exercise in exercises if exercise.slug not in done]
        total += len(exercises) - len(left)
        begun = left and len(left) < len(exercises)
        print(f"{page:18} {marks:14} {f'next: {left[0]}' if begun else ''}".rstrip())
    print(f"{total} of {len(list(all_exercises()))} exercises solved")


def catalogue() -> None:
    """Show a table of all exercises with their difficulty, minutes and links to them."""
    markdown = ["| exercise | chapter | difficulty | minutes |", "|---|---|---|---|"]
    html = ["<tr><th>exercise</th><th>chapter</th><th>difficulty</th><th>minutes</th></tr>"]
    for page, exercises in _chapters():
        for number, exercise in enumerate(exercises, start=1):
            stars, title = "★" * exercise.difficulty, escape(exercise.title)
            anchor = _anchor(f"{number} · {exercise.title} ({stars}, {exercise.minutes} minutes)")
            link = f'<a href="{page}.html#{anchor}">{title}</a>'
            markdown.append(f"| {link} | {page} | {stars} | {exercise.minutes} |")
            cells = [f'<a href="{page}.ipynb">{title}</a>', page, stars, str(exercise.minutes)]
            html.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    plain = f"{len(markdown) - 2} exercises"
    table = f"<table>\n{chr(10).join(html)}\n</table>"
    bundle = {"text/markdown": "\n".join(markdown), "text/html": table, "text/plain": plain}
    display(bundle, raw=True)


def _chapters() -> Iterator[tuple[str, list[Exercise]]]:
    for chapter, exercises in groupby(all_exercises(), lambda item: item.reference.__module__):
        name = chapter.rpartition(".")[2]
        yield re.sub(r"^ch(\d\d)_", r"\1-", name), list(exercises)


def _anchor(heading: str) -> str:
    """Return the id that Sphinx gives to a heading."""
    plain = unicodedata.normalize("NFKD", heading.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))
