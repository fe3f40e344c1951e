/** One polite line for screen readers. A new text waits until the last has been put in, so that none is swallowed. */
const QUIET_MS = 120
let timer = 0

export function announce(text: string): void {
  const line = document.getElementById('status')
  if (!line || text === '') return
  clearTimeout(timer)
  line.textContent = ''
  timer = window.setTimeout(() => {
    line.textContent = text
  }, QUIET_MS)
}
