"""What a reader's browser meets on one page of the built book."""

import contextlib
import functools
import gzip
import http.server
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

# A first visit: bytes after gzip, of them the course's own scripts, layout shift, seconds to paint.
MOST_WEIGHT, MOST_SCRIPTS, MOST_SHIFT, MOST_PAINT = 700_000, 40_000, 0.1, 2.0

ASSETS = Path(__file__).parents[2] / "code" / "descentlab" / "interactive" / "assets"
OURS = {path.name for path in ASSETS.glob("*.js")}
PACKED = {".png", ".woff", ".woff2", ".jpg"}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "rules": {"label-content-name-mismatch": {"enabled": True}},
    "preload": False,  # it would look for imported style sheets in the wrong folder
    "resultTypes": ["violations"],
}
CONTRAST = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# Code has the same few colours everywhere: seen on these pages, it is left out on the others.
CODE = [".highlight pre"]
WITH_CODE = {f"book/{name}.html" for name in ("01-loss", "16-backprop", "19-batchnorm", "api")}
SHIFTS = """() => new Promise(done => {
  const found = {lcp: 0, cls: 0};
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) found.lcp = entry.startTime;
  }).observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) found.cls += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(found), 100);
})"""
THEME = "name => Object.assign(document.documentElement.dataset, {theme: name, mode: name})"
# A connection of 10 Mbit/s with 40 ms to the server, and half the speed of the processor.
LINE = {
    "offline": False,
    "latency": 40,
    "downloadThroughput": 10e6 / 8,
    "uploadThroughput": 5e6 / 8,
}


@dataclass
class Survey:
    """A page's weight in bytes after gzip, what went wrong on it, and how steadily it appeared."""

    path: str
    weights: dict[str, int] = field(default_factory=dict)
    external: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    headings: int = 0
    overflow: float = 0.0
    shift: float = 0.0
    paint: float = 0.0

    @property
    def weight(self):
        return sum(self.weights.values())

    @property
    def scripts(self):
        """The weight of the course's own JavaScript."""
        return sum(size for name, size in self.weights.items() if name in OURS)


class Gzipping(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a site's host does: text compressed, pictures and fonts as they are."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix not in PACKED:
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def gzipping(folder):
    """Serve a folder on this computer, compressed; the value is its address."""
    handler = functools.partial(Gzipping, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def survey(browser, address, path, width=1280, throttled=False):
    """Visit a page, without touching it, and return what was found."""
    found = Survey(path)
    context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    answers = []
    page.on("console", lambda m: found.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("requestfailed", lambda request: found.errors.append(f"failed: {request.url}"))
    page.on("response", lambda answer: answers.append(answer))
    if throttled:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 2})
    page.goto(address + path, wait_until="networkidle")
    found.headings = page.locator("h1:visible").count()
    found.overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    times = page.evaluate(SHIFTS)
    found.shift, found.paint = times["cls"], times["lcp"] / 1000
    for answer in answers:
        if not answer.url.startswith((address, "data:", "blob:")):
            found.external.append(answer.url)
        elif answer.url.startswith("http"):
            name = Path(urlsplit(answer.url).path)
            body = answer.body()
            size = len(body) if name.suffix in PACKED else len(gzip.compress(body, 9))
            found.weights[name.name] = size
    if not throttled:
        parts = {"include": [["html"]], "exclude": [] if path in WITH_CODE else [CODE]}
        # Only contrast depends on the colours.
        for theme, rules in (("light", RULES), ("dark", CONTRAST)):
            page.evaluate(THEME, theme)
            page.wait_for_timeout(300)  # colours change gradually
            for violation in Axe().run(page, context=parts, options=rules).response["violations"]:
                places = [node["html"][:120] for node in violation["nodes"]]
                found.violations.append(f"{theme}: {violation['id']}: {places}")
    context.close()
    return found
