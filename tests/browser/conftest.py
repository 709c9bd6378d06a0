"""A real Chromium on a real server, on a Monday morning in Lima; whatever a page complains of fails the test."""

import importlib.util
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from conftest import NOW, Cast, make_cast

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var/screenshots"
expect.set_options(timeout=15_000)  # as long as everything else waits here: the machine may be busy
_REPORT = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"


def _chromium() -> str | None:
    spec = importlib.util.spec_from_file_location("chromium", ROOT / "tools/chromium.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.find()


@pytest.fixture
def chromium(live_server, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The machine's Chromium. As root it has no sandbox to offer."""
    path = _chromium()
    if path is None:
        pytest.fail("no Chromium: run tools/chromium.py, or set CHROMIUM to its path")
    # Playwright keeps an event loop in this thread, so it starts after the database and ends before it; the tests use the
    # database between its calls, never inside one.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()
        connections.close_all()  # those of the loop are others than those of the thread, and nobody else closes them


@dataclass
class Desk:
    """One person's browser. `complaints` are console errors, policy violations and answers of the server that failed."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def shot(self, name: str) -> None:
        """A picture of the whole page, after its fonts have come."""
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def fits(self) -> bool:
        """Whether nothing makes the page scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    def sign_in(self, email: str = "owner@sembria.example", password: str = "correct horse battery") -> None:
        """Sign in by the form, and wait for the page behind it with its scripts."""
        self.open("/")
        self.page.get_by_label("Correo").fill(email)
        self.page.get_by_label("Contraseña").fill(password)
        self.page.get_by_role("button", name="Entrar").click()
        expect(self.page).to_have_url(re.compile(r"/(o/[^/]+/|start/|organizations/)$|:\d+/$"))
        self.page.wait_for_load_state()

    def hears(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")


@pytest.fixture
def cast(transactional_db: None, chromium: Browser) -> Cast:
    """The cast, seen by the server's own connection as well."""
    return make_cast()


@pytest.fixture
def browse(chromium: Browser, live_server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Open a browser: `browse(width=360, theme="dark")`. At the end nothing may have complained."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    SHOTS.mkdir(parents=True, exist_ok=True)
    desks: list[Desk] = []

    def browse(*, width: int = 1440, theme: str = "light", state: dict | None = None) -> Desk:
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width > 500 else 780},
            color_scheme=theme,
            locale="es-PE",
            reduced_motion="reduce",
            storage_state=state,
        )
        context.set_default_timeout(15_000)
        context.add_init_script(_REPORT)
        desk = Desk(context.new_page(), live_server.url)
        desk.page.on("console", desk.hears)
        desk.page.on("pageerror", lambda error: desk.complaints.append(f"{desk.page.url}: {error}"))
        desks.append(desk)
        return desk

    yield browse
    for desk in desks:
        desk.page.context.close()
    assert [complaint for desk in desks for complaint in desk.complaints] == []
