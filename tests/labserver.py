"""A JupyterLab of one's own and the few gestures the browser tests make in it."""

import contextlib
import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest


@contextlib.contextmanager
def running(python, folder, scratch, environment=None):
    """Start `python`'s JupyterLab in `folder`, yield its address, stop it; `scratch` is outside."""
    # Without windowing every cell is in the page, so a test need not scroll.
    settings = scratch / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token="]
    command += [f"--LabApp.user_settings_dir={scratch / 'settings'}", "--expose-app-in-browser"]
    command += ["--LabApp.news_url=None"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    log = scratch / "log.txt"
    with log.open("w") as stream:
        server = subprocess.Popen(
            command, cwd=folder, stdout=stream, stderr=stream, env=environment or os.environ
        )
        address = f"http://127.0.0.1:{port}/"
        try:
            _wait_for(address + "api", server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


def open_notebook(context, address):
    """Open the address in a new page and wait until its kernel can be asked."""
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("| Idle").wait_for()  # before, "Run All Cells" would ask for a kernel
    return page


def run_all(page):
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def run(page, cell):
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def errors(page):
    return page.locator('.jp-OutputArea-output[data-mime-type*="error"]')


def code_cell(page, text):
    """Return the code cell with `text` in its source."""
    editor = page.locator(".jp-InputArea-editor", has_text=re.compile(re.escape(text)))
    return page.locator(".jp-Notebook .jp-CodeCell").filter(has=editor)
