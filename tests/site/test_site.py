"""The built book in a browser that can reach nothing else."""

import html
import io
import re
from pathlib import Path

import make_pdf
import nbformat
import pytest
from pypdf import PdfReader
from site_links import broken

CHAPTER = "book/02-direction.html"
ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
CONTENTS = (ROOT / "_toc.yml").read_text(encoding="utf-8")
PAGES = ["index.html", *(f"{name}.html" for name in re.findall(r"(?:root|file): (\S+)", CONTENTS))]
START = re.compile(r"80 steps from \((\S+), (\S+)\): L falls from (\S+) to")


def test_the_contents_name_every_page_and_every_chapter(book):
    built = {path.relative_to(book).as_posix() for path in book.glob("book/*.html")}
    assert built == set(PAGES) - {"index.html"}
    sources = BOOK.glob("[!_]*.[im][pd]*")
    assert {f"book/{path.stem}.html" for path in sources} == built


@pytest.mark.parametrize("path", [*PAGES, "search.html", "genindex.html"])
def test_a_page_fits_a_phone(visit, path):
    page = visit(path, viewport={"width": 360, "height": 800})
    assert page.locator("h1:visible").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_mathematics_is_rendered(visit):
    page = visit(CHAPTER)
    formulas = page.locator(".math").count()
    assert formulas > 50
    assert page.locator(".math mjx-container").count() == formulas


@pytest.mark.parametrize("path", sorted(BOOK.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_page_shows_what_the_cells_printed_to_the_blank_line(book, path):
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    printed = [o.text for cell in cells for o in cell.outputs if o.output_type == "stream"]
    page = (book / f"book/{path.stem}.html").read_text(encoding="utf-8")
    shown = re.findall(r'<div class="output stream[^"]*">.*?<pre>(.*?)</pre>', page, re.DOTALL)
    text = [html.unescape(re.sub(r"<[^>]+>", "", output)) for output in shown]
    # A browser leaves out a blank line at the very start.
    assert [t.lstrip("\n").rstrip() for t in text] == [t.lstrip("\n").rstrip() for t in printed]


def test_links_within_the_book_lead_somewhere(book):
    assert broken(book) == {}


def test_formulas_are_read_without_javascript(visit):
    page = visit(CHAPTER, java_script_enabled=False)
    formulas = page.locator("article .math")
    seen = [item for item in formulas.all() if item.is_visible()]
    assert len(seen) > 40
    for formula in seen:
        assert formula.locator("> math").is_visible()
        assert not formula.locator("> .tex").is_visible()


def test_mathjax_takes_the_place_of_the_mathml(visit):
    page = visit(CHAPTER)
    formula = page.locator("article .math").first
    assert not formula.locator("> math").is_visible()
    assert formula.locator("mjx-container").is_visible()


def test_a_chapter_opens_from_the_disk(chromium, book):
    page = chromium.new_page()
    errors = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((book / CHAPTER).as_uri(), wait_until="load")
    page.locator("html[data-widgets-ready]").wait_for(state="attached")
    dial = page.locator(".dl-widget").first
    dial.get_by_role("application").press("ArrowRight")
    assert "θ = 121°" in dial.get_by_role("status").inner_text()
    assert page.locator(".math mjx-container").count() > 50
    assert errors == []
    page.close()


def test_a_page_has_a_policy_and_obeys_it(chromium, address, book):
    text = (book / CHAPTER).read_text(encoding="utf-8")
    assert "unsafe-eval" not in text
    assert not re.search(r"<[a-z]+ [^>]*\son[a-z]+=", text)
    page = chromium.new_page()
    page.goto(address + CHAPTER)
    refused = page.evaluate("""() => new Promise(done => {
      document.addEventListener("securitypolicyviolation", event => done(event.violatedDirective));
      document.body.append(Object.assign(document.createElement("script"), {text: "1"}));
    })""")
    page.close()
    assert refused.startswith("script-src")


def test_the_buttons_for_printing_and_the_whole_screen_work(visit):
    page = visit(CHAPTER, viewport={"width": 1280, "height": 900})
    page.evaluate("window.print = () => { window.printed = true; }")
    page.evaluate("document.querySelector('[data-click=\"window.print\"]').click()")
    assert page.evaluate("window.printed")
    page.locator("[data-click=toggleFullScreen]").click()
    page.locator(":fullscreen").first.wait_for(state="attached")


def test_printing_shows_the_text_alone_and_in_black(visit):
    page = visit(CHAPTER, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for part in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer"):
        assert not page.locator(part).first.is_visible()
    colour = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    assert sum(map(int, re.findall(r"\d+", colour)[:3])) < 200
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


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


def test_ticks_are_kept_in_the_browser(visit):
    page = visit("book/exercises.html")
    status = page.get_by_role("status")
    total = page.locator("article table a").count()
    assert status.inner_text() == f"0 of {total} solved"
    page.get_by_role("checkbox", name="Solved: The best move").check()
    assert status.inner_text() == f"1 of {total} solved"
    page.locator("article table a", has_text="The best move").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("section#exercises input.solved:checked").count() == 1
    assert page.get_by_role("checkbox", name="The best move").is_checked()
    page.get_by_role("checkbox", name="The best move").uncheck()
    page.go_back(wait_until="networkidle")
    page.reload(wait_until="networkidle")
    assert page.get_by_role("status").inner_text() == f"0 of {total} solved"


@pytest.mark.parametrize("stored", ["", "{", "3", '{"a": 1}', "[1, null]"])
def test_damaged_ticks_cost_the_ticks_only(visit, stored):
    page = visit("book/exercises.html")
    page.evaluate("text => localStorage.setItem('downhill-solved', text)", stored)
    page.reload(wait_until="networkidle")
    assert page.get_by_role("status").inner_text().startswith("0 of ")
    page.get_by_role("checkbox").first.check()
    assert page.get_by_role("status").inner_text().startswith("1 of ")


@pytest.mark.parametrize(
    ("words", "found"), [("RAdam", "The package"), ("kappa", "Notation"), ("saddle", "07 · ")]
)
def test_the_search_finds_names_symbols_and_words(visit, words, found):
    page = visit(f"search.html?q={words}")
    results = page.locator("ul.search li a", has_text=found)
    results.first.wait_for()


def test_the_front_page_races_from_the_readers_start(visit):
    page = visit("book/intro.html")
    race = page.locator(".dl-widget")
    before = race.get_by_role("status").inner_text()
    race.get_by_role("application").press("ArrowRight")
    assert race.get_by_role("status").inner_text() != before


def test_a_chapter_is_printed_without_addresses_of_this_computer(chromium, address):
    printed = PdfReader(io.BytesIO(make_pdf.printed(chromium, address, CHAPTER)))
    text = "".join(page.extract_text() for page in printed.pages)
    assert len(printed.pages) > 5
    assert "02 · The direction" in text
    assert "Hint 2" in text
    links = [
        note.get_object()["/A"]["/URI"]
        for page in printed.pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    ]
    assert any(link.startswith(make_pdf.SITE) for link in links)
    assert not any("127.0.0.1" in link for link in links)
