/** The strip of tools above the workbench's map: which gesture, how it changes what is picked, within how many metres. */
import type { Mode } from '../lib/events'
import { readMetres } from '../lib/question'
import { lineIcon, make } from './dom'
import type { Texts } from './text'

export const TOOLS = ['click', 'box', 'polygon', 'feature'] as const
export type Tool = (typeof TOOLS)[number]
export const TOOL_KEYS: Record<string, Tool> = { b: 'click', k: 'box', v: 'polygon', d: 'feature' }
export const MODES: Mode[] = ['new', 'add', 'remove', 'keep']

const ICONS = { click: 'pointer', box: 'box', polygon: 'polygon', feature: 'inside' } as const

export interface ToolActs {
  tool(tool: Tool): void
  near(metres: string): void
  corner(): void
  back(): void
  done(): void
  leave(): void
}

export class ToolStrip {
  readonly strip: HTMLElement
  readonly drawing: HTMLElement
  private readonly buttons = new Map<Tool, HTMLButtonElement>()
  private readonly radios: HTMLInputElement[]
  private readonly metres: HTMLInputElement
  private readonly hint = make('span', { class: 'drawing__hint' })
  private readonly corners = make('span', { class: 'drawing__count' })
  private readonly steps = make('span', { class: 'drawing__steps' })

  constructor(text: Texts, acts: ToolActs) {
    const words = { click: text.tool_click, box: text.tool_box, polygon: text.tool_polygon, feature: text.tool_feature }
    const tools = Object.entries(TOOL_KEYS).map(([key, tool]) => this.button(tool, words[tool], key, acts))
    this.radios = MODES.map((mode) => make('input', { type: 'radio', name: 'map-mode', value: mode, checked: mode === 'new' }))
    const titles = { new: text.mode_new, add: text.mode_add, remove: text.mode_remove, keep: text.mode_keep }
    const modes = this.radios.map((radio, i) => make('label', { class: 'tools__mode' }, radio, make('span', {}, titles[radio.value as Mode], make('kbd', { 'aria-hidden': 'true' }, String(i + 1)))))
    this.metres = make('input', { type: 'text', inputmode: 'decimal', maxlength: 7, 'aria-label': text.near_label, autocomplete: 'off' })
    this.metres.addEventListener('change', () => acts.near(this.metres.value))
    this.strip = make(
      'div', { class: 'tools', role: 'group', 'aria-label': text.tools },
      make('div', { class: 'tools__group', role: 'group', 'aria-label': text.tools_how }, ...tools),
      make('fieldset', { class: 'tools__modes' }, make('legend', { class: 'visually-hidden' }, text.mode), ...modes),
      make('label', { class: 'tools__near' }, make('span', { 'aria-hidden': 'true' }, text.near_before), this.metres, make('span', { 'aria-hidden': 'true' }, text.metre)),
    )
    this.steps.append(step(text.corner_add, acts.corner), step(text.corner_back, acts.back), step(text.draw_done, acts.done))
    this.drawing = make('div', { class: 'drawing', hidden: true }, this.hint, this.corners, this.steps, step(text.draw_leave, acts.leave))
  }

  /** Parcels within so many metres of what is pointed at or drawn; null: what is met. */
  get near(): number | null {
    return readMetres(this.metres.value)
  }

  setNear(metres: string): void {
    this.metres.value = metres
  }

  get mode(): Mode {
    return (this.radios.find((radio) => radio.checked)?.value ?? 'new') as Mode
  }

  /** The words of the mode, for the status line. */
  setMode(mode: Mode): string {
    for (const radio of this.radios) radio.checked = radio.value === mode
    return this.radios.find((radio) => radio.checked)?.parentElement?.querySelector('span')?.firstChild?.textContent ?? ''
  }

  show(tool: Tool | null, hint: string): void {
    for (const [name, button] of this.buttons) button.setAttribute('aria-pressed', String(name === tool))
    this.drawing.hidden = tool === null || tool === 'click'
    this.hint.textContent = hint
    this.count('')
    this.steps.hidden = tool === 'feature'
  }

  /** How many corners are set; from the first on there is no need of the hint. */
  count(words: string): void {
    this.corners.textContent = words
    this.hint.hidden = words !== ''
  }

  private button(tool: Tool, words: string, key: string, acts: ToolActs): HTMLButtonElement {
    const button = make('button', { type: 'button', class: 'tools__tool', 'aria-pressed': 'false', 'aria-keyshortcuts': key.toUpperCase() },
      lineIcon(ICONS[tool]), make('span', {}, words), make('kbd', { 'aria-hidden': 'true' }, key.toUpperCase()))
    button.addEventListener('click', () => acts.tool(tool))
    this.buttons.set(tool, button)
    return button
  }
}

function step(words: string, act: () => void): HTMLButtonElement {
  const button = make('button', { type: 'button', class: 'button button--small' }, words)
  button.addEventListener('click', act)
  return button
}
