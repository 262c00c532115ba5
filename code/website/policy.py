"""A content security policy per page: its own scripts by their hashes, nothing from elsewhere."""

import base64
import hashlib
import re
from pathlib import Path

MARK = "Content-Security-Policy"
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
START = re.compile(r"<head>\s*<meta charset[^>]*>")
TYPES = {"", "text/javascript", "application/javascript", "module"}


def add(page: str, path: Path) -> str:
    """Return the page with its policy early in the head, after the encoding."""
    scripts = {_hash(code) for attributes, code in SCRIPT.findall(page) if _runs(attributes)}
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "blob:", *sorted(scripts)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    content = "; ".join(f"{name} {value}" for name, value in rules.items())
    meta = f'\n<meta http-equiv="{MARK}" content="{content}">'
    return START.sub(lambda found: found[0] + meta, page, count=1)


def _runs(attributes: str) -> bool:
    kind = re.search(r'\btype="([^"]*)"', attributes)
    return "src=" not in attributes and (kind[1] if kind else "") in TYPES


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
