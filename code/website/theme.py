"""Faults of the theme's pages, mended."""

import re
from pathlib import Path

# The script draws each icon as SVG and weighs more than the rest of a page; the fonts do as well.
ICON_SCRIPT = re.compile(r'\s*<script defer src="[^"]*/scripts/fontawesome\.js[^"]*"></script>')
# Its label would hide the words on it, "Search Ctrl+K", from those who speak to their computer.
SEARCH = re.compile(r'(<button class="btn search-button-field[^>]*?) aria-label="Search"')
# Handlers in attributes would need an exception in the policy; buttons.js serves them.
HANDLER = re.compile(r'<button onclick="(window\.print|toggleFullScreen)\(\)"')
# Withdrawn from the standard, and a list without items for that.
ROLES = re.compile(r' role="doc-biblioentry"| role="list"(?= class="citation-list")')
# The index of the search: heavy, and of use on its own page only.
INDEX = re.compile(r'\s*<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>')
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')


def repair(page: str, path: Path) -> str:
    """Return the page without these faults and without the icon script."""
    viewports = VIEWPORT.findall(page)
    for repeated in viewports[1:]:
        page = page.replace(repeated, "", 1)
    page = HANDLER.sub(r'<button data-click="\1"', ROLES.sub("", page))
    if path.name != "search.html":
        page = INDEX.sub("", page)
    return SEARCH.sub(r"\1", ICON_SCRIPT.sub("", page))
