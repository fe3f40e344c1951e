/** The workbench's form and answers: asked without leaving the page, put in place of the last, told to the map. */
import { hear, say, type Bounds, type MapQuestion } from './events'
import { faultOf, formFields, keptAddress, pointQuestion, readMetres, readShape } from './question'
import { announce } from './status'

/** What an answer says of itself (`data-picked`). `address`: of the page, with form and order as they are. */
interface Picked {
  places_url: string
  box: Bounds | null
  address: string
}

interface Answer {
  ok: boolean
  text: string
}

/** Fields whose changes the map follows. */
const FOLLOWED = '[name="shape"], [name="place"], [name="relation"], [name="metres"]'

export class Bench {
  private readonly result: HTMLElement
  private readonly home: string
  private asking: AbortController | null = null
  private search = location.search

  constructor(private readonly root: HTMLElement) {
    this.result = root.querySelector<HTMLElement>('[data-result]') as HTMLElement
    this.home = root.dataset.home ?? location.pathname
    root.addEventListener('submit', (event) => this.onSubmit(event))
    root.addEventListener('click', (event) => this.onClick(event))
    root.addEventListener('change', (event) => {
      if ((event.target as Element).matches(FOLLOWED)) this.tellForm()
    })
    window.addEventListener('popstate', () => this.onPopState())
    hear('bt:ask', (question) => void this.askByMap(question))
    hear('bt:near', ({ metres, by }) => {
      if (by === 'map') this.setNear(metres)
    })
    hear('bt:ready', () => this.tellAll())
    this.tellAll()
  }

  /** Undo and redo by key; nothing happens where the button would do nothing. */
  step(name: 'undo' | 'redo'): void {
    this.result.querySelector<HTMLButtonElement>(`[data-step="${name}"] button:not([disabled])`)?.click()
  }

  private get form(): HTMLFormElement | null {
    return this.root.querySelector<HTMLFormElement>('form[data-ask]')
  }

  private filled(): FormData {
    return new FormData(this.form ?? undefined)
  }

  private onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement
    if (!form.matches('[data-step], [data-ask]')) return
    event.preventDefault()
    const data = this.filled()
    const button = event.submitter as HTMLButtonElement | null
    if (form.matches('[data-ask]')) data.set(button?.name || 'mode', button?.value || 'new') // no button: Enter in a field
    if (data.has('more-groups')) void this.widen(form.action, data)
    else void this.post(form.action, data, true)
  }

  /** Pages and orders of the table: another address, the same map. */
  private onClick(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-page], .pagination a')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const column = this.headings().indexOf(link)
    void this.load(link.href).then((done) => {
      if (!done) return
      history.pushState(null, '', keptAddress(this.home, new URL(link.href).search, location))
      this.search = location.search
      const table = this.result.querySelector<HTMLElement>('.picked__table')
      const again = column < 0 ? table : this.headings()[column]
      again?.focus({ preventScroll: true })
      table?.scrollTo({ top: 0 })
    })
  }

  private headings(): HTMLAnchorElement[] {
    return [...this.result.querySelectorAll<HTMLAnchorElement>('a[data-page]')]
  }

  private onPopState(): void {
    if (location.search === this.search) return // only the view of the map changed
    this.search = location.search
    void this.load(location.href)
  }

  /** What a tool of the map asks: a point by itself, all else together with what the form says. */
  private async askByMap(question: MapQuestion): Promise<void> {
    const { form } = this
    if (!form) return
    if (!question.point) this.fill(formFields(question, document.documentElement.lang))
    const data = this.filled()
    if (question.point) data.set('question', JSON.stringify(pointQuestion(question.point.lng, question.point.lat, question.near)))
    data.set('mode', question.mode)
    await this.post(form.action, data, false)
  }

  private fill(fields: Record<string, string>): void {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.form?.elements.namedItem(name) as (Element & { value: string }) | RadioNodeList | null
      if (field) field.value = value
    }
    this.tellForm()
  }

  private setNear(metres: string): void {
    if (readMetres(metres) !== null) this.fill({ relation: 'near', metres })
    else if (this.filled().get('relation') === 'near') this.fill({ relation: 'part', metres: '' })
  }

  private tellForm(): void {
    const data = this.filled()
    const value = (name: string) => String(data.get(name) ?? '')
    say('bt:shape', { shape: value('place') === 'shape' ? readShape(value('shape')) : null })
    say('bt:near', { metres: value('relation') === 'near' ? value('metres') : '', by: 'page' })
  }

  private tellAll(): void {
    this.tellForm()
    const picked = this.picked()
    if (picked) say('bt:picked', { url: picked.places_url, box: null })
  }

  private picked(): Picked | null {
    const root = this.result.querySelector<HTMLElement>('[data-picked]')
    return root && (JSON.parse(root.dataset.picked ?? '{}') as Picked)
  }

  private async widen(url: string, data: FormData): Promise<void> {
    const answer = await this.fetch(url, data)
    const groups = () => [...(this.form?.querySelectorAll<HTMLElement>('.ask__group:not(.ask__place)') ?? [])]
    if (!answer || !this.form) return
    if (!answer.ok) return this.tellFault(answer)
    this.form.outerHTML = answer.text
    groups().at(-1)?.querySelector('select')?.focus()
  }

  /** Posts, and shows the answer. `showing`: the map goes where the picked parcels lie. */
  private async post(url: string, data: FormData, showing: boolean): Promise<void> {
    const order = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => name === 'xep' || name === 'giam'))
    const answer = await this.fetch(order.size ? `${url}?${order}` : url, data)
    if (!answer) return
    this.tellFault(answer)
    if (!answer.ok) return
    this.put(answer.text)
    const picked = this.picked()
    if (!picked) return
    history.replaceState(history.state, '', keptAddress(this.home, picked.address, location))
    this.search = location.search
    say('bt:picked', { url: picked.places_url, box: showing ? picked.box : null })
  }

  private async load(url: string): Promise<boolean> {
    const answer = await this.fetch(url)
    if (!answer) return false
    this.tellFault(answer)
    if (answer.ok) this.put(answer.text)
    return answer.ok
  }

  /** Null when another question took its place, or when the person must sign in anew. */
  private async fetch(url: string, body?: FormData): Promise<Answer | null> {
    this.asking?.abort()
    const asking = new AbortController()
    this.asking = asking
    this.result.setAttribute('aria-busy', 'true')
    const sent = body ? { method: 'POST', body: new URLSearchParams([...body] as [string, string][]) } : {}
    try {
      const answer = await fetch(url, { ...sent, headers: { 'HX-Request': 'true' }, signal: asking.signal })
      const text = await answer.text()
      if (answer.redirected && !new URL(answer.url).pathname.startsWith(this.home)) {
        location.assign(this.home) // signed out meanwhile: the page leads to signing in, and back here
        return null
      }
      return { ok: answer.ok, text }
    } catch {
      return asking.signal.aborted ? null : { ok: false, text: '' }
    } finally {
      if (this.asking === asking) this.result.removeAttribute('aria-busy')
    }
  }

  /** The focus stays with what was pressed, though its button is another now. */
  private put(html: string): void {
    const at = document.activeElement
    const step = at?.closest<HTMLElement>('[data-step]')?.dataset.step
    const inside = this.result.contains(at)
    this.result.innerHTML = html
    announce(this.result.querySelector<HTMLElement>('[data-picked]')?.dataset.announce ?? '')
    const again = step ? this.result.querySelector<HTMLElement>(`[data-step="${step}"] button:not([disabled])`) : null
    if (inside) (again ?? document.getElementById('ket-qua'))?.focus({ preventScroll: true })
  }

  /** The sentence at the form, its field marked, and on the map; nothing when there was no fault. */
  private tellFault(answer: Answer): void {
    const slot = this.root.querySelector<HTMLElement>('#ask-fault')
    for (const field of this.root.querySelectorAll('[data-ask] [aria-invalid]')) field.removeAttribute('aria-invalid')
    slot?.replaceChildren()
    if (answer.ok) return say('bt:fault', { text: '' })
    const { text, field } = faultOf(answer.text)
    const words = text || (this.root.dataset.textFailed ?? '')
    slot?.append(Object.assign(document.createElement('p'), { className: 'notice notice--danger', textContent: words }))
    const wrong = this.form?.elements.namedItem(field || '-')
    if (wrong instanceof HTMLElement) {
      wrong.setAttribute('aria-invalid', 'true')
      wrong.setAttribute('aria-describedby', 'ask-fault')
      wrong.closest('details')?.setAttribute('open', '')
    }
    say('bt:fault', { text: words })
  }
}
