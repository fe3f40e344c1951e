/** Work in the background: asks how far it is, shows and says it, and loads the page anew once it has ended. */
import { announce } from './status'

const ASK_MS = 1500
const SLOWEST_MS = 15_000
const SAY_MS = 10_000 // a screen reader hears of progress this often

interface Progress {
  words: string
  stage: string
  done: number
  total: number
  unfinished: boolean
}

export function watchProgress(root: ParentNode = document): void {
  for (const box of root.querySelectorAll<HTMLElement>('[data-progress]')) {
    box.querySelector<HTMLElement>('[data-progress-look]')?.setAttribute('hidden', '') // for those without scripts
    ask(box, ASK_MS, 0)
  }
}

function ask(box: HTMLElement, wait: number, said: number): void {
  window.setTimeout(() => void look(box, wait, said), wait)
}

async function look(box: HTMLElement, wait: number, said: number): Promise<void> {
  if (document.hidden) return ask(box, ASK_MS, said)
  let now: Progress
  try {
    const answer = await fetch(box.dataset.progress!, { headers: { Accept: 'application/json' }, cache: 'no-store' })
    if (answer.status === 401 || answer.status === 404) return location.reload() // signed out, or removed
    if (!answer.ok) throw new Error(String(answer.status))
    now = (await answer.json()) as Progress
  } catch {
    write(box, '[data-progress-stage]', box.dataset.textWait ?? '')
    return ask(box, Math.min(wait * 2, SLOWEST_MS), said)
  }
  show(box, now)
  if (!now.unfinished) return location.reload()
  const time = Date.now()
  if (time - said > SAY_MS && now.stage) {
    announce(now.stage)
    said = time
  }
  ask(box, ASK_MS, said)
}

function show(box: HTMLElement, now: Progress): void {
  write(box, '[data-progress-words]', now.words)
  write(box, '[data-progress-stage]', now.stage)
  const bar = box.querySelector('progress')
  if (bar && now.total > 0) bar.value = Math.min(100, (100 * now.done) / now.total)
}

function write(box: HTMLElement, selector: string, text: string): void {
  const place = box.querySelector(selector)
  if (place && place.textContent !== text) place.textContent = text
}
