// Steady: without a network nothing typed is lost, and after a part of the page has changed the keyboard is where one works.
const words = document.querySelector('meta[name=offline]')?.dataset ?? {}
const make = (name, ...classes) => {
  const element = document.createElement('div')
  element.id = name
  element.className = classes.join(' ')
  element.setAttribute('role', 'status')
  document.body.append(element)
  return element
}

// Without a network nothing is sent and no page is left: what was typed stays until it can go.
let banner
const tell = text => {
  banner ??= make('offline', 'notice')
  const line = document.createElement('p')
  line.textContent = text
  banner.replaceChildren(...text ? [line] : [])
  banner.hidden = !text
}
addEventListener('offline', () => tell(words.gone))
addEventListener('online', () => {
  tell(words.back)
  setTimeout(() => { if (navigator.onLine) tell('') }, 5000)
})
const keep = event => {
  if (navigator.onLine) return
  const link = event.target.closest?.('a[href]')
  if (event.type === 'click' && (!link || link.getAttribute('href').startsWith('#'))) return
  event.preventDefault()
  event.stopImmediatePropagation()
  tell(words.gone)
}
addEventListener('submit', keep, true)
addEventListener('click', keep, true)
if (!navigator.onLine) tell(words.gone)

// Where the focus goes when what had it is gone: to what the part asks for, to the same thing, or to the part's heading.
let before
document.addEventListener('htmx:before:swap', () => {
  const active = document.activeElement
  const around = []
  for (let part = active; part && part !== document.body; part = part.parentElement) if (part.id) around.push(part.id)
  before = active && active !== document.body ? { active, around, title: title() } : { around, title: title() }
})
const title = () => document.querySelector('h1')?.textContent.trim() ?? ''
const NEXT = '[aria-invalid], [autofocus], [aria-current] a, h1, h2, h3, a[href], button:not([disabled]), input:not([type=hidden])'
let said
document.addEventListener('htmx:after:swap', () => setTimeout(() => {
  if (!before) return
  const { active, around, title: old } = before
  if (active && !active.isConnected && document.activeElement === document.body && !document.querySelector('dialog[open]')) {
    const [same] = around
    const part = around.map(id => document.getElementById(id)).find(Boolean) ?? document.getElementById('content')
    const next = part?.id === same && active.id === same ? part : part?.querySelector(NEXT) ?? part
    if (next?.matches('h1, h2, h3, main, section, div')) next.setAttribute('tabindex', '-1')
    next?.focus({ preventScroll: true })
  }
  // What the page says as its fact has changed: it is spoken too.
  if (title() && title() !== old) {
    said ??= make('said', 'visually-hidden')
    said.textContent = title()
  }
  before = undefined
}))
