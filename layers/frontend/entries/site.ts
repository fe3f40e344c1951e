/** Every page: styles, htmx, search box, list in step with the map, panel and sheet. */
import '../css/index.css'
import { hear } from '../lib/events'
import { keepInStep } from '../lib/list'
import { tendPanel } from '../lib/panel'
import { watchProgress } from '../lib/progress'
import { growSearch } from '../lib/search'
import { Sheet } from '../lib/sheet'
import { listenForButtons, serveButtons } from '../lib/small'
import { announce } from '../lib/status'

for (const form of document.querySelectorAll<HTMLFormElement>('[data-search]')) growSearch(form)
keepInStep()
listenForButtons()
serveButtons(document)
document.addEventListener('htmx:after:swap', () => serveButtons(document))
watchProgress()
hear('bt:status', ({ text }) => announce(text))

const panel = document.getElementById('panel')
const sheet = document.querySelector<HTMLElement>('[data-sheet]')
if (panel && document.getElementById('map')) tendPanel(panel, sheet && new Sheet(sheet))
