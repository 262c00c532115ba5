"""The numbers on the front page."""

import re
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from descentlab import optimizers, surfaces
from descentlab.exercises.registry import all_exercises
from descentlab.interactive.playground import RATES
from descentlab.loops import descend

BOOK = Path(__file__).parents[1] / "book"
FRONT = (BOOK / "intro.md").read_text(encoding="utf-8")


CHAPTERS = sorted(BOOK.glob("[0-9]*.ipynb"))
TIMES = re.compile(r"Reading takes about (\d+) minutes, the exercises (\d+)")
PACE = 75  # words in a minute, of a text with formulas and code to follow


def text(path):
    cells = nbformat.read(path, 4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_minutes_are_those_of_the_words_and_of_the_exercises(path):
    reading, exercises = map(int, TIMES.search(text(path)).groups())
    assert abs(reading - len(text(path).split()) / PACE) <= 5
    assert exercises == sum(exercise.minutes for exercise in all_exercises(path.stem[:2]))


def test_the_hours_are_those_of_the_chapters():
    minutes = [TIMES.search(text(path)).groups() for path in CHAPTERS]
    reading, exercises = (sum(map(int, column)) / 60 for column in zip(*minutes, strict=True))
    said = re.search(r"The (\d+) chapters take about (\d+) hours .* about (\d+)\.", FRONT)
    assert tuple(map(int, said.groups())) == (len(minutes), round(reading), round(exercises))


@pytest.mark.parametrize("method", ["GradientDescent", "Momentum", "RMSProp", "Adam"])
def test_the_losses_told_without_javascript_are_those_of_the_race(method):
    rosenbrock = surfaces.rosenbrock()
    rule = getattr(optimizers, method)(lr=RATES[method]["rosenbrock"])
    last = descend(rosenbrock.gradient, rosenbrock.start, rule, 100).w[-1]
    assert f'"{method}"' in FRONT
    assert f"{method} {rosenbrock.value(last):.3f}" in FRONT
    assert f"({rosenbrock.start[0]:g}, {rosenbrock.start[1]:g})".replace("-", "−") in FRONT


def test_the_front_page_links_every_chapter():
    linked = re.findall(r"\]\((\d\d-\w+\.ipynb)\)", FRONT)
    assert linked == sorted(path.name for path in BOOK.glob("[0-9]*.ipynb"))


def test_the_preview_picture_has_the_size_that_large_previews_ask_for():
    with Image.open(BOOK / "assets" / "social.png") as picture:
        assert picture.size == (1200, 630)
