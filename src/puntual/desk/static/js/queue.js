// A turn in the queue by keyboard: what a result needs comes up with the cursor in it, and Escape gives the keys back.
const visible = element => element.checkVisibility?.() ?? true

document.addEventListener('click', event => {
  // A key clicks the label; walking the results with the arrows does not, and leaves the focus where it is.
  const form = event.target.closest?.('.results label')?.closest('form')
  if (!form) return
  setTimeout(() => {
    const needed = [...form.querySelectorAll(':is(.promising, .disputing, .until, .again) :is(input, select)')]
    needed.find(visible)?.focus()
  })
})
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && event.target.closest?.('.record')) event.target.blur()
})
