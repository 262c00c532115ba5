"""Links of the built book that lead nowhere."""

import re
from html.parser import HTMLParser


class Links(HTMLParser):
    """Collect where a page links to, and the anchors it offers."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.anchors = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.anchors.add(value)
            elif name in {"href", "src"} and value:
                self.targets.add(value)


def broken(book):
    """Return, for each page with broken links to pages or anchors, those links."""
    paths = [*book.glob("*.html"), *book.glob("book/*.html")]
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in paths}
    found = {}
    for path, links in pages.items():
        for target in sorted(links.targets):
            if re.match(r"[a-z]+:|#$", target):
                continue
            file, _, anchor = target.partition("#")
            there = (path.parent / file.split("?")[0]).resolve() if file else path
            missing = anchor and there in pages and anchor not in pages[there].anchors
            if not there.exists() or missing:
                found.setdefault(path.relative_to(book).as_posix(), []).append(target)
    return found
