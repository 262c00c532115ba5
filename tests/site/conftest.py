"""The book, built once from clean for all tests of the site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from site_survey import gzipping

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The folder of a book built as `make book` builds it: any warning is a failure.

    The environment variable BOOK names one that was just built so.
    """
    if "BOOK" in os.environ:
        return Path(os.environ["BOOK"]).resolve()
    mine = tmp_path_factory.getbasetemp()
    shared = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "book"
    pages = shared / "_build" / "html"
    with FileLock(f"{shared}.lock"):  # the first test process builds it for all
        if not (shared / "built").exists():
            command = [Path(sys.executable).with_name("jupyter-book"), "build", ROOT]
            command += ["-W", "-n", "--keep-going", "--quiet", "--path-output", shared]
            built = subprocess.run(command, capture_output=True, text=True, check=False)
            assert built.returncode == 0, built.stdout + built.stderr
            (shared / "built").touch()
    return pages


@pytest.fixture(scope="session")
def address(book, served):
    return served(book)


@pytest.fixture(scope="session")
def gzipped(book):
    """The address of the book on a server that compresses, as a site's host does."""
    with gzipping(book) as address:
        yield address


@pytest.fixture
def visit(chromium, address):
    """Open a page and, at the end, insist: no error, no failed request, none to elsewhere."""
    contexts, faults, requests = [], [], []

    def open_page(path, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        if options.get("java_script_enabled", True):  # else preloaded scripts count as failed
            page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
        page.on(
            "response",
            lambda r: faults.append(f"{r.status}: {r.url}") if r.status >= 400 else None,
        )
        page.goto(address + path, wait_until="networkidle")
        scripts = options.get("java_script_enabled", True)
        if scripts and page.locator("script[type*='widget-view']").count():
            page.locator("html[data-widgets-ready]").wait_for(state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert [url for url in requests if not re.match(rf"{address}|data:|blob:", url)] == []
