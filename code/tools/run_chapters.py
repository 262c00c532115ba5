"""Execute chapters and write them back in the form in which they are committed.

``python run_chapters.py book/02-direction.ipynb ...``. Text outputs stay, since the tests compare
them; figures, widget state, times and machine-dependent metadata go, since the build makes them.
Running it twice gives the same bytes. With ``--keep-figures`` everything is written as it came,
for a copy that is read and not committed.
"""

import argparse
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

MADE_BY_THE_BUILD = (
    "image/png",
    "image/jpeg",
    "image/svg+xml",
    "application/vnd.jupyter.widget-view+json",
)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run every cell in a fresh kernel started in ``folder``; raise at the first error."""
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        resources={"metadata": {"path": str(folder)}},
        coalesce_streams=True,  # how often the kernel flushes is chance
    )
    client.execute()
    return notebook


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Keep what a reader of the source and the tests need, in one canonical form."""
    notebook.metadata = nbformat.from_dict(METADATA)
    number = 0
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            cell.outputs = without_pictures(cell.outputs, number)
    return notebook


def without_pictures(outputs: list[NotebookNode], number: int) -> list[NotebookNode]:
    kept = []
    for output in outputs:
        if output.get("name") == "stderr":
            raise ValueError(f"code cell {number} wrote to stderr: {output.text.strip()}")
        if "data" in output:
            output.metadata = {}
            for kind in MADE_BY_THE_BUILD:
                output.data.pop(kind, None)
        if "execution_count" in output:
            output.execution_count = number
        kept.append(output)
    return kept


def run(path: Path, keep_figures: bool = False) -> None:
    """Execute the notebook at ``path`` in place and normalise it, unless its figures are wanted."""
    notebook = execute(nbformat.read(path, as_version=4), path.parent)
    nbformat.write(notebook if keep_figures else normalise(notebook), path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chapters", nargs="+", type=Path)
    parser.add_argument("--keep-figures", action="store_true", help="do not normalise")
    arguments = parser.parse_args()
    for chapter in arguments.chapters:
        try:
            run(chapter, arguments.keep_figures)
        except (CellExecutionError, ValueError) as error:
            sys.exit(f"{chapter}: {error}")
        print(f"{chapter}: executed{'' if arguments.keep_figures else ' and normalised'}")
