"""The browser that prints the book and in which its pages are tested."""

import shutil

from playwright.sync_api import Browser, Playwright

# Debian's Chromium without windows starts a page in a third of the time.
PROGRAMS = ("chromium-headless-shell", "chromium")


def launch(playwright: Playwright, *options: str) -> Browser:
    """Start the system's Chromium; if it has none, Playwright's own."""
    path = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *options])
