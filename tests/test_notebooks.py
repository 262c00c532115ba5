"""The rules for chapters: normalised, run in order, told in prose only what the cells print."""

import ast
import copy
import re
from pathlib import Path

import nbformat
import pytest
import run_chapters

from descentlab.exercises.registry import all_exercises

ROOT = Path(__file__).parents[1]
PATHS = sorted((ROOT / "book").glob("*.ipynb"))
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?:e[+-]?\d+)?")
# §8.1 names a section; (8.7) after "eq." an equation; these are not measurements.
REFERENCE = re.compile(r"(?:§|eq\.|section|version)\s*\(?\d+\.\d+", re.IGNORECASE)


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    cells = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return "\n".join(re.sub(r"\{cite:[pt]\}`[^`]*`|\]\([^)]*\)", "", source) for source in cells)


def output_text(output):
    return output.get("text") or output.get("data", {}).get("text/plain", "")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_file_is_as_make_run_leaves_it(path):
    notebook = nbformat.read(path, as_version=4)
    normal = run_chapters.normalise(copy.deepcopy(notebook))
    assert nbformat.writes(normal) + "\n" == path.read_text(), f"run `make run` and commit {path}"


def test_normalising_keeps_text_and_drops_what_the_build_makes():
    cell = nbformat.v4.new_code_cell("plt.show()", execution_count=7)
    cell.metadata.execution = {"iopub.status.busy": "2026-01-01"}
    picture = {"image/png": "…", "text/plain": "a line"}
    cell.outputs = [
        nbformat.v4.new_output("stream", text="ab"),
        nbformat.v4.new_output("display_data", picture, metadata={"image/png": {"width": 3}}),
    ]
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {}})
    normal = run_chapters.normalise(notebook)
    assert normal.metadata == run_chapters.METADATA
    assert normal.cells[0].execution_count == 1
    assert normal.cells[0].metadata == {}
    stream, figure = normal.cells[0].outputs
    assert stream.text == "ab"
    assert figure.data == {"text/plain": "a line"}
    assert figure.metadata == {}


def test_a_chapter_that_writes_to_stderr_is_not_written_back():
    cell = nbformat.v4.new_code_cell("warn()")
    cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text="Warning: careful")]
    with pytest.raises(ValueError, match="code cell 1 wrote to stderr: Warning: careful"):
        run_chapters.normalise(nbformat.v4.new_notebook(cells=[cell]))


def test_no_text_has_lost_a_backslash():
    r"""Without an r before it, "\frac" begins with a form feed and "\text" with a tab."""
    texts = {path.name: "\n".join(strings(nbformat.read(path, 4))) for path in PATHS}
    for pattern in ("code/**/*.py", "code/**/*.js", "tests/**/*.py", "book/*.md"):
        texts |= {str(path): path.read_text(encoding="utf-8") for path in ROOT.glob(pattern)}
    lost = {name: re.findall(r".{,20}[\x00-\x09\x0b-\x1f]", text) for name, text in texts.items()}
    assert len(texts) > 100
    assert {name: found for name, found in lost.items() if found} == {}


def strings(part):
    """Return every text in a notebook."""
    if isinstance(part, str):
        return [part]
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return [text for inner in parts for text in strings(inner)]


def test_every_code_cell_was_run_in_order(notebook):
    """A cell without a count and without output would pass nbval unchecked."""
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_cells_are_short_plain_python(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= 20, f"more than 20 lines:\n{cell.source}"
        assert not re.search(r"^\s*[%!]", cell.source, re.MULTILINE), "magic or shell command"
        assert "sys.path" not in cell.source
        assert "nbval" not in cell.source.lower()
        assert not {"nbval-skip", "nbval-ignore-output"} & set(cell.metadata.get("tags", []))


def test_all_imports_stand_in_the_first_cell_and_none_is_heavy(notebook):
    first, *rest = [ast.parse(cell.source) for cell in code_cells(notebook)]
    for tree in rest:
        late = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not late, f"import after the first cell, line {late[0].lineno}"
    names = {n.module for n in ast.walk(first) if isinstance(n, ast.ImportFrom)}
    names |= {a.name for n in ast.walk(first) if isinstance(n, ast.Import) for a in n.names}
    assert not {name.split(".")[0] for name in names} & {"torch", "sklearn", "scipy", "requests"}


def test_randomness_comes_only_from_a_visible_generator(notebook):
    for cell in code_cells(notebook):
        used = re.findall(r"np\.random\.(\w+)", cell.source)
        assert set(used) <= {"default_rng", "Generator"}, f"np.random.{used}"
        for argument in re.findall(r"default_rng\((.*?)\)", cell.source):
            assert argument.strip(), "default_rng() without a seed"


def test_every_number_in_the_prose_is_printed_or_written_in_a_cell(notebook):
    cells = code_cells(notebook)
    shown = "\n".join(cell.source for cell in cells)
    shown += "\n".join(output_text(output) for cell in cells for output in cell.outputs)
    known = {float(number) for number in DECIMAL.findall(shown)}
    text = re.sub(r"\s*\\cdot 10\^\{(-?\d+)\}", r"e\1", REFERENCE.sub("", prose(notebook)))
    stray = [number for number in DECIMAL.findall(text) if float(number) not in known]
    assert not stray, f"in the prose, but neither in the code nor in an output: {stray}"


def test_every_figure_has_a_text_for_those_who_do_not_see_it(notebook):
    for cell in code_cells(notebook):
        if "plt.show()" in cell.source:
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt) > 40, f"no description of the figure:\n{cell.source}"
            assert cell.source.endswith("plt.show()"), "a figure cell ends in plt.show()"
            drawn = [output_text(o) for o in cell.outputs if "data" in o]
            assert drawn, "no figure was drawn"
            assert not any("<Figure" in text for text in drawn), "call plots.use_course_style()"


def test_outputs_hold_nothing_that_changes_from_run_to_run(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            text = output_text(output)
            assert output.output_type != "error"
            assert not re.search(r"0x[0-9a-f]{6,}|ipykernel_|/home/|\.venv", text), text
            for number in DECIMAL.findall(text):
                digits = number.split("e")[0].replace(".", "").lstrip("0")
                assert len(digits) <= 6, f"{number} has more than 6 significant digits"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_exercise_of_a_chapter_is_asked_and_helped(path):
    source = "\n".join(cell.source for cell in code_cells(nbformat.read(path, as_version=4)))
    asked = re.findall(r'check\("([^"]+)"', source)
    assert asked == re.findall(r'hints\("([^"]+)"', source)
    assert asked == [exercise.slug for exercise in all_exercises(path.stem[:2])]
    if path.stem[:2].isdigit():
        assert 3 <= len(asked) <= 6
