"""The fonts of a built book, cut down to the characters that its pages show."""

import base64
import html
import io
import re
from pathlib import Path

from fontTools import subset

ICONS = "_static/vendor/fontawesome/webfonts"
FORMULAS = "_static/mathjax/output/chtml/fonts/woff-v2"
ICON = re.compile(r"\bfa-[a-z-]+")
RULE = re.compile(r'([^{}]*)\{[^{}]*?content:\s*"\\([0-9a-f]{4})"')
PRIVATE = re.compile("[\ue000-\uf8ff]")  # where icon fonts keep their pictures
MATH = re.compile(r"<math .*?</math>", re.DOTALL)
# The style sheet of the course names these two files of MathJax.
SOURCE = re.compile(rf'url\("{FORMULAS.removeprefix("_static/")}/([\w-]+\.woff)"\)')


def cut(font: Path, shown: set[int]) -> bytes:
    """Return a font with the characters of these code points only, as WOFF2."""
    options = subset.Options(flavor="woff2", hinting=False, notdef_outline=True)
    loaded = subset.load_font(font, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=shown)
    subsetter.subset(loaded)
    target = io.BytesIO()
    subset.save_font(loaded, target, options)
    return target.getvalue()


def icons(styles: str, names: set[str]) -> set[int]:
    """Return the code points that a style sheet shows: those of these icons and its own."""
    shown = {ord(character) for character in PRIVATE.findall(styles)}
    for selectors, code in RULE.findall(styles):
        found = ICON.findall(selectors)
        if not found or names.intersection(found):
            shown.add(int(code, 16))
    return shown


def cut_icons(folder: Path, pages: list[str]) -> None:
    """Cut each icon font of a built book down to the icons that occur."""
    scripts = [path.read_text(encoding="utf-8") for path in folder.glob("_static/scripts/*.js")]
    names = {name for text in [*pages, *scripts] for name in ICON.findall(text)}
    styles = "".join(path.read_text("utf-8") for path in sorted(folder.glob("_static/**/*.css")))
    for path in sorted((folder / ICONS).glob("*.woff2")):
        path.write_bytes(cut(path, icons(styles, names)))
        path.with_suffix(".ttf").unlink(missing_ok=True)


def embed_formulas(folder: Path, pages: list[str]) -> None:
    """Write the fonts of the formulas into the style sheet, so that they are there at once."""
    math = "".join(formula for page in pages for formula in MATH.findall(page))
    shown = {ord(character) for character in html.unescape(math)}

    def embedded(found: re.Match[str]) -> str:
        font = cut(folder / FORMULAS / found[1], shown)
        return f'url("data:font/woff2;base64,{base64.b64encode(font).decode()}")'

    sheet = folder / "_static" / "course.css"
    sheet.write_text(SOURCE.sub(embedded, sheet.read_text(encoding="utf-8")), encoding="utf-8")
