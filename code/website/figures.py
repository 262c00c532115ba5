"""Names of the interactive figures that are the same in every build."""

import hashlib
import re
from pathlib import Path

MODEL = re.compile(r'"model_id": "([0-9a-f]{32})"|"([0-9a-f]{32})": \{"model_name"')


def rename(page: str, path: Path) -> str:
    """Return the page with the random names of its models replaced by numbered ones."""
    found = dict.fromkeys(first or second for first, second in MODEL.findall(page))
    for number, old in enumerate(found):
        page = page.replace(old, hashlib.md5(f"{path.stem} {number}".encode()).hexdigest())
    return page
