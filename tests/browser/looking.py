"""What a machine can see of a page's looks: axe's findings, what scrolls sideways, and text that is cut off.

The narrowest width is what is left of 1280 px at a zoom of 400 %: nothing but a table or a chart may scroll both ways there
(WCAG 2.2, 1.4.10 Reflow).
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
WIDTHS = (1280, 768, 320)

_RUN_AXE = """async () => {
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const found = await axe.run(document, { resultTypes: ['violations'], runOnly: rules })
  const where = nodes => nodes.slice(0, 3).map(node => node.target.join(' ')).join(' · ')
  return found.violations.map(one => `${one.id}: ${where(one.nodes)} (${one.nodes.length}) ${one.nodes[0].any[0]?.message ?? ''}`)
}"""

# Colors are on their way from one theme to the other for a moment.
_SETTLE = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  document.getAnimations().forEach(one => one.finish())
}"""

# What is folded is looked at unfolded; not the panels that lie over the page, one of which is open at a time.
_UNFOLD = """() => document.querySelectorAll('main details:not(.more-of)').forEach(one => { one.open = true })"""

# Text is cut where its box hides what does not fit, and nothing tells the whole: no title, and no ellipsis with a link behind it.
_CUT = """() => [...document.querySelectorAll('body *')].filter(element => {
  if (!element.checkVisibility() || element.clientWidth < 2) return false
  if (element.matches('input, select, textarea, svg *, iframe')) return false
  if (element.closest('[title], .visually-hidden, dialog:not([open])')) return false
  const style = getComputedStyle(element)
  if (style.textOverflow === 'ellipsis' && element.closest('tr, li, a')?.querySelector('a, button')) return false
  const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  const hides = overflow => overflow === 'hidden' || overflow === 'clip'
  const wide = hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1
  const high = hides(style.overflowY) && element.scrollHeight > element.clientHeight + 3 && style.webkitLineClamp === 'none'
  return own && (wide || high)
}).map(element => `${element.tagName.toLowerCase()}.${element.className} «${element.textContent.trim().slice(0, 60)}»`)"""

_SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth
  const inside = [...document.querySelectorAll('body *')].filter(element => {
    if (!element.checkVisibility() || element.scrollWidth <= element.clientWidth + 1 || element.clientWidth < 2) return false
    if (!/auto|scroll/.test(getComputedStyle(element).overflowX)) return false
    return !element.matches('pre, input, select, textarea') && !element.querySelector('table, svg, canvas, pre, iframe')
  }).map(element => `inside ${element.tagName.toLowerCase()}.${element.className}`)
  if (document.documentElement.scrollWidth <= width) return inside
  const beyond = element => element.checkVisibility() && element.getBoundingClientRect().right > width + 1
  const last = [...document.querySelectorAll('body *')].filter(element => beyond(element) && ![...element.children].some(beyond))
  const named = element => `${element.tagName.toLowerCase()}.${element.className} «${element.textContent.trim()}»`
  return inside.concat(last.slice(0, 3).map(named))
}"""


def accessibility(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is shown now, contrast AA included."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    page.evaluate(_SETTLE)
    found: Any = page.evaluate(_RUN_AXE)
    return list(found)


def look(page: Page, *, widths: tuple[int, ...] = WIDTHS, themes: tuple[str, ...] = ("light", "dark")) -> list[str]:
    """Everything wrong with the looks of the page that is open: each theme by axe, each width for its text."""
    wrong = []
    page.evaluate(_UNFOLD)
    for theme in themes:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        wrong += [f"{theme}: {one}" for one in accessibility(page)]
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900 if width > 500 else 780})
        if page.evaluate(_SIDEWAYS):
            page.wait_for_timeout(500)  # a chart is drawn anew once its box has kept its size for a moment
        wrong += [f"{width} px, sideways: {one}" for one in page.evaluate(_SIDEWAYS)]
        wrong += [f"{width} px, cut: {one}" for one in page.evaluate(_CUT)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong
