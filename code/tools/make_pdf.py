"""Print a built book into one PDF: ``python make_pdf.py _build/html downhill.pdf``.

Each page is printed by Chromium after its formulas and figures are set; the interactive figures
appear as pictures of their first state. Links between pages lead to the site.
"""

import argparse
import io
import re
import threading
from pathlib import Path

import browser
import serve
from colab import SITE
from playwright.sync_api import Browser, PdfMargins, sync_playwright
from pypdf import PdfWriter
from tqdm import tqdm

ROOT = Path(__file__).parents[2]
READY = """() => {
  for (const picture of document.images) picture.loading = "eager";
  for (const part of document.querySelectorAll("article details")) part.open = true;
}"""
SETTLED = """() => [...document.images].every(picture => picture.complete)
  && (!document.querySelector(".math") || document.querySelector("mjx-container"))"""
# Links within the page stay; those to other pages would lead to this computer.
OUTSIDE = """([here, site]) => {
  for (const link of document.querySelectorAll("article a[href]")) {
    if (link.getAttribute("href").startsWith("#") || !link.href.startsWith(here)) continue;
    link.href = site + link.href.slice(here.length);
  }
}"""


def pages() -> list[str]:
    """Return the pages of the table of contents, in its order."""
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    return [f"{name}.html" for name in re.findall(r"(?:root|file): (\S+)", contents)]


def printed(chromium: Browser, address: str, path: str) -> bytes:
    """Return one page as PDF; ``address`` ends with a slash and is where the book is served."""
    page = chromium.new_page(color_scheme="light", bypass_csp=True)  # to wait for SETTLED
    page.goto(address + path, wait_until="networkidle")
    page.evaluate(READY)
    page.wait_for_function(SETTLED)
    page.evaluate(OUTSIDE, [address, SITE])
    margin = PdfMargins(top="18mm", bottom="18mm", left="16mm", right="16mm")
    content = page.pdf(format="A4", margin=margin, scale=0.8, print_background=True, tagged=True)
    page.close()
    return content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", type=Path, help="the folder of the built book")
    parser.add_argument("target", type=Path, help="the PDF to write")
    arguments = parser.parse_args()
    server = serve.server(str(arguments.book), 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address, writer = f"http://127.0.0.1:{server.server_port}/", PdfWriter()
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        for name in tqdm(pages(), unit="page"):
            start = len(writer.pages)
            writer.append(io.BytesIO(printed(chromium, address, name)), import_outline=False)
            title = re.sub(r"\W*Downhill$", "", title_of(arguments.book / name)) or "Downhill"
            writer.add_outline_item(title=title, page_number=start)
        chromium.close()
    writer.add_metadata({"/Title": "Downhill: gradient descent from one inner product"})
    writer.write(arguments.target)
    server.shutdown()
    print(f"{arguments.target}: {len(writer.pages)} pages")


def title_of(page: Path) -> str:
    """Return the title of a built page."""
    found = re.search(r"<title>(.*?)</title>", page.read_text(encoding="utf-8"), re.DOTALL)
    return found[1].replace("&#8212;", "—").strip() if found else page.stem


if __name__ == "__main__":
    main()
