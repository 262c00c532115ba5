"""What each page of a built book weighs and does: ``python report.py _build/html [SECOND_BUILD]``.

Ends with 1 if a page is beyond a limit, or if the second build's pages differ from the first's.
"""

import os
import re
import sys
from pathlib import Path

import browser
from playwright.sync_api import sync_playwright
from site_links import broken
from site_survey import MOST_PAINT, MOST_SCRIPTS, MOST_SHIFT, MOST_WEIGHT, gzipping, survey
from tqdm import tqdm

HEAD = (
    "page                        kB gz  scripts  requests  external  errors  axe  links  "
    "shift  LCP s"
)
DATE = re.compile(r'docbuild:last-update" content="[^"]*"')


def row(found, links, slow):
    """Return a page's line and whether it is within the limits."""
    counts = (len(found.weights), len(found.external), len(found.errors), len(found.violations))
    shift = max(found.shift, *(visit.shift for visit in slow))
    paint = max(visit.paint for visit in slow)
    line = f"{found.path:25} {found.weight / 1000:7.0f} {found.scripts / 1000:8.1f} {counts[0]:9}"
    line += f"{counts[1]:10}{counts[2]:8}{counts[3]:5}{links:7}{shift:7.3f}{paint:7.2f}"
    small = found.weight <= MOST_WEIGHT and found.scripts <= MOST_SCRIPTS
    steady = shift <= MOST_SHIFT and paint <= MOST_PAINT
    return line, small and steady and not any(counts[1:]) and not links


def different(first, second):
    """Return the names of pages that are not the same in two builds, apart from the date."""
    names = {
        path.relative_to(folder) for folder in (first, second) for path in folder.rglob("*.html")
    }
    text = {folder: {} for folder in (first, second)}
    for folder, pages in text.items():
        for name in names:
            if (folder / name).exists():
                pages[name] = DATE.sub("", (folder / name).read_text(encoding="utf-8"))
    return sorted(str(n) for n in names if text[first].get(n) != text[second].get(n))


def main():
    """Print the table."""
    first, *second = map(Path, sys.argv[1:])
    pages = sorted(path.relative_to(first).as_posix() for path in first.glob("book/*.html"))
    links, lines, good = broken(first), [], True
    with sync_playwright() as playwright, gzipping(first) as address:
        chromium = browser.launch(playwright)
        for page in tqdm([*pages, "search.html", "genindex.html"], disable="CI" in os.environ):
            slow = [survey(chromium, address, page, width, throttled=True) for width in (1280, 360)]
            line, within = row(survey(chromium, address, page), len(links.get(page, [])), slow)
            lines.append(line if within else f"{line}  beyond a limit")
            good = good and within
        chromium.close()
    print(HEAD, *lines, sep="\n")
    print(
        "LCP and shift: the worse of 1280 and 360 px, 10 Mbit/s, 40 ms, half the processor's speed"
    )
    if second:
        changed = different(first, second[0])
        print(f"two builds: {len(changed)} pages differ", *changed)
        good = good and not changed
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
