"""What the built pages need beyond the theme, as an extension of Sphinx.

After a build each page is rewritten once: formulas for readers without JavaScript, pictures that
load when they are near, a small icon font, stable names for the interactive figures, and a policy
that forbids everything from elsewhere.
"""

from collections.abc import Callable
from pathlib import Path

from myst_nb.core import render
from sphinx.application import Sphinx

from website import (
    colab,
    docstrings,
    figures,
    fonts,
    mathml,
    pictures,
    policy,
    preview,
    streams,
    theme,
)

# In this order: the policy hashes the scripts which the others leave on the page.
STEPS: tuple[Callable[[str, Path], str], ...] = (
    theme.repair,
    colab.link,
    mathml.add,
    preview.add,
    pictures.measure,
    figures.rename,
    policy.add,
)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Rewrite each HTML page of a finished build and cut its fonts down."""
    if exception is not None or app.builder.name != "html":
        return
    folder, pages = Path(app.outdir), []
    for path in sorted(folder.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        if "<head>" in page and policy.MARK not in page:
            for step in STEPS:
                page = step(page, path)
            path.write_text(page, encoding="utf-8")
        pages.append(page)
    fonts.cut_icons(folder, pages)
    fonts.embed_formulas(folder, pages)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension."""
    render.coalesce_streams = streams.join
    app.connect("autodoc-process-docstring", docstrings.process)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
