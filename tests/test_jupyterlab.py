"""Chapter 02 in a real JupyterLab: every cell runs, and dial and kernel follow each other."""

import sys
from pathlib import Path

import nbformat
import pytest

import labserver

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
    with labserver.running(sys.executable, folder, folder) as address:
        yield address


def test_the_chapter_runs_and_the_dial_follows_both_ways(lab, chromium):
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    page = labserver.open_notebook(context, f"{lab}lab/tree/chapter.ipynb")
    labserver.run_all(page)

    cells = page.locator(".jp-Notebook .jp-CodeCell")
    read, write = cells.nth(-2), cells.nth(-1)
    read.get_by_text("the kernel sees 120 degrees").wait_for()
    assert labserver.errors(page).count() == 0
    assert page.get_by_text("needs JavaScript").count() > 0  # JupyterLab takes <noscript> as text
    assert page.get_by_text("needs JavaScript").locator("visible=true").count() == 0
    status = page.get_by_role("status").filter(has_text="θ =").first
    status.get_by_text("θ = 200°").wait_for()  # the last cell wrote it

    page.get_by_role("application").first.press("ArrowRight")
    status.get_by_text("θ = 201°").wait_for()
    labserver.run(page, read)
    read.get_by_text("the kernel sees 201 degrees").wait_for()
    labserver.run(page, write)
    status.get_by_text("θ = 200°").wait_for()
    context.close()
