/** A long <select> that grows a text field to filter it by, without regard to accents (ARIA 1.2 combobox). */
import { CLOSED, onKey, type ListState } from './combobox'
import { announce } from './status'

/** Letters as people type them without an input method: no accents, đ as d, small. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
}

/** Whether each word of `typed` begins a word of `title`. */
export function fits(title: string, typed: string): boolean {
  const words = fold(title).split(/[^\p{L}\p{N}]+/u)
  return fold(typed).split(/[^\p{L}\p{N}]+/u).every((part) => words.some((word) => word.startsWith(part)))
}

export function growChoice(select: HTMLSelectElement): void {
  new Choice(select)
}

class Choice {
  private readonly input = document.createElement('input')
  private readonly list = document.createElement('div')
  private state: ListState = CLOSED

  constructor(private readonly select: HTMLSelectElement) {
    const { input, list } = this
    input.id = `${select.id}-text`
    input.className = 'input'
    input.autocomplete = 'off'
    input.spellcheck = false
    list.id = `${select.id}-list`
    list.className = 'suggest'
    list.hidden = true
    const label = select.labels[0]
    list.setAttribute('role', 'listbox')
    list.setAttribute('aria-label', label?.textContent ?? '')
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id })) {
      input.setAttribute(name, value)
    }
    for (const name of ['aria-invalid', 'aria-describedby']) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name)!)
    if (label) label.htmlFor = input.id
    input.required = select.required
    select.required = false
    select.hidden = true
    select.before(input, list)
    this.say()
    this.listen()
  }

  private listen(): void {
    const { input, list } = this
    input.addEventListener('input', () => this.filter())
    input.addEventListener('focus', () => input.select())
    input.addEventListener('click', () => this.state.open || this.filter(''))
    input.addEventListener('keydown', (event) => this.onKeyDown(event))
    input.addEventListener('blur', () => this.leave())
    list.addEventListener('mousedown', (event) => event.preventDefault()) // the focus stays in the text field
    list.addEventListener('click', (event) => {
      const option = (event.target as Element).closest<HTMLElement>('[role="option"]')
      if (option) this.choose(option.dataset.value ?? '')
    })
  }

  /** The text field shows what is chosen. */
  private say(): void {
    const chosen = this.select.selectedOptions[0]
    this.input.value = chosen && chosen.value ? chosen.text.trim() : ''
  }

  private filter(typed = this.input.value): void {
    const { list, select } = this
    list.replaceChildren()
    let count = 0
    for (const group of select.querySelectorAll('optgroup')) {
      const options = [...group.querySelectorAll('option')].filter((option) => fits(option.text, typed))
      if (options.length === 0) continue
      const part = document.createElement('div')
      const title = document.createElement('div')
      title.className = 'suggest__title'
      title.id = `${list.id}-group-${count}`
      title.textContent = group.label
      part.setAttribute('role', 'group')
      part.setAttribute('aria-labelledby', title.id)
      part.append(title)
      for (const option of options) part.append(this.option(option, count++))
      list.append(part)
    }
    const words = count ? select.dataset.textCount : select.dataset.textNone
    announce((words ?? '').replace('{n}', String(count)))
    this.draw({ open: count > 0, active: typed.trim() && count ? 0 : -1, count })
  }

  private option(option: HTMLOptionElement, index: number): HTMLElement {
    const line = document.createElement('div')
    line.setAttribute('role', 'option')
    line.id = `${this.list.id}-${index}`
    line.dataset.value = option.value
    line.textContent = option.text.trim()
    return line
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return // a Vietnamese input method is still building the word
    if (event.key === 'ArrowDown' && !this.state.open) this.filter('')
    const answer = onKey(this.state, event.key, event.altKey)
    if (answer.action === 'choose') {
      event.preventDefault()
      return this.choose(this.options()[answer.state.active]?.dataset.value ?? '')
    }
    if (event.key === 'Tab' && this.state.open && this.state.active >= 0) return this.choose(this.options()[this.state.active]?.dataset.value ?? '')
    if (answer.handled) event.preventDefault()
    if (answer.action === 'clear') this.choose('')
    if (answer.state !== this.state) this.draw(answer.state)
  }

  private options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>('[role="option"]')]
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

  private choose(value: string): void {
    const changed = this.select.value !== value
    this.select.value = value
    this.say()
    this.draw(CLOSED)
    if (changed) this.select.dispatchEvent(new Event('change', { bubbles: true }))
  }

  /** Text that was not chosen from the list means nothing: the field goes back to what is chosen, or to empty. */
  private leave(): void {
    if (this.input.value.trim() === '') return this.choose('')
    this.say()
    this.draw(CLOSED)
  }
}
