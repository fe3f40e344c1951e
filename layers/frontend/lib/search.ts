/** The search box: a plain GET form that grows suggestions (ARIA 1.2 combobox with a list box) when scripts run. */
import { CLOSED, onKey, type ListState } from './combobox'
import { announce } from './status'

const WAIT_MS = 150

export function growSearch(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[name="q"]')
  const url = form.dataset.suggestUrl
  if (input && url) new SearchBox(form, input, url)
}

class SearchBox {
  private readonly list = document.createElement('div')
  private state: ListState = CLOSED
  private timer = 0
  private request: AbortController | null = null
  private asked = ''

  constructor(private readonly form: HTMLFormElement, private readonly input: HTMLInputElement, private readonly url: string) {
    this.list.className = 'suggest'
    this.list.id = `${input.id || 'q'}-suggest`
    this.list.setAttribute('role', 'listbox')
    this.list.setAttribute('aria-label', input.labels?.[0]?.textContent ?? input.placeholder)
    this.list.hidden = true
    form.append(this.list)
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': this.list.id })) {
      input.setAttribute(name, value)
    }
    this.listen()
  }

  private listen(): void {
    const { input, list, form } = this
    input.addEventListener('input', () => {
      clearTimeout(this.timer)
      this.timer = window.setTimeout(() => void this.ask(), WAIT_MS)
    })
    input.addEventListener('keydown', (event) => this.onKeyDown(event))
    input.addEventListener('focus', () => this.options().length > 0 && this.asked === this.query() && this.draw({ ...this.state, open: true, active: -1 }))
    list.addEventListener('mousedown', (event) => event.preventDefault()) // the focus stays in the text field
    list.addEventListener('click', (event) => {
      const option = (event.target as Element).closest<HTMLElement>('[role="option"]')
      if (option) this.choose(option)
    })
    form.addEventListener('focusout', (event) => {
      if (!form.contains(event.relatedTarget as Node | null)) this.draw({ ...this.state, open: false, active: -1 })
    })
    form.addEventListener('submit', () => {
      clearTimeout(this.timer)
      this.request?.abort()
    })
  }

  private query(): string {
    return this.input.value.normalize('NFC').trim()
  }

  private options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>('[role="option"]')]
  }

  /** Asks for suggestions; an older question still under way is dropped, and with it its answer. */
  private async ask(): Promise<void> {
    this.request?.abort()
    const query = this.query()
    if (query === '') {
      this.list.replaceChildren()
      return this.draw(CLOSED)
    }
    const request = (this.request = new AbortController())
    this.input.setAttribute('aria-busy', 'true')
    try {
      const address = new URL(this.url, location.href)
      address.searchParams.set('q', query)
      const answer = await fetch(address, { signal: request.signal, headers: { 'HX-Request': 'true' } })
      if (!answer.ok) throw new Error(String(answer.status))
      this.fill(await answer.text(), query)
    } catch {
      if (request.signal.aborted) return
      announce(this.form.dataset.textFailed ?? '')
      this.draw(CLOSED)
    }
    this.input.removeAttribute('aria-busy')
  }

  private fill(html: string, query: string): void {
    this.asked = query
    this.list.innerHTML = html
    const options = this.options()
    options.forEach((option, i) => {
      option.id ||= `${this.list.id}-${i}`
      option.setAttribute('aria-selected', 'false')
    })
    this.draw({ open: options.length > 0, active: -1, count: options.length })
    const words = options.length ? this.form.dataset.textCount : this.form.dataset.textNone
    announce((words ?? '').replace('{n}', String(options.length)))
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return // a Vietnamese input method is still building the word
    const answer = onKey(this.state, event.key, event.altKey)
    if (answer.handled) event.preventDefault()
    if (answer.action === 'clear') this.input.value = ''
    if (answer.action === 'choose') {
      const option = this.options()[answer.state.active]
      if (option) return this.choose(option)
    }
    if (answer.state !== this.state) this.draw(answer.state)
  }

  private draw(state: ListState): void {
    this.state = state
    this.list.hidden = !state.open
    this.input.setAttribute('aria-expanded', String(state.open))
    const options = this.options()
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === state.active)))
    const active = options[state.active]
    if (active) {
      this.input.setAttribute('aria-activedescendant', active.id)
      active.scrollIntoView({ block: 'nearest' })
    } else this.input.removeAttribute('aria-activedescendant')
  }

  private choose(option: HTMLElement): void {
    const { href } = option.dataset
    if (href) location.assign(href)
    else {
      this.input.value = option.textContent?.trim() ?? ''
      this.form.requestSubmit()
    }
  }
}
