"""Pictures that hold their place before they are loaded, and are loaded when they are near."""

import re
import struct
from pathlib import Path

PICTURE = re.compile(r'<img (?=[^>]*\bsrc="(?P<src>[^"]*/_images/[^"]*\.png)")(?P<rest>[^>]*)>')


def measure(page: str, path: Path) -> str:
    """Return the page with width, height and lazy loading on each picture of ours.

    The width and the height come from the first bytes of the file, so the text below does not move
    when the picture arrives.
    """

    def measured(found: re.Match[str]) -> str:
        with (path.parent / found["src"]).open("rb") as file:
            width, height = struct.unpack(">II", file.read(24)[16:])
        size = "" if "width=" in found["rest"] else f'width="{width}" height="{height}" '
        return f'<img loading="lazy" decoding="async" {size}{found["rest"]}>'

    return PICTURE.sub(measured, page)
