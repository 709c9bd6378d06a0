// What makes setting up quicker: a country fills in what follows from it, a dropped file is sent at once. The forms work without.
const usual = document.querySelector('[data-usual]')
const country = usual?.elements.country
const follow = () => {
  const found = JSON.parse(usual.dataset.usual)[country.value] ?? {}
  for (const [name, value] of Object.entries(found)) if (usual.elements[name]) usual.elements[name].value = value
}
country?.addEventListener('change', follow)
// Somebody quick has chosen before this script was here.
if (country && ![...country.options].some(option => option.defaultSelected && option.selected)) follow()

const drop = document.querySelector('[data-drop]')
const file = drop?.querySelector('input')
const name = () => {
  if (!file.files.length) return
  drop.querySelector('[data-named]').textContent = file.files[0].name
  drop.classList.add('chosen')
}
drop?.classList.add('js')
file?.addEventListener('change', name)
for (const kind of ['dragover', 'dragleave', 'drop']) drop?.addEventListener(kind, event => {
  event.preventDefault()
  drop.classList.toggle('over', kind === 'dragover')
  if (kind !== 'drop' || !event.dataTransfer.files.length) return
  file.files = event.dataTransfer.files
  name()
})
