/** "/" goes to the desk's box for parcels, unless a text is being typed. It can be switched off (WCAG 2.1.4). */
import { takesText } from '../map/keys'

const KEY = 'desk-slash'

export function listenForSlash(box: HTMLInputElement): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (takesText(event.target) || !slashIsOn()) return
    event.preventDefault()
    box.focus()
    box.select()
  })
}

/** A button with both words: `data-text-on` and `data-text-off` say what pressing it does. */
export function serveSlashButton(button: HTMLButtonElement): void {
  const say = () => (button.textContent = (slashIsOn() ? button.dataset.textOff : button.dataset.textOn) ?? '')
  button.hidden = false
  button.addEventListener('click', () => {
    if (slashIsOn()) localStorage.setItem(KEY, 'off')
    else localStorage.removeItem(KEY)
    say()
  })
  say()
}

function slashIsOn(): boolean {
  return localStorage.getItem(KEY) !== 'off'
}
