// Names of colleagues while one writes a note: @ brings the list, the arrows choose, Enter or Tab puts the name in, Escape gives the keys back.
const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
const MOST = 8

const list = box => document.getElementById(box.dataset.mentions)
const shown = menu => [...menu.children].filter(option => !option.hidden)
const chosen = menu => shown(menu).find(option => option.getAttribute('aria-selected') === 'true')

// What stands between the last @ and the cursor, or null: an @ inside an address is none.
const begun = box => /(?:^|[^\p{L}\p{N}_])@([^@\n]{0,60})$/u.exec(box.value.slice(0, box.selectionStart))?.[1] ?? null

const choose = (box, option) => {
  for (const other of list(box).children) other.setAttribute('aria-selected', other === option)
  if (option) box.setAttribute('aria-activedescendant', option.id)
  else box.removeAttribute('aria-activedescendant')
  option?.scrollIntoView({ block: 'nearest' })
}

// With the form, the box and its list may be gone meanwhile.
const close = box => {
  const menu = list(box)
  if (!menu) return
  menu.hidden = true
  choose(box, null)
}

const look = box => {
  const menu = list(box)
  const typed = begun(box)
  if (!menu || typed === null) return menu && close(box)
  let left = MOST
  for (const option of menu.children) {
    const fits = plain(option.textContent).split(/\s+/).some((_word, at, words) => words.slice(at).join(' ').startsWith(plain(typed)))
    option.hidden = !fits || left-- <= 0
  }
  const found = shown(menu)
  if (!found.length) return close(box)
  const status = box.form.querySelector('[data-said]')
  if (menu.hidden && status) status.textContent = status.dataset.said
  menu.hidden = false
  if (!chosen(menu)) choose(box, found[0])
}

const put = (box, option) => {
  const end = box.selectionStart
  const start = end - begun(box).length
  box.setRangeText(`${option.textContent} `, start, end, 'end')
  close(box)
  box.focus()
}

export const start = part => {
  for (const box of part.querySelectorAll('[data-mentions]')) {
    const menu = list(box)
    if (!menu || box.dataset.listens) continue
    box.dataset.listens = '1'
    box.setAttribute('aria-controls', menu.id)
    box.after(menu)
    box.addEventListener('input', () => look(box))
    // Whoever is back meanwhile goes on writing.
    box.addEventListener('blur', () => setTimeout(() => document.activeElement === box || close(box), 150))
    menu.addEventListener('pointerdown', event => {
      const option = event.target.closest('[role=option]')
      event.preventDefault()
      if (option) put(box, option)
    })
    box.addEventListener('keydown', event => {
      if (menu.hidden) return
      const all = shown(menu)
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step) choose(box, all[(all.indexOf(chosen(menu)) + step + all.length) % all.length])
      else if (event.key === 'Enter' || event.key === 'Tab') put(box, chosen(menu))
      else if (event.key === 'Escape') close(box)
      else return
      event.preventDefault()
      event.stopPropagation()
    })
  }
}
