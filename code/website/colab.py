"""The rocket's Colab link leads to the branch whose chapters install the package first."""

import re
from pathlib import Path

LINK = re.compile(r"(https://colab\.research\.google\.com/github/[^/\"]+/[^/\"]+/blob/)[^/\"]+/")


def link(page: str, path: Path) -> str:
    """Point the page's Colab links to the branch `colab`, which code/tools/colab.py makes."""
    return LINK.sub(r"\1colab/", page)
