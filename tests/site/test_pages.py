"""Each page of the built book as a reader's browser meets it on a first visit."""

import re
from pathlib import Path

import pytest
from site_survey import MOST_SCRIPTS, MOST_SHIFT, MOST_WEIGHT, WITH_CODE, survey

CONTENTS = (Path(__file__).parents[2] / "_toc.yml").read_text(encoding="utf-8")
PAGES = [f"{name}.html" for name in re.findall(r"(?:root|file): (\S+)", CONTENTS)]
CODE = re.compile(r'<div class="highlight[^"]*"><pre>.*?</pre>', re.DOTALL)


@pytest.mark.parametrize("path", [*PAGES, "search.html", "genindex.html"])
def test_a_page_is_light_steady_accessible_and_keeps_to_itself(chromium, gzipped, path):
    found = survey(chromium, gzipped, path)
    assert (found.external, found.errors, found.violations) == ([], [], [])
    assert found.weight <= MOST_WEIGHT
    assert found.scripts <= MOST_SCRIPTS
    assert found.shift <= MOST_SHIFT
    assert (found.headings, found.overflow) == (1, 0)


def test_every_colour_of_code_is_on_a_page_whose_code_is_examined(book):
    kinds = {
        path: {
            kind
            for code in CODE.findall((book / path).read_text(encoding="utf-8"))
            for kind in re.findall(r'<span class="([^"]+)"', code)
        }
        for path in PAGES
    }
    assert len(kinds["book/16-backprop.html"]) > 15
    assert set().union(*kinds.values()) == set().union(*(kinds[path] for path in WITH_CODE))
