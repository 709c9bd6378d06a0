// What every page does: theme, menu, dialogs, messages and keys. Pages are whole without it; it only makes them quicker.
import { startKeys } from './keys.js'

const root = document.documentElement
const closest = (event, selector) => event.target.closest?.(selector)
const PANEL = 'details:is(.who-menu, .more-of)[open]' // lies over the page: a click beside it or Escape closes it

// Theme and language are one form. A theme changes at once and is kept behind the scenes; a language loads the page again.
document.addEventListener('submit', event => {
  const form = closest(event, '[data-preferences]')
  const button = event.submitter
  if (!form || button?.name !== 'theme') return
  event.preventDefault()
  fetch(form.action, { method: 'POST', body: new FormData(form, button), redirect: 'manual' })
  root.dataset.follows = button.value ? '' : 'system'
  root.dataset.bsTheme = button.value || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  root.dispatchEvent(new CustomEvent('themechange'))
  for (const other of form.querySelectorAll('[name=theme]')) {
    other.classList.toggle('active', other === button)
    other.setAttribute('aria-pressed', other === button)
  }
})

const open = id => {
  const dialog = document.getElementById(id)
  if (!dialog || dialog.open) return
  dialog.showModal()
  dialog.querySelector('input:not([type=checkbox])')?.select()
}

document.addEventListener('click', event => {
  const form = closest(event, 'a[data-sheet]')
  if (form && window.htmx && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault()
    htmx.ajax('GET', form.href, '#sheet-body')
  }
  const opener = closest(event, '[data-open]')
  if (opener && document.getElementById(opener.dataset.open)) {
    event.preventDefault()
    open(opener.dataset.open)
  }
  if (closest(event, '[data-close]')) {
    event.preventDefault()
    closest(event, 'dialog').close()
  }
  if (event.target.matches?.('dialog')) event.target.close() // a click beside it
  closest(event, '[data-dismiss]')?.closest('.notice').remove()
  const menu = closest(event, '[data-menu]')
  if (menu) menu.setAttribute('aria-expanded', document.getElementById(menu.getAttribute('aria-controls')).classList.toggle('show'))
  for (const details of document.querySelectorAll(PANEL)) if (!details.contains(event.target)) details.open = false
  const row = closest(event, ':is(.rows, .pickable) tr')
  if (row && !closest(event, 'a, button, input, label, select, textarea') && !getSelection().toString()) row.querySelector('a')?.click()
})
document.addEventListener('change', event => {
  if (event.target.matches('[data-all]')) for (const box of event.target.form.querySelectorAll('[name=id]')) box.checked = event.target.checked
})
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) for (const details of document.querySelectorAll(PANEL)) {
    details.open = false
    details.querySelector('summary').focus()
  }
})

// Messages: a live region speaks only of what is added later, so those that came with the page are put in again. Good news leaves by itself.
const toasts = document.getElementById('toasts')
const leave = notice => {
  if (notice.classList.contains('problem')) return
  let timer = setTimeout(() => notice.remove(), 8000)
  notice.addEventListener('pointerenter', () => clearTimeout(timer))
  notice.addEventListener('pointerleave', () => { timer = setTimeout(() => notice.remove(), 3000) })
}
export const say = (text, problem = false) => {
  const notice = document.createElement('div')
  notice.className = problem ? 'notice problem' : 'notice'
  const words = document.createElement('p')
  words.textContent = text
  notice.append(words)
  toasts.append(notice)
}
if (toasts) {
  // What is new takes the place of older good news: done quickly one after the other they would pile up.
  new MutationObserver(changes => {
    const added = changes.flatMap(change => [...change.addedNodes]).filter(node => node.classList)
    if (added.length) for (const old of toasts.querySelectorAll('.notice:not(.problem)')) if (!added.includes(old)) old.remove()
    added.forEach(leave)
  }).observe(toasts, { childList: true })
  const arrived = [...toasts.children]
  toasts.replaceChildren()
  setTimeout(() => toasts.append(...arrived), 100)
}
document.addEventListener('htmx:error', event => {
  if (event.detail.ctx && !event.detail.ctx.response) say(document.body.dataset.unreachable, true)
})

// A form that arrived in the sheet opens it, with the first thing to mend or to fill in ready; closed, it is empty again.
const sheet = document.getElementById('sheet')
sheet?.addEventListener('close', () => sheet.firstElementChild.replaceChildren())
document.addEventListener('htmx:after:swap', () => {
  const first = sheet?.querySelector('[aria-invalid]') ?? sheet?.querySelector('[autofocus]') ?? sheet?.querySelector('input:not([type=hidden]), select, textarea') ?? sheet?.querySelector('.btn-primary')
  if (!first || sheet.open && !first.matches('[aria-invalid]')) return
  if (!sheet.open) sheet.showModal()
  first.focus()
})

// A page that comes back with something to mend begins there.
document.querySelector('#content [aria-invalid]')?.focus()

// What is found is a list to choose from while one types: the arrows choose, Enter opens; the keyboard stays in the box.
const search = document.getElementById('search')
const box = search?.querySelector('[role=combobox]')
const hits = () => [...search.querySelectorAll('[role=option]')]
const choose = hit => {
  for (const other of hits()) other.setAttribute('aria-selected', other === hit)
  if (hit) box.setAttribute('aria-activedescendant', hit.id)
  else box.removeAttribute('aria-activedescendant')
  hit?.scrollIntoView({ block: 'nearest' })
}
const chosen = () => hits().find(hit => hit.getAttribute('aria-selected') === 'true')
document.addEventListener('htmx:after:swap', () => {
  if (!search?.open) return
  box.setAttribute('aria-expanded', hits().length > 0)
  if (!chosen()) choose(hits()[0])
})
box?.addEventListener('keydown', event => {
  const all = hits()
  if (event.key === 'Enter' && chosen()) {
    event.preventDefault()
    chosen().click()
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' || !all.length) return
  event.preventDefault()
  const step = event.key === 'ArrowDown' ? 1 : -1
  choose(all[(all.indexOf(chosen()) + step + all.length) % all.length])
})

// Charts need a library of a megabyte: only pages that have one fetch it.
const chart = part => part.querySelector?.('[data-chart]') && import('./charts.js').then(charts => charts.draw(part))
chart(document)
document.addEventListener('htmx:after:swap', event => chart(event.target))

// Names of colleagues come up only where a note is written.
const mentions = part => part.querySelector?.('[data-mentions]') && import('./mentions.js').then(names => names.start(part))
mentions(document)
document.addEventListener('htmx:after:swap', event => mentions(event.target))

startKeys(open)
