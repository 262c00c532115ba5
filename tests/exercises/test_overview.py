"""The list of exercises, and the reader's ticks."""

import pytest

from descentlab.exercises import catalogue, check, progress
from descentlab.exercises.overview import FILE, record, solved
from descentlab.exercises.registry import all_exercises


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DOWNHILL_PROGRESS")
    return tmp_path


def test_a_right_answer_is_ticked_and_a_wrong_one_is_not(capsys):
    check("02-descent-cone", 1 / 2)
    assert solved() == set()
    check("02-descent-cone", 1 / 3)
    check("02-descent-cone", 1 / 3)
    assert solved() == {"02-descent-cone"}
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    row = next(line for line in lines if line.startswith("02-direction"))
    assert row.count("✓") == 1
    assert row.endswith("next: 02-differential")
    assert lines[-1] == f"1 of {len(list(all_exercises()))} exercises solved"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"solved": 3}',
        b'{"solved": [[], 1]}',
        b"[" * 99_999,
    ],
)
def test_a_damaged_file_costs_the_ticks_only(folder, content):
    (folder / FILE).write_bytes(content)
    assert solved() == set()
    record("02-best-step")
    assert solved() == {"02-best-step"}


def test_where_nothing_can_be_written_answers_are_still_checked(monkeypatch, capsys):
    monkeypatch.setenv("DOWNHILL_PROGRESS", "/dev/null/none")
    check("02-descent-cone", 1 / 3)
    assert capsys.readouterr().out.startswith("✓")
    assert solved() == set()


def test_no_draft_is_left_behind(folder):
    record("02-best-step")
    record("03-step")
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_the_catalogue_has_every_exercise_once(monkeypatch):
    shown = []
    monkeypatch.setattr("descentlab.exercises.overview.display", lambda b, raw: shown.append(b))
    catalogue()
    for text in (shown[0]["text/markdown"], shown[0]["text/html"]):
        assert text.count('<a href="') == len(list(all_exercises()))
