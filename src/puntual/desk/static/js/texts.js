// Writing a text: a variable goes where one was typing last, the usual keys keep it. The page works without.
const form = document.querySelector('[data-writing]')
const fields = [...form.querySelectorAll('textarea, input[type=text]')]
let last = form.elements.body
for (const field of fields) field.addEventListener('focus', () => { last = field })

form.addEventListener('click', event => {
  const button = event.target.closest('[data-insert]')
  if (!button) return
  last.focus()
  last.setRangeText(`{${button.dataset.insert}}`, last.selectionStart, last.selectionEnd, 'end')
  last.dispatchEvent(new InputEvent('input', { bubbles: true }))
})

document.addEventListener('keydown', event => {
  const kept = event.key === 's' ? 'draft' : event.key === 'Enter' ? 'activate' : ''
  const button = (event.ctrlKey || event.metaKey) && kept && form.querySelector(`[name=do][value=${kept}]`)
  if (button) {
    event.preventDefault()
    form.requestSubmit(button)
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest('input, textarea, select')) {
    const field = event.key === 'e' ? form.elements.body : event.key === 'c' ? document.querySelector('[data-focus=c]') : null
    if (field) {
      event.preventDefault()
      field.focus()
    }
  }
})
