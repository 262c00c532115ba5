"""Chapter 02 in a real JupyterLab: every cell runs, and dial and kernel follow each other."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

CHAPTER = Path(__file__).parents[1] / "book" / "02-direction.ipynb"
READ = 'print(f"the kernel sees {dial.theta_deg:.0f} degrees")'
WRITE = "dial.theta_deg = 200.0"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab whose folder holds the chapter with two cells more."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.read(CHAPTER, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in (READ, WRITE)]
    nbformat.write(notebook, folder / "chapter.ipynb")
    # Without windowing every cell is in the page, so the test need not scroll.
    settings = folder / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token="]
    command += [f"--LabApp.user_settings_dir={folder / 'settings'}", "--expose-app-in-browser"]
    command += ["--LabApp.news_url=None"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}/"
        try:
            wait_for(address + "api", server, folder / "log.txt")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(address, server, log):
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


def test_the_chapter_runs_and_the_dial_follows_both_ways(lab, chromium):
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{lab}lab/tree/chapter.ipynb")
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("| Idle").wait_for()  # before, "Run All Cells" would ask for a kernel
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    cells = page.locator(".jp-Notebook .jp-CodeCell")
    read, write = cells.nth(-2), cells.nth(-1)
    read.get_by_text("the kernel sees 120 degrees").wait_for()
    assert page.locator('.jp-OutputArea-output[data-mime-type*="error"]').count() == 0
    status = page.get_by_role("status").filter(has_text="θ =").first
    status.get_by_text("θ = 200°").wait_for()  # the last cell wrote it

    page.get_by_role("application").first.press("ArrowRight")
    status.get_by_text("θ = 201°").wait_for()
    run(page, read)
    read.get_by_text("the kernel sees 201 degrees").wait_for()
    run(page, write)
    status.get_by_text("θ = 200°").wait_for()
    context.close()


def run(page, cell):
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
