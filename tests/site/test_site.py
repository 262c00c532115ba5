"""The built book in a browser that can reach nothing else."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

CHAPTER = "book/02-direction.html"
CONTENTS = (Path(__file__).parents[2] / "_toc.yml").read_text(encoding="utf-8")
PAGES = ["index.html", *(f"{name}.html" for name in re.findall(r"(?:root|file): (\S+)", CONTENTS))]
START = re.compile(r"80 steps from \((\S+), (\S+)\): L falls from (\S+) to")


class Links(HTMLParser):
    """Collect where a page links to, and the anchors it offers."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.anchors = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.anchors.add(value)
            elif name in {"href", "src"} and value:
                self.targets.add(value)


def test_the_contents_name_every_page_and_every_chapter(book):
    built = {path.relative_to(book).as_posix() for path in book.glob("book/*.html")}
    assert built == set(PAGES) - {"index.html"}
    sources = (Path(__file__).parents[2] / "book").glob("[!_]*.[im][pd]*")
    assert {f"book/{path.stem}.html" for path in sources} == built


@pytest.mark.parametrize("path", [*PAGES, "search.html", "genindex.html"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_loads_alone_and_fits(visit, path, width):
    page = visit(path, viewport={"width": width, "height": 800})
    assert page.locator("h1:visible").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_mathematics_is_rendered(visit):
    page = visit(CHAPTER)
    formulas = page.locator(".math").count()
    assert formulas > 50
    assert page.locator(".math mjx-container").count() == formulas


def test_links_within_the_book_lead_somewhere(book):
    pages = {
        path: Links(path.read_text()) for path in [*book.glob("*.html"), *book.glob("book/*.html")]
    }
    for path, links in pages.items():
        for target in links.targets:
            if re.match(r"[a-z]+:|#$", target):
                continue
            file, _, anchor = target.partition("#")
            there = (path.parent / file.split("?")[0]).resolve() if file else path
            assert there.exists(), f"{path.name} links to {target}"
            if anchor and there in pages:
                assert anchor in pages[there].anchors, f"{path.name} links to {target}"


def test_the_dial_of_the_chapter_answers_pointer_and_keys(visit):
    page = visit(CHAPTER, viewport={"width": 1280, "height": 900})
    dial = page.locator(".dl-widget").first
    status = dial.get_by_role("status")
    assert "θ = 120°, cos θ = −0.500: linear prediction dL = −1.015" in status.inner_text()
    dial.get_by_role("application").press("ArrowRight")
    assert "θ = 121°, cos θ = −0.515" in status.inner_text()
    dial.get_by_role("button", name="steepest").click()
    assert "θ = 180°, cos θ = −1.000: linear prediction dL = −2.030" in status.inner_text()


def test_the_playground_of_the_chapter_answers_pointer_and_keys(visit):
    page = visit(CHAPTER, viewport={"width": 1280, "height": 900})
    playground = page.locator(".dl-widget").nth(1)
    status = playground.get_by_role("status")
    assert "80 steps from (5, 3): L falls from 10.3 to 0.250" in status.inner_text()
    playground.scroll_into_view_if_needed()
    plot = playground.locator(".dl-main .dl-axes rect").bounding_box()
    page.mouse.click(plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 4)
    clicked = START.search(status.inner_text())
    w1, w2, loss = (float(number.replace("−", "-")) for number in clicked.groups())
    assert abs(w1) < 0.1 < w2
    assert abs(loss - (w1**2 / 20 + w2**2)) < 0.05
    playground.get_by_role("application").press("ArrowRight")
    assert START.search(status.inner_text()).group(1) != clicked.group(1)
    playground.get_by_role("button", name="One step back").click()
    assert "at t = 79" in status.inner_text()


def test_hints_and_answers_open_without_javascript(visit):
    page = visit(CHAPTER, java_script_enabled=False)
    ladder = page.locator(".cell_output > details").first
    assert not ladder.get_by_text("Hint 2").is_visible()
    for summary in ("Hint 1", "Hint 2", "Solution"):
        ladder.locator("summary", has_text=summary).click()
    assert ladder.get_by_text("def differential").is_visible()
