"""Docstrings as reStructuredText, in which a bar would begin a substitution."""

import re

# Code between double backticks, or a bar.
PIECE = re.compile(r"``.*?``|\|")


def escape_bars(line: str) -> str:
    r"""Return a line with its bars escaped, such as ``\|w\|``, except in code."""
    if line.lstrip().startswith((">>>", "...")):
        return line
    return PIECE.sub(lambda found: r"\|" if found[0] == "|" else found[0], line)


def process(app: object, what: str, name: str, obj: object, options: object, lines: list) -> None:
    """Escape the bars of one docstring in place, as Sphinx asks for it."""
    lines[:] = map(escape_bars, lines)
