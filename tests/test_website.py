"""What is changed on the built pages, on small pages of its own."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

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

BOOK = Path(__file__).parents[1] / "book"
HERE = Path("book/page.html")


def formulas():
    """Return the TeX of every formula in the book's text."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(BOOK.glob("*.md"))]
    for path in sorted(BOOK.glob("*.ipynb")):
        cells = nbformat.read(path, 4).cells
        texts += [cell.source for cell in cells if cell.cell_type == "markdown"]
    text = re.sub(r"```.*?```|`[^`]*`", "", "\n\n".join(texts), flags=re.DOTALL)
    return sorted(set(re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL))), sorted(
        set(re.findall(r"(?<![\\$])\$([^$\n]+)\$(?!\$)", text))
    )


def test_every_formula_becomes_mathml_without_leftovers():
    blocks, inline = formulas()
    assert len(blocks) > 80
    assert len(inline) > 500
    for tex in [*blocks, *inline]:
        found = mathml.to_mathml(tex, display=tex in blocks)
        text = re.sub(r"<[^>]+>", "", found)
        assert found.startswith("<math")
        assert "\\" not in text, tex
        assert "<mi>&</mi>" not in found, tex


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\mathrm{d}w", '<mi mathvariant="normal">&#x00064;</mi><mi class="i">w</mi>'),
        (r"\cos\theta", '<mi>cos</mi><mi class="i">&#x003B8;</mi>'),
        (r"\boxed{a}", '<mrow style="border'),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "</mtr><mtr>"),
    ],
)
def test_mathml_of(tex, part):
    assert part in mathml.to_mathml(tex, display=False)


def test_a_formula_keeps_its_source_for_mathjax():
    page = '<p><span class="math notranslate nohighlight">\\(a &lt; b\\)</span></p>'
    found = mathml.add(page, HERE)
    assert '<span class="tex">\\(a &lt; b\\)</span></span></p>' in found
    assert found.count("<math") == 1
    with pytest.raises(ValueError, match=r"page\.html: a formula without delimiters"):
        mathml.add(page.replace("\\(", ""), HERE)


def test_the_policy_allows_the_scripts_of_the_page_and_no_others():
    script = "<script>let a = 1;</script>"
    page = f'<head>\n  <meta charset="utf-8" />{script}<script type="text/plain">x</script></head>'
    found = policy.add(page, HERE)
    sources = re.search(r"script-src ([^;]*);", found)[1].split()
    assert sources[:2] == ["'self'", "blob:"]
    assert sources[2:] == ["'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='"]
    assert found.index("charset") < found.index(policy.MARK)


def test_pictures_hold_their_place(tmp_path):
    (tmp_path / "_images").mkdir()
    (tmp_path / "book").mkdir()
    shutil.copy(BOOK / "assets" / "social.png", tmp_path / "_images" / "a.png")
    page = '<img alt="b" src="../_images/a.png"><img src="../_static/logo.svg">'
    found = pictures.measure(page, tmp_path / "book" / "page.html")
    start = '<img loading="lazy" decoding="async" width="1200" height="630" alt="b"'
    assert found.startswith(start)
    assert found.endswith('<img src="../_static/logo.svg">')


def test_figures_have_the_same_names_in_each_build():
    one, two = ("0" * 31 + end for end in "ab")
    page = '{"model_id": "%s"} {"%s": {"model_name": 1}} "%s"'
    first = figures.rename(page % (one, two, one), HERE)
    assert first == figures.rename(page % (two, one, two), HERE)
    assert one not in first
    assert len(set(re.findall(r"[0-9a-f]{32}", first))) == 2


def test_the_preview_tells_the_first_sentence_with_its_formulas():
    body = (
        '<p><em>Along <span class="math notranslate nohighlight">\\(-a\\)</span> &amp; on.</em></p>'
    )
    page = f"<head><title>02 · It &#8212; Downhill</title></head><h1>It</h1>{body}<p>More.</p>"
    found = preview.add(mathml.add(page, HERE), HERE)
    assert 'name="description" content="Along −a &amp; on."' in found
    assert 'property="og:title" content="02 · It"' in found


def test_the_themes_faults_are_mended():
    page = (
        '<meta name="viewport" content="a"><meta name="viewport" content="b"/>'
        '\n  <script defer src="../_static/scripts/fontawesome.js?digest=1"></script>'
        '<button class="btn search-button-field x" aria-label="Search">Search</button>'
        '<button onclick="window.print()"\nclass="b">p</button><div role="doc-biblioentry">'
        '<div role="list" class="citation-list"> <script src="../searchindex.js"></script>'
    )
    found = theme.repair(page, HERE)
    assert found == (
        '<meta name="viewport" content="a">'
        '<button class="btn search-button-field x">Search</button>'
        '<button data-click="window.print"\nclass="b">p</button><div><div class="citation-list">'
    )
    assert "searchindex" in theme.repair(page, Path("search.html"))


def test_icons_are_those_of_the_pages_and_of_the_style_sheet():
    styles = (
        r'.fa-sun:before{content:"\f185"}.fa-moon:before,.fa-m:before{content:"\f186"}'
        r'.fa-car:before{content:"\f1b9"}.own:after{color:red;content:"\f107"}'
        ":root{--bell:'\uf0f3'}"
    )
    assert fonts.icons(styles, {"fa-sun", "fa-m"}) == {0xF185, 0xF186, 0xF107, 0xF0F3}


def test_colab_opens_the_branch_whose_chapters_install_the_package():
    start = "https://colab.research.google.com/github/a/b/blob/"
    assert colab.link(f'"{start}main/book/c.ipynb"', HERE) == f'"{start}colab/book/c.ipynb"'


@pytest.mark.parametrize(
    ("line", "escaped"),
    [
        ("the length |w| of ``|w|``", r"the length \|w\| of ``|w|``"),
        (">>> a | b", ">>> a | b"),
    ],
)
def test_bars_in_docstrings_are_no_substitutions(line, escaped):
    assert docstrings.escape_bars(line) == escaped


@pytest.mark.parametrize("cuts", [[], [6], [7], [8], [6, 7, 8, 9]])
def test_printed_text_does_not_depend_on_where_the_kernel_cut_it(cuts):
    text, figure = "   a b\n\n   c d\n", nbformat.v4.new_output("display_data", {"text/plain": "f"})
    ends = zip([0, *cuts], [*cuts, len(text)], strict=True)
    pieces = [nbformat.v4.new_output("stream", text=text[a:b]) for a, b in ends]
    warning = nbformat.v4.new_output("stream", name="stderr", text="w")
    after = nbformat.v4.new_output("stream", text="after")
    whole = streams.join([*pieces, warning, figure, after])
    assert [output.get("text") for output in whole] == [text, "w", None, "after"]
    assert [piece.text for piece in pieces] == [text[a:b] for a, b in zip([0, *cuts], [*cuts, 99])]
