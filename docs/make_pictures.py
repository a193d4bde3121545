"""The README's pictures, made from a real run: `python docs/make_pictures.py RESULTS` after `make demo`."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = {"report": ("activations/Farah Haddad/report.html", 1000, 1250), "class": ("index.html", 1200, 1150)}


def main(results: Path) -> None:
    """Open each page in Chromium and save what is seen first."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, (page_file, width, height) in PAGES.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.goto((results / page_file).resolve().as_uri())
                page.screenshot(path=Path(__file__).parent / "pictures" / f"{name}-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
