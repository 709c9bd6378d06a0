// Keys can be switched off, for who speaks to the machine or strikes keys by chance (WCAG 2.1.4): kept in this browser.
const OFF = 'keysOff'
const root = document.documentElement
const kept = () => { try { return localStorage.getItem(OFF) === '1' } catch { return false } }
root.toggleAttribute('data-keys-off', kept())
document.addEventListener('change', event => {
  if (!event.target.matches('[data-keys-switch]')) return
  root.toggleAttribute('data-keys-off', !event.target.checked)
  try { localStorage.setItem(OFF, event.target.checked ? '' : '1') } catch { /* for this page alone */ }
})

// And each can be changed: what a person presses instead stands with the person, by the key as it comes.
const own = JSON.parse(document.body.dataset.keys || '{}')
const meant = new Map(Object.entries(own).map(([key, instead]) => [instead, key]))
const translated = pressed => meant.get(pressed) ?? (pressed in own ? '' : pressed)

// One press as it is written: a sign as it comes out, or what is held down with it (Alt+a).
const NAMED = /^(F\d+|Home|End|Insert|Delete|PageUp|PageDown)$/
const stroke = event => {
  const held = [event.ctrlKey && 'Ctrl', event.altKey && 'Alt', event.shiftKey && (NAMED.test(event.key) || event.ctrlKey || event.altKey) && 'Shift']
  const key = event.key.length === 1 && (event.ctrlKey || event.altKey) ? event.key.toLowerCase() : event.key
  return [...held.filter(Boolean), key].join('+')
}

// Whoever writes sends it without leaving the field.
document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches?.('textarea')) event.target.form?.requestSubmit()
})

// Keys: an element with data-key="a" is clicked by that key, "g t" by two in a row; j and k walk the rows of [data-list].
const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]'

const visible = element => element.checkVisibility?.() ?? true
const target = keys => [...document.querySelectorAll('[data-key]')].find(element => element.dataset.key === keys && (visible(element) || keys.includes(' ') || element.dataset.open))
const begins = pressed => [...document.querySelectorAll('[data-key]')].map(({ dataset }) => own[dataset.key] ?? dataset.key).concat(Object.values(own)).some(keys => keys.startsWith(`${pressed} `))

// What stands beside a button is the key that presses it.
const show = part => {
  for (const hint of part.querySelectorAll?.('kbd:not([data-as-is])') ?? []) {
    const key = hint.textContent.trim()
    if (!(key in own)) continue
    hint.textContent = own[key]
    hint.dataset.asIs = ''
  }
}

const rows = () => [...document.querySelectorAll('[data-list] tr:not(.group, thead tr), li[data-row]')].filter(row => visible(row) && row.querySelector('a, button'))
const walk = step => {
  const all = rows()
  if (!all.length) return
  const here = all.findIndex(row => row.contains(document.activeElement) || row.classList.contains('active'))
  const row = all[Math.max(0, Math.min(all.length - 1, here + step))]
  for (const other of all) other.classList.toggle('active', other === row)
  const link = row.querySelector('a, button')
  link.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
  // A list with a preview beside it shows the row's thing as one walks.
  if (row.closest('[data-list=preview]')) link.click()
}

export const startKeys = open => {
  for (const box of document.querySelectorAll('[data-keys-switch]')) box.checked = !kept()
  show(document)
  document.addEventListener('htmx:after:swap', event => show(event.target))
  let first = ''
  document.addEventListener('keydown', event => {
    if (event.target.matches?.('[data-stroke]')) return choose(event)
    if (root.hasAttribute('data-keys-off') || event.metaKey || event.target.closest?.(TYPING) || document.querySelector('dialog[open]')) return
    if (['Shift', 'Control', 'Alt', 'AltGraph'].includes(event.key)) return
    const pressed = first ? `${first} ${stroke(event)}` : stroke(event)
    const held = event.ctrlKey || event.altKey
    if (!first && begins(pressed)) {
      first = pressed
      setTimeout(() => { first = '' }, 1200)
      return event.preventDefault()
    }
    first = ''
    if (held && !meant.has(pressed)) return
    const keys = translated(pressed)
    if (keys === '?') {
      open('help')
    } else if (keys === '.') {
      [...document.querySelectorAll('main :is(.act, .head, .next) .btn')].find(visible)?.focus()
    } else if (keys === 'j' || keys === 'k') {
      walk(keys === 'j' ? 1 : -1)
    } else {
      const element = target(keys) ?? (keys === 'x' ? document.querySelector('[data-list] tr.active .tick input') : null)
      // Enter on a link or a button is its own; but the chosen row of a list with a preview is open already: there it is the page's.
      const own = event.key === 'Enter' && event.target.closest('a, button')
      if (!element || own && !own.closest('[data-list=preview] [aria-current]')) return
      // A preview that has not come yet is of another row: no key may act on it.
      if (element.closest('.view') && document.querySelector('[data-list=preview] .active:not([aria-current])')) return
      element.click()
    }
    event.preventDefault()
  })
}

// Where a key is chosen, what is held down with another is written as it is pressed; a sign alone is typed.
const choose = event => {
  if (event.key.length === 1 ? !(event.ctrlKey || event.altKey) : !/^F\d+$/.test(event.key)) return
  if (event.ctrlKey && 'acvxz'.includes(event.key.toLowerCase())) return
  event.preventDefault()
  event.target.value = stroke(event)
}
