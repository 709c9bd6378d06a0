"""Make the pictures of the guide anew: a demo of its own is started, walked in each language, and stopped.

The pictures stay true because they are made from the pages: `make screenshots` whenever a page has changed its looks.
"""

import os
import subprocess
import sys
from pathlib import Path

from chromium import find
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/guide/images"
HOME = Path(os.environ.get("PUNTUAL_HOME", ROOT / "var/screenshots-home"))
PUNTUAL = Path(sys.executable).with_name("puntual")
LANGUAGES = ("es", "en")

PLACES = {
    "setup": "settings/setup",
    "import": "imports/new",
    "today": "",
    "calls": "queue/",
    "team": "team/",
    "customers": "customers/",
    "payments": "payments/reconcile/",
    "agreements": "agreements/plans/",
    "disputes": "agreements/disputes/",
    "manual": "manual/",
    "reports": "reports/aging",
    "settings": "settings/",
}
FIRST = {"calls": "main a[href*='/queue/0']", "customers": "main a[href*='/customers/0']"}
"""Where the picture is of the first thing on a list."""
ELSE = {"calls": "queue/?channel=call&later"}
"""Where that list may be empty, as on a Sunday: one that has the same things on any day."""


def speak(page: Page, language: str) -> None:
    """Read in a language from now on."""
    with page.expect_navigation():
        page.evaluate("language => document.querySelector(`[name=language][value=${language}]`).click()", language)
    page.wait_for_load_state("networkidle")


def picture(page: Page, inside: str, name: str, language: str) -> None:
    page.goto(inside + PLACES[name])
    if name in FIRST:
        if name in ELSE and not page.locator(FIRST[name]).count():
            page.goto(inside + ELSE[name])
        page.goto(page.locator(FIRST[name]).first.evaluate("link => link.href"))
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=IMAGES / f"{name}-{language}.jpg", type="jpeg", quality=72)
    print(f"{name}-{language}")


def walk(address: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"] if os.geteuid() == 0 else [])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="es-PE", reduced_motion="reduce")
        page.set_default_timeout(60_000)
        page.goto(address)
        page.fill("input[name=login]", "carmen@sembria.example")
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/o/*/")
        inside = page.url
        page.locator("#preparing").wait_for(
            state="detached", timeout=300_000
        )  # the day is prepared when the demo starts
        for language in LANGUAGES:
            speak(page, language)
            for name in PLACES:
                picture(page, inside, name, language)
        speak(page, LANGUAGES[0])
        browser.close()


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PUNTUAL_HOME": str(HOME), "PYTHONUNBUFFERED": "1"}
    demo = subprocess.Popen([PUNTUAL, "demo"], env=environment, stdout=subprocess.PIPE, text=True)
    assert demo.stdout
    try:
        for line in demo.stdout:
            print(line, end="")
            if "http://" in line:
                walk(
                    next(word for word in line.split() if word.startswith("http://")),
                    (HOME / "demo-password").read_text(),
                )
                break
    finally:
        demo.terminate()
        demo.wait()
        subprocess.run([PUNTUAL, "db", "stop"], env=environment, check=False)


if __name__ == "__main__":
    main()
