// The theme before the first paint. The server names it in the page where one was chosen; otherwise it is the system's, and follows it.
const root = document.documentElement
const system = matchMedia('(prefers-color-scheme: dark)')
root.dataset.follows = root.dataset.bsTheme ? '' : 'system'
const follow = () => {
  if (root.dataset.follows !== 'system') return
  root.dataset.bsTheme = system.matches ? 'dark' : 'light'
  root.dispatchEvent(new CustomEvent('themechange'))
}
follow()
system.addEventListener('change', follow)
