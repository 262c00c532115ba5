"""Binder: what it would build from these files, and the same steps done here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
import yaml
from nbformat.sign import NotebookNotary

import labserver

ROOT = Path(__file__).parents[2]
CHAPTER = "book/02-direction.ipynb"
JUPYTERLAB = "4.4.9"  # the one in Binder's images


def python_of_binder():
    """Return the Python of runtime.txt, or where it is missing the one that runs the tests."""
    wanted = (ROOT / "runtime.txt").read_text().strip().replace("-", "")
    pyenv = sorted(
        Path.home().glob(f".pyenv/versions/{wanted.removeprefix('python')}.*/bin/{wanted}")
    )
    return str(pyenv[-1]) if pyenv else shutil.which(wanted) or sys.executable


PYTHON = python_of_binder()
VERSION = "python{}.{}".format(*sys.version_info) if sys.executable == PYTHON else Path(PYTHON).name


@pytest.fixture
def clone(tmp_path):
    """A copy of the files that git knows or would add, as a clone of the next commit has them."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    folder = tmp_path / "clone"
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def plan(folder):
    """Return the steps of the image that Binder's own program would build; it needs no Docker."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--no-run", "--debug", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def faults(steps):
    """Say what is wrong with a plan for this repository."""
    places = [
        re.search(pattern, steps, re.MULTILINE)
        for pattern in (
            r"^COPY .*\bsrc/ \$\{REPO_DIR\}/$",
            r"^RUN .*pip install .*-r \"requirements.txt\"$",
            r"^RUN \./postBuild$",
            r"^ENV R2D_ENTRYPOINT=.*/start\"$",
        )
    ]
    found = [] if "Building conda environment for python=3.12\n" in steps else ["not Python 3.12"]
    names = ("no copy of the repository", "no requirements", "no postBuild", "no start")
    found += [name for name, place in zip(names, places, strict=True) if place is None]
    starts = [place.start() for place in places if place]
    return found if starts == sorted(starts) else [*found, "wrong order"]


def test_binder_installs_the_requirements_from_the_copied_repository_and_runs_postbuild(clone):
    assert faults(plan(clone)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("requirements.txt", "-e ./code", "-e code", "wrong order"),
        ("runtime.txt", None, None, "not Python 3.12"),
        ("postBuild", None, None, "no postBuild"),
        ("start", None, None, "no start"),
    ],
)
def test_a_mistake_in_a_file_would_be_seen_in_the_plan(clone, name, old, new, fault):
    path = clone / name
    if old is None:
        path.unlink()
    else:
        path.write_text(path.read_text().replace(old, new))
    assert faults(plan(clone)) == [fault]


def notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path.read_text()


def test_postbuild_draws_the_figures_and_survives_a_chapter_that_fails(tmp_path):
    good, bad = tmp_path / "good.ipynb", tmp_path / "bad one.ipynb"
    notebook(good, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    before = notebook(bad, "print(1)", "1 / 0")
    assert os.access(ROOT / "postBuild", os.X_OK)
    done = subprocess.run(
        [ROOT / "postBuild", good, bad],
        env=binder(Path(sys.executable).parent, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"postBuild: {bad} failed" in done.stdout
    assert bad.read_text() == before
    drawn = nbformat.read(good, as_version=4)
    assert any("image/png" in output.get("data", {}) for output in drawn.cells[0].outputs)
    assert NotebookNotary(data_dir=str(tmp_path / "data")).check_signature(drawn)


def binder(programs, home):
    """Return an environment as in the image: another home, and no way to the network."""
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    return {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "LANG": "C.UTF-8",
        "NO_PROXY": "127.0.0.1,localhost",
        **nowhere,
        **{name.lower(): address for name, address in nowhere.items()},
    }


@pytest.fixture
def programs(clone, tmp_path):
    """The programs of an environment that was made as Binder makes it."""
    environment = tmp_path / "environment"
    install = [environment / "bin" / "python", "-m", "pip", "install", "--quiet"]
    install += ["--disable-pip-version-check"]
    for command in (
        [PYTHON, "-m", "venv", environment],
        [*install, f"jupyterlab=={JUPYTERLAB}"],
        [*install, "--no-cache-dir", "-r", "requirements.txt"],
    ):
        done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return environment / "bin"


def path_of_the_rocket(clone, tmp_path):
    """Return where the Binder link of the chapter's built page leads in JupyterLab."""
    config = yaml.safe_load((clone / "_config.yml").read_text())
    config["execute"] = {"execute_notebooks": "off"}
    (clone / "_config.yml").write_text(yaml.safe_dump(config))
    chapters = {"format": "jb-book", "root": "book/intro", "chapters": [{"file": CHAPTER}]}
    (clone / "_toc.yml").write_text(yaml.safe_dump(chapters))
    command = [Path(sys.executable).with_name("jupyter-book"), "build", clone]
    command += ["--quiet", "--path-output", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    page = tmp_path / "_build" / "html" / Path(CHAPTER).with_suffix(".html")
    (link,) = set(re.findall(r'href="(https://mybinder\.org/[^"]+)"', page.read_text()))
    return parse_qs(urlsplit(link).query)["urlpath"][0]


@pytest.mark.launch
@pytest.mark.parametrize("python", [PYTHON], ids=[VERSION])
def test_a_chapter_opened_by_the_rocket_works(clone, programs, tmp_path, chromium, python):
    home = tmp_path / "home"
    home.mkdir()
    environment = binder(programs, home)
    done = subprocess.run(
        [clone / "postBuild", CHAPTER], env=environment, check=True, capture_output=True, text=True
    )
    assert "failed" not in done.stdout, done.stdout + done.stderr
    path = path_of_the_rocket(clone, tmp_path)
    assert path == f"lab/tree/{CHAPTER}"
    with labserver.running(programs / "python", clone, home, environment) as address:
        work_through(chromium, address, path)


def work_through(chromium, address, path):
    """Read, run, play and practise, with nothing from elsewhere."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    requests = []
    context.on("request", lambda request: requests.append(request.url))
    page = labserver.open_notebook(context, address + path)

    # Before anything is run: postBuild's figures and widgets, MyST rendered.
    page.locator(".jp-OutputArea-output img").first.wait_for()
    page.get_by_role("application").first.wait_for()
    page.locator("aside", has_text="Predict first").first.wait_for()
    for raw in (":::", "{cite:"):
        assert page.get_by_text(raw).filter(visible=True).count() == 0

    labserver.run_all(page)
    last = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").last
    for prompt in (r"\[\*\]", r"\[\d+\]"):  # waiting, then done
        last.filter(has_text=re.compile(prompt)).wait_for()
    assert labserver.errors(page).count() == 0

    status = page.get_by_role("status").filter(has_text="θ =").first
    status.get_by_text("θ = 120°").wait_for()
    page.get_by_role("application").first.press("ArrowRight")
    status.get_by_text("θ = 121°").wait_for()

    cell = labserver.code_cell(page, 'check("02-best-step"')
    cell.get_by_text("not attempted yet").wait_for()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(
        "def best_step(gradient, length):\n"
        "    return -length * gradient / np.linalg.norm(gradient)\n\n\n"
        'check("02-best-step", best_step)'
    )
    page.keyboard.press("Control+Enter")
    cell.get_by_text("✓ 02-best-step").wait_for()

    context.close()
    elsewhere = [url for url in requests if not re.match(rf"{address}|ws:|data:|blob:", url)]
    assert elsewhere == []
