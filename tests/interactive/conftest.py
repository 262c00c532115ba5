"""A local site with the shipped assets, and pages made from real widgets as the book makes them."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ipywidgets.embed import dependency_state
from playwright.sync_api import Browser, Page

from descentlab.interactive.base import ASSETS


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's static folder: a copy of the shipped assets."""
    path = tmp_path_factory.mktemp("site") / "static"
    shutil.copytree(ASSETS, path)
    (path / "favicon.ico").touch()
    return path


@pytest.fixture(scope="session")
def site(folder: Path, served: Callable[[Path], str]) -> str:
    """The address of a local server for ``folder``."""
    return served(folder)


def saved_page(widgets: tuple[Any, ...], head: str, change: Callable[[dict], None]) -> str:
    """A static page as the book's build writes it: views in place, all states at the end."""
    state = dependency_state(list(widgets), drop_defaults=False)
    change(state)
    mime = "application/vnd.jupyter.widget"
    views = "".join(
        f'<script type="{mime}-view+json">{{"model_id": "{widget.model_id}"}}</script>'
        for widget in widgets
    )
    states = json.dumps({"version_major": 2, "version_minor": 0, "state": state})
    states = states.replace("</", "<\\/")
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">{head}<title>Page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script defer src="host.js"></script></head><body><main>{views}</main>
<script type="{mime}-state+json">{states}</script></body></html>"""


@pytest.fixture
def mount(chromium: Browser, site: str, folder: Path) -> Iterator[Callable[..., Page]]:
    """Open a page with the given widgets; at the end, no error and no request to elsewhere."""
    contexts, errors, requests = [], [], []

    def open_page(
        *widgets: Any,
        head: str = "",
        address: str = site,
        change: Callable[[dict], None] = lambda state: None,
        expected_error: str | None = None,
        **options: Any,
    ) -> Page:
        (folder / "page.html").write_text(saved_page(widgets, head, change), encoding="utf-8")
        context = chromium.new_context(**{"viewport": {"width": 800, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()

        def note(text: str) -> None:
            if not (expected_error and expected_error in text):
                errors.append(text)

        page.on("console", lambda m: note(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: note(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address + "page.html")
        page.wait_for_selector("html[data-widgets-ready]", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
    here = (site, folder.as_uri(), "blob:null", "blob:file:")
    assert [url for url in requests if not url.startswith(here)] == []


@pytest.fixture
def blank(chromium: Browser, site: str, folder: Path) -> Iterator[Page]:
    """An empty page on the site, from which a test imports the shipped modules."""
    (folder / "blank.html").write_text("<!doctype html><title>Blank</title>", encoding="utf-8")
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site + "blank.html")
    yield page
    context.close()


STUB_JS = """async ([esm, state]) => {
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const widget = (await import(url)).default;
  const listeners = new Set();
  window.sent = [];
  window.model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; listeners.forEach((listener) => listener()); },
    save_changes: () => window.sent.push({ ...state }),
    on: (name, listener) => listeners.add(listener),
    off: (name, listener) => listeners.delete(listener),
  };
  const el = document.body.appendChild(document.createElement("div"));
  window.cleanup = widget.render({ model: window.model, el });
  window.listening = () => listeners.size;
}"""


@pytest.fixture
def jupyter(blank: Page) -> Callable[..., Page]:
    """Show a widget as Jupyter does: its bundle, beside a stand-in for the kernel's model."""

    def show(widget: Any, **changes: Any) -> Page:
        state = {**widget.get_state(), **changes}
        blank.evaluate(STUB_JS, [str(state["_esm"]), state])
        return blank

    return show
