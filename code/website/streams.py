"""Printed text as it was printed.

The kernel sends a cell's output in pieces whose ends are chance. MyST-NB strips each piece before
it joins them, so that by chance a blank line is lost.
"""

from nbformat import NotebookNode


def join(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs with neighbouring pieces of one stream as one."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == "stream" and output.name == last.get("name"):
            joined[-1] = NotebookNode(last | {"text": last.text + output.text})
        else:
            joined.append(output)
    return joined
