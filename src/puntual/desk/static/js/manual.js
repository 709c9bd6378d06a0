// The manual's line of days: steps stand at their days; in a draft they are moved by dragging or with the arrow keys.
const place = () => {
  for (const line of document.querySelectorAll('[data-days]')) {
    const [first, last] = line.dataset.days.split(' ').map(Number)
    for (const step of line.querySelectorAll('[data-day]')) step.style.setProperty('--at', `${(step.dataset.day - first) / (last - first) * 100}%`)
    line.classList.add('placed')
  }
}
place()

// Where a card goes at once, and where it goes on the server a little later: several presses are one move.
let waiting
const show = (card, day) => {
  card.dataset.day = day
  card.querySelector('[data-shown]').textContent = String(day).replace('-', '−')
  place()
}
const send = (card, after = 0) => {
  clearTimeout(waiting)
  waiting = setTimeout(() => htmx.ajax('POST', card.dataset.move, { target: '#editor', swap: 'outerHTML', values: { day: card.dataset.day } }), after)
}

document.addEventListener('keydown', event => {
  const card = event.target.closest?.('[data-move]')
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  if (!card || !step || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  show(card, Number(card.dataset.day) + step * (event.shiftKey ? 7 : 1))
  send(card, 600)
})

let drag
document.addEventListener('pointerdown', event => {
  const card = event.target.closest?.('[data-move]')
  if (card && event.button === 0 && event.pointerType !== 'touch') drag = { card, from: event.clientX, day: Number(card.dataset.day), moved: false }
})
document.addEventListener('pointermove', event => {
  if (!drag) return
  const line = drag.card.closest('[data-days]')
  const [first, last] = line.dataset.days.split(' ').map(Number)
  const days = Math.round((event.clientX - drag.from) / drag.card.parentElement.clientWidth * (last - first))
  if (Math.abs(event.clientX - drag.from) > 4) drag.moved = true
  if (drag.moved) {
    drag.card.classList.add('dragged')
    show(drag.card, drag.day + days)
  }
})
addEventListener('pointerup', () => {
  if (drag?.moved) {
    drag.card.classList.remove('dragged')
    const dropped = drag.card
    dropped.addEventListener('click', event => { event.preventDefault(); event.stopPropagation() }, { once: true, capture: true })
    if (Number(dropped.dataset.day) !== drag.day) send(dropped)
  }
  drag = undefined
})
document.addEventListener('dragstart', event => { if (event.target.closest?.('[data-move]')) event.preventDefault() })

// An offer's form shows the limits its kind has, a notice's the fields its occasion has.
const kinds = () => {
  const kind = document.querySelector(':is(#sheet, main) select:is([name=kind], [name=code])')
  if (kind) for (const input of kind.form.querySelectorAll('[data-kinds]')) input.closest('.field').hidden = !input.dataset.kinds.split(' ').includes(kind.value)
}
document.addEventListener('change', event => { if (['kind', 'code'].includes(event.target.name)) kinds() })
kinds()

// What was saved comes back as the page's parts anew: they are placed, the form closes, and the focus stays where one works.
// Cards have no id: of what has one htmx would keep the style, which the policy for styles forbids.
let shown = document.getElementById('editor')
document.addEventListener('htmx:after:swap', () => {
  kinds()
  const editor = document.getElementById('editor')
  if (!editor || editor === shown) return
  shown = editor
  place()
  document.getElementById('sheet')?.close()
  const next = document.getElementById(editor.dataset.focus) ?? document.querySelector(`[data-card="${editor.dataset.focus}"]`)
  if (next) setTimeout(() => next.focus({ preventScroll: true }))
})
