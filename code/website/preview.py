"""What other sites show of a page that is linked there: title, first sentence and a picture."""

import html
import re
from pathlib import Path

import yaml

CONFIG = Path(__file__).parents[2] / "_config.yml"
SITE = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["html"]["baseurl"]
PICTURE = f"{SITE}_static/social.png"
PICTURE_TEXT = "Four methods run from one start down Rosenbrock's curved valley."
TITLE = re.compile(r"<title>(.*?)(?: &#8212; Downhill)?</title>", re.DOTALL)
FIRST = re.compile(r"</h1>.*?<p>(.*?)</p>", re.DOTALL)
SOURCE = re.compile(r'<span class="tex">.*?</span>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def add(page: str, path: Path) -> str:
    """Return the page with its description and its preview in the head."""
    title, first = TITLE.search(page), FIRST.search(page)
    if title is None:
        return page
    text = TAG.sub("", SOURCE.sub("", first[1])) if first else "Gradient descent from one idea."
    text = html.escape(" ".join(html.unescape(text).split()))
    name = html.escape(html.unescape(title[1].strip()))
    tags = {
        "og:type": "article",
        "og:site_name": "Downhill",
        "og:title": name,
        "og:description": text,
        "og:image": PICTURE,
        "og:image:alt": PICTURE_TEXT,
        "twitter:card": "summary_large_image",
    }
    lines = [f'<meta name="description" content="{text}">']
    lines += [f'<meta property="{key}" content="{value}">' for key, value in tags.items()]
    return page.replace("</head>", "\n".join([*lines, "</head>"]), 1)
