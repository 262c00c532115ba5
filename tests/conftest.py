"""For every test: one thread for linear algebra, deprecations as errors in kernels, a browser."""

import os
import pkgutil
import threading

import browser
import pytest
import serve
from hypothesis import settings
from playwright.sync_api import Error, sync_playwright

import descentlab

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Solved exercises of the tests and of the chapters run here are nobody's progress.
os.environ["DOWNHILL_PROGRESS"] = os.path.join(os.devnull, "none")

# In the chapters' kernels a deprecation is an error if a chapter or the package causes it; the
# kernel's own are its own affair.
ours = ["__main__", *(m.name for m in pkgutil.walk_packages(descentlab.__path__, "descentlab."))]
os.environ["PYTHONWARNINGS"] = ",".join(f"error::DeprecationWarning:{name}" for name in ours)

# No deadline: machines are slow at times. In CI the same examples each time; elsewhere new ones.
settings.register_profile("course", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("course")

OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


@pytest.fixture(scope="session")
def chromium():
    """A browser that reaches this computer only; without one, skip (in CI: fail)."""
    with sync_playwright() as playwright:
        try:
            started = browser.launch(playwright, OFFLINE)
        except Error as error:
            stop = pytest.fail if os.environ.get("CI") else pytest.skip
            reason = error.message.splitlines()[0]
            stop(f"no Chromium ({reason}): run .venv/bin/playwright install chromium")
        yield started
        started.close()


@pytest.fixture(scope="session")
def served():
    """A function that serves a folder on this computer and returns its address."""
    running = []

    def start(folder):
        server = serve.server(str(folder), 0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()
