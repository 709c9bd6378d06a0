// Reconciling: where the keyboard is after each step, and what is left to give.
const first = () => document.querySelector('#review .view [autofocus]') ?? document.querySelector('#review .view .give') ?? document.querySelector('#review [aria-current] a')

const number = text => {
  const parts = new Intl.NumberFormat(document.documentElement.lang).formatToParts(1234.5)
  const decimal = parts.find(part => part.type === 'decimal').value
  const plain = text.replace(/[^\d.,-]/g, '').split(decimal)
  return Number(plain[0].replace(/[^\d-]/g, '') + (plain[1] === undefined ? '' : '.' + plain[1].replace(/\D/g, '')))
}

const count = () => {
  const form = document.getElementById('split')
  const told = form?.querySelector('.left')
  if (!told) return
  const places = (form.dataset.cameIn.split('.')[1] ?? '').length
  const left = [...form.querySelectorAll('.give')].reduce((rest, input) => rest - number(input.value), Number(form.dataset.cameIn))
  const rounded = Math.round(left * 1e4) / 1e4
  const words = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: Math.min(places, 2) }).format(Math.abs(rounded))
  told.classList.toggle('over', rounded < 0)
  told.textContent = (rounded < 0 ? told.dataset.over : told.dataset.left).replace('{amount}', `${told.dataset.currency} ${words}`)
}

document.addEventListener('input', event => { if (event.target.matches('.give')) count() })
document.addEventListener('focusin', event => { if (event.target.matches('.give')) event.target.select() })
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && event.target.closest('#review .view') && !document.querySelector('dialog[open]')) document.querySelector('#review [data-key=Escape]')?.click()
})
document.addEventListener('htmx:after:swap', () => {
  count()
  if (!document.querySelector('dialog[open]')) first()?.focus({ preventScroll: false })
})
count()
