"""The workflows run what everyone can run, from fixed actions, with the least permissions."""

import itertools
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PATHS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text()
WRITES = {("deploy.yml", "colab"), ("deploy.yml", "deploy")}


def load(path):
    workflow = yaml.safe_load(path.read_text())
    workflow["on"] = workflow.pop(True)  # YAML 1.1 reads `on` as true
    return workflow


def jobs():
    return [
        pytest.param(path, name, job, id=f"{path.stem}-{name}")
        for path in PATHS
        for name, job in load(path)["jobs"].items()
    ]


def every(matrix):
    """Return each combination of a matrix as {name: value}."""
    return [
        dict(zip(matrix, values, strict=True)) for values in itertools.product(*matrix.values())
    ]


@pytest.mark.parametrize(("path", "name", "job"), jobs())
def test_each_step_is_a_command_that_everyone_can_run(path, name, job):
    targets = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())
    commands = [step["run"] for step in job["steps"] if "run" in step]
    for command in commands:
        for values in every(job.get("strategy", {}).get("matrix", {})):
            filled = re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda m, v=values: v[m[1]], command)
            words = filled.split()
            assert words == [".ci/run"] or (words[0] == "make" and words[1] in targets), filled
            assert all(re.fullmatch(r"[A-Z]+=\w+", word) for word in words[2:]), filled


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_each_action_is_fixed_by_its_commit_and_says_its_version(path):
    uses = re.findall(r"uses: *(.*)", path.read_text())
    assert uses
    for line in uses:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_one_action_has_one_commit():
    text = "\n".join(path.read_text() for path in PATHS)
    pins = set(re.findall(r"uses: *([\w/-]+)@(.*)", text))
    assert len(pins) == len({action for action, _ in pins})


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read(path):
    workflow = load(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    assert "pull_request_target" not in workflow["on"]


@pytest.mark.parametrize(("path", "name", "job"), jobs())
def test_only_what_publishes_may_write(path, name, job):
    allowed = {
        "colab": {"contents": "write"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert job["timeout-minutes"] <= 90
    expected = allowed[name] if (path.name, name) in WRITES else None
    assert job.get("permissions") == expected
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout"):
            keeps = step["with"]["persist-credentials"]
            assert keeps is ((path.name, name) == ("deploy.yml", "colab"))


def test_the_pythons_are_those_of_the_makefile_and_all_versions_are_tried():
    low, high = re.search(r"\(3, (\d+)\) <= v <= \(3, (\d+)\)", MAKEFILE).groups()
    job = load(ROOT / ".github/workflows/test.yml")["jobs"]["test"]
    matrix = job["strategy"]["matrix"]
    assert matrix["python"] == [f"3.{minor}" for minor in range(int(low), int(high) + 1)]
    assert set(matrix["versions"]) == set(
        re.findall(r"^REQUIRED\.(\w+) :=", MAKEFILE, re.MULTILINE)
    )
    assert job["env"] == {"VERSIONS": "${{ matrix.versions }}"}


def test_other_workflows_use_the_python_of_binder():
    wanted = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
    for path in PATHS:
        for python in re.findall(r'python-version: "(.*)"', path.read_text()):
            assert python == wanted


def test_dependabot_looks_at_every_list_of_requirements():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    (pip,) = [update for update in updates if update["package-ecosystem"] == "pip"]
    for directory in pip["directories"]:
        folder = ROOT / directory.strip("/")
        assert [*folder.glob("*requirements.txt"), *folder.glob("pyproject.toml")]
    assert all(update["schedule"] == {"interval": "weekly"} for update in updates)
    assert all(update["groups"] for update in updates)
