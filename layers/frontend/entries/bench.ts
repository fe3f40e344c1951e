/** The workbench's page: form, table and keys. The tools of its map come with the map (`map/bench.ts`). */
import { Bench } from '../lib/bench'
import { tendDock, tendRows } from '../lib/bench_table'

const root = document.querySelector<HTMLElement>('[data-bench]')
if (root) begin(root)

function begin(root: HTMLElement): void {
  const bench = new Bench(root)
  tendDock(root)
  tendRows(root)
  fold(root)
  closePops(root)
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.altKey) return
    if ((event.target as Element).matches('input, textarea, select')) return // there it undoes typing
    event.preventDefault()
    bench.step(event.shiftKey ? 'redo' : 'undo')
  })
}

/** On a phone the form waits behind its title, unless something in it must be mended. Beside the map it is always open. */
function fold(root: HTMLElement): void {
  const form = root.querySelector<HTMLDetailsElement>('.bench__fold')
  const narrow = matchMedia('(max-width: 1023px)')
  if (!form) return
  const set = () => {
    form.open = !narrow.matches || form.querySelector('#ask-fault p') !== null
  }
  narrow.addEventListener('change', set)
  set()
  root.dataset.ready = ''
}

/** What opens above the table closes by a click elsewhere and by Esc. */
function closePops(root: HTMLElement): void {
  document.addEventListener('click', (event) => {
    for (const pop of root.querySelectorAll<HTMLDetailsElement>('.pop[open]')) if (!pop.contains(event.target as Node)) pop.open = false
  })
  document.addEventListener('keydown', (event) => {
    const pop = (event.target as Element).closest?.<HTMLDetailsElement>('.pop[open]')
    if (event.key !== 'Escape' || !pop) return
    pop.open = false
    pop.querySelector('summary')?.focus()
  })
}
