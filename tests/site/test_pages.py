"""Each page of the built book as a reader's browser meets it on a first visit."""

import re
from pathlib import Path

import pytest
from site_survey import MOST_SCRIPTS, MOST_SHIFT, MOST_WEIGHT, survey

CONTENTS = (Path(__file__).parents[2] / "_toc.yml").read_text(encoding="utf-8")
PAGES = [f"{name}.html" for name in re.findall(r"(?:root|file): (\S+)", CONTENTS)]


@pytest.mark.parametrize("path", [*PAGES, "search.html", "genindex.html"])
def test_a_page_is_light_steady_accessible_and_keeps_to_itself(chromium, gzipped, path):
    found = survey(chromium, gzipped, path)
    assert (found.external, found.errors, found.violations) == ([], [], [])
    assert found.weight <= MOST_WEIGHT
    assert found.scripts <= MOST_SCRIPTS
    assert found.shift <= MOST_SHIFT
    assert (found.headings, found.overflow) == (1, 0)
