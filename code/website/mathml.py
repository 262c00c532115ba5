"""Formulas as MathML: what a page shows until MathJax has set them, or for ever without scripts."""

import html
import re
from pathlib import Path

from latex2mathml.converter import convert

FORMULA = re.compile(
    r'<(?P<tag>span|div) class="math notranslate nohighlight"(?P<id>[^>]*)>'
    r"(?P<inner>.*?)</(?P=tag)>",
    re.DOTALL,
)
TEX = re.compile(r"\\\((?P<inline>.*)\\\)|\\\[(?P<display>.*)\\\]", re.DOTALL)
# The converter knows `split`, which is set like `aligned`; Sphinx wraps one in the other.
SPLIT = re.compile(r"\\begin\{split\}\\begin\{aligned\}(.*?)\\end\{aligned\}\\end\{split\}")
ALIGNED = re.compile(r"\\(begin|end)\{aligned\}")
BIG = re.compile(r"\\[bB]igg?[lrm]?(?![a-zA-Z])")  # a size of brackets that it does not know
UPRIGHT = re.compile(r"<mi>(&#x000[4-7][0-9A-F];)</mi>")  # \mathrm of one letter
# One letter, or the sign of a partial derivative, is set in italics; a capital Greek one is not.
ITALIC = re.compile(
    r"<mi>([A-Za-zα-ωϵϕϑϱ∂]|&#x003[B-C][0-9A-F];|&#x02202;|&#x003[DF][0-9A-F];)</mi>"
)
# MathML Core has no boxes.
BOX = re.compile(r'<menclose notation="box">(.*?)</menclose>', re.DOTALL)


def add(page: str, path: Path) -> str:
    """Return the page with MathML before the source of each formula.

    The style sheet hides the source until MathJax has replaced it, and the MathML from then on.
    """

    def both(found: re.Match[str]) -> str:
        tex = TEX.search(html.unescape(found["inner"]))
        if tex is None:
            raise ValueError(f"{path.name}: a formula without delimiters: {found[0]}")
        display = tex["inline"] is None
        formula = to_mathml(tex["display" if display else "inline"], display)
        start = f'<{found["tag"]} class="math notranslate nohighlight"{found["id"]}>'
        return f'{start}{formula}<span class="tex">{found["inner"]}</span></{found["tag"]}>'

    return FORMULA.sub(both, page)


def to_mathml(tex: str, display: bool) -> str:
    """Return a formula as a ``math`` element of MathML Core."""
    source = SPLIT.sub(r"\\begin{split}\1\\end{split}", " ".join(tex.split()))
    source = ALIGNED.sub(r"\\\1{split}", source)
    source = BIG.sub("", source)
    found = convert(source, display="block" if display else "inline")
    found = UPRIGHT.sub(r'<mi mathvariant="normal">\1</mi>', found)
    found = ITALIC.sub(r'<mi class="i">\1</mi>', found)
    return BOX.sub(r'<mrow style="border: 1px solid; padding: 0.4em">\1</mrow>', found)
