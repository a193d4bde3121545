"""The pages in Chromium: they load nothing, run nothing of a stranger's, and can be read and used by everyone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from grader.report import render
from grader.report.class_page import render_class
from tests.report import made_up

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = ["report", "verdicts", "missing", "hostile", "class", "hostile-class"]

CONTRAST = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const linear = (v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map(linear);
    return .2126 * r + .7152 * g + .0722 * b; };
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const found = [];
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || ["SCRIPT", "STYLE", "title", "desc"].includes(e.tagName)) continue;
    const style = getComputedStyle(e);
    const a = light(parse(e.closest("svg") ? style.fill : style.color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    found.push([ratio, e.tagName + "." + e.getAttribute("class") + " " + walk.currentNode.data.slice(0, 30)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    texts = {
        "report": render(made_up.typical(), "html"),
        "verdicts": render(made_up.every_verdict(), "html"),
        "missing": render(made_up.missing(), "html"),
        "hostile": render(made_up.hostile(), "html"),
        "class": render_class(made_up.classroom(60, ("activations", "backprop")), lambda r: f"{r.student}/report.html"),
        "hostile-class": render_class([made_up.hostile(), made_up.typical()], lambda r: r.student),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


class Visit:
    """A page that was opened, and what happened meanwhile."""

    def __init__(self, browser: Browser, path: Path, scheme: str = "light", width: int = 1200) -> None:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.events: list[str] = []
        self.page.on("console", lambda m: self.events.append(f"console {m.type}: {m.text}"))
        self.page.on("pageerror", lambda e: self.events.append(f"error: {e}"))
        self.page.on("dialog", lambda d: (self.events.append(f"dialog: {d.message}"), d.dismiss()))
        self.page.on("request", lambda r: self.events.append(f"request: {r.url}"))
        self.page.goto(path.as_uri())
        self.url = self.page.url

    @property
    def unexpected(self) -> list[str]:
        return [e for e in self.events if e not in (f"request: {self.url}", "request: data:,")]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1200, 360])
def test_opens_quietly_and_fits(browser: Browser, pages: dict[str, Path], name: str, width: int) -> None:
    visit = Visit(browser, pages[name], width=width)
    visit.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.page.evaluate("document.body.scrollWidth") <= width
    assert visit.unexpected == []
    visit.page.context.close()


@pytest.mark.parametrize("name", ["hostile", "hostile-class"])
def test_hostile_text_executes_and_injects_nothing(browser: Browser, pages: dict[str, Path], name: str) -> None:
    visit = Visit(browser, pages[name])
    visit.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    visit.page.evaluate("document.querySelectorAll('*').forEach((e) => e.dispatchEvent(new MouseEvent('mouseover')))")
    count = "(s) => document.querySelectorAll(s).length"
    assert visit.page.evaluate(count, "script") == 1
    assert visit.page.evaluate(count, "style") == 1
    assert visit.page.evaluate(count, "img, iframe, object, embed, form, textarea, [style]") == 0
    attributes = "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())"
    assert not [a for a in visit.page.evaluate(attributes) if a.startswith("on")]
    links = "[...document.querySelectorAll('a[href]')].map((a) => a.protocol)"
    assert set(visit.page.evaluate(links)) == {"file:"}
    assert "alert(1)" in visit.page.inner_text("main")
    assert visit.unexpected == []
    visit.page.context.close()


def test_the_policy_stops_what_escaping_would_miss(browser: Browser, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["report"])
    visit.page.evaluate(
        """() => { const s = document.createElement('script'); s.textContent = 'window.owned = 1';
        document.body.append(s);
        const i = new Image(); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i); }"""
    )
    assert visit.page.evaluate("window.owned === undefined")
    assert visit.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'open', () => 'shut')") == "shut"
    refused = [e for e in visit.events if "Content Security Policy" in e]
    assert len(refused) >= 3
    visit.page.context.close()


@pytest.mark.parametrize("name", ["report", "verdicts", "class"])
def test_dark_differs_and_both_have_contrast(browser: Browser, pages: dict[str, Path], name: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        visit = Visit(browser, pages[name], scheme)
        grounds.append(visit.page.evaluate("getComputedStyle(document.body).backgroundColor"))
        found = visit.page.evaluate(CONTRAST)
        assert len(found) > 30
        assert [item for item in found if item[0] < 4.5] == []
        visit.page.context.close()
    assert grounds[0] != grounds[1]


def test_the_keyboard_reaches_the_details(browser: Browser, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["report"])
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    title = "softmax is finite for scores of 1e4."
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        if title in visit.page.evaluate("document.activeElement.textContent"):
            break
    assert visit.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert not visit.page.evaluate("document.activeElement.parentElement.open")
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.parentElement.open")
    assert visit.page.get_by_text("overflow encountered in exp.").last.is_visible()
    visit.page.context.close()


def test_the_snippet_can_be_copied(browser: Browser, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["report"])
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.page.get_by_role("button", name="Copy").first.click()
    visit.page.get_by_role("button", name="Copied").wait_for()
    snippet = next(c.evidence.snippet for c in made_up.typical().checks if c.evidence and c.evidence.snippet)
    assert visit.page.evaluate("navigator.clipboard.readText()") == snippet
    visit.page.context.close()


def test_the_pictures_have_names(browser: Browser, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["report"])
    visit.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    curve = visit.page.get_by_role("img", name="Time against size")
    assert "9.3 times the baseline" in curve.locator("desc").text_content()
    assert visit.page.get_by_role("img", name="9 of 19 points").is_visible()
    assert visit.page.locator(".heat td").all_inner_texts()[4:6] == ["3e-8", "0.5"]
    for role in ("banner", "main", "contentinfo"):
        assert visit.page.get_by_role(role).count() == 1  # type: ignore[arg-type]
    visit.page.context.close()


def test_the_class_can_be_sorted_and_filtered(browser: Browser, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["class"])
    points = visit.page.locator("#grades thead button", has_text="Points")
    header = visit.page.locator("#grades thead th", has_text="Points")

    def scores() -> list[float]:
        return visit.page.evaluate(
            "[...document.querySelectorAll('#grades tbody tr')].map((r) => +r.cells[2].dataset.value)"
        )

    assert scores() != sorted(scores())
    points.click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert visit.page.locator("#grades [aria-sort]").count() == 1
    assert scores() == sorted(scores())
    points.focus()
    visit.page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "descending"
    assert scores() == sorted(scores(), reverse=True)
    visit.page.get_by_role("searchbox").fill("needs review")
    rows = visit.page.locator("#grades tbody tr:visible")
    assert rows.count() == 6
    assert visit.page.inner_text("#shown") == "6 of 120"
    assert all("Needs review" in text for text in rows.all_inner_texts())
    assert visit.unexpected == []
    visit.page.context.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of 2,000 students."""
    path = tmp_path_factory.mktemp("large") / "index.html"
    path.write_text(render_class(made_up.classroom(2000), lambda r: r.student), encoding="utf-8")
    return path


TOUCHED = """() => { window.touched = 0;
  new MutationObserver((all) => all.forEach((m) => { touched += m.addedNodes.length + m.removedNodes.length; }))
    .observe(document.querySelector('#grades tbody'), { childList: true, subtree: true }); }"""


def test_of_2000_students_a_browser_handles_only_those_on_view(browser: Browser, large: Path) -> None:
    page = (visit := Visit(browser, large)).page
    rows, shown = page.locator("#grades tbody tr"), page.locator("#shown")
    assert (rows.count(), shown.inner_text()) == (50, "2000 of 2000")
    assert page.evaluate("document.querySelectorAll('*').length") < 2500
    page.evaluate(TOUCHED)
    page.locator("#grades thead button", has_text="Points").click()
    page.get_by_role("searchbox").press_sequentially("ada")
    page.get_by_role("combobox", name="Status").select_option("Points lost")
    assert 50 < page.evaluate("touched") <= 5 * 100
    texts = rows.all_inner_texts()
    assert len(texts) == 50
    assert all("ada" in text.lower() and "Points lost" in text for text in texts)
    visit.page.context.close()


def test_each_of_2000_students_can_be_found(browser: Browser, large: Path) -> None:
    page = (visit := Visit(browser, large)).page
    rows, more = page.locator("#grades tbody tr"), page.locator("#more")
    more.click()
    assert (rows.count(), more.inner_text()) == (100, "Show 50 more of 1900")
    page.locator("#grades thead button", has_text="Student").click()
    assert page.locator("#grades thead th").first.get_attribute("aria-sort") == "descending"
    assert rows.count() == 50
    page.get_by_role("searchbox").fill("1999")
    assert rows.count() == 1
    assert not more.is_visible()
    assert rows.get_by_role("link").get_attribute("href").endswith("1999")
    page.get_by_role("searchbox").fill("nobody of that name")
    assert (rows.count(), page.locator("#shown").inner_text()) == (0, "0 of 2000")
    page.get_by_role("searchbox").fill("")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows.count() == 2000
    assert visit.unexpected == []
    page.context.close()


def test_without_scripts_the_page_lists_everyone(browser: Browser, large: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(large.as_uri())
    assert page.locator("#grades tbody tr").count() == 2000
    assert page.locator("#grades tbody tr").last.is_visible()
    assert not page.locator(".filter").is_visible()
    page.context.close()


def test_a_class_can_be_filtered_by_assignment(browser: Browser, pages: dict[str, Path]) -> None:
    page = Visit(browser, pages["class"]).page
    page.get_by_role("combobox", name="Assignment").select_option("Backprop")
    assert page.locator("#shown").inner_text() == "60 of 120"
    page.get_by_role("combobox", name="Status").select_option("Nothing submitted")
    assert page.locator("#shown").inner_text() == "3 of 120"
    assert page.locator("#grades tbody tr").count() == 3
    page.context.close()
