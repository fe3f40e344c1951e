/** Small makers of elements; everything the map shows in words is made here, never from markup of others. */
import { glyph } from './images'

type Attributes = Record<string, string | number | boolean | null>

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children)
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

export function svg(tag: string, attributes: Attributes = {}, ...children: Node[]): SVGElement {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/** Paths of the few line icons on map buttons, in a box of 24. */
const LINES: Record<string, string> = {
  plus: 'M5 12h14M12 5v14',
  minus: 'M5 12h14',
  move: 'M12 2v20M15 19l-3 3-3-3M19 9l3 3-3 3M2 12h20M5 9l-3 3 3 3M9 5l3-3 3 3',
  up: 'm5 12 7-7 7 7M12 19V5',
  down: 'M12 5v14M19 12l-7 7-7-7',
  left: 'm12 19-7-7 7-7M19 12H5',
  right: 'M5 12h14M12 5l7 7-7 7',
  locate: 'M2 12h3M19 12h3M12 2v3M12 19v3M12 5a7 7 0 1 0 0 14 7 7 0 1 0 0-14M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5',
  layers: 'M12.8 2.2a2 2 0 0 0-1.6 0L2.6 6.1a1 1 0 0 0 0 1.8l8.6 3.9a2 2 0 0 0 1.6 0l8.6-3.9a1 1 0 0 0 0-1.8ZM2 12a1 1 0 0 0 .6.9l8.6 3.9a2 2 0 0 0 1.6 0l8.6-3.9A1 1 0 0 0 22 12M2 17a1 1 0 0 0 .6.9l8.6 3.9a2 2 0 0 0 1.6 0l8.6-3.9A1 1 0 0 0 22 17',
  whole: 'M8 3H5a2 2 0 0 0-2 2v3M21 8V5a2 2 0 0 0-2-2h-3M3 16v3a2 2 0 0 0 2 2h3M16 21h3a2 2 0 0 0 2-2v-3',
  help: 'M9.1 9a3 3 0 0 1 5.8 1c0 2-3 3-3 3M12 17h.01M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20',
  close: 'M18 6 6 18M6 6l12 12',
  map: 'M14.1 5.6a2 2 0 0 0 1.8 0l3.6-1.9A1 1 0 0 1 21 4.6v12.8a1 1 0 0 1-.6.9l-4.5 2.2a2 2 0 0 1-1.8 0l-4.2-2.1a2 2 0 0 0-1.8 0l-3.6 1.9A1 1 0 0 1 3 19.4V6.6a1 1 0 0 1 .6-.9l4.5-2.2a2 2 0 0 1 1.8 0ZM15 5.8v15M9 3.2v15',
  pointer: 'M4 4l7.1 17 2.5-7.4 7.4-2.5ZM14.5 14.5 20 20',
  box: 'M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2',
  polygon: 'M12 3 21 10 17.5 20h-11L3 10Z',
  inside: 'M3 8V5a2 2 0 0 1 2-2h3M16 3h3a2 2 0 0 1 2 2v3M21 16v3a2 2 0 0 1-2 2h-3M8 21H5a2 2 0 0 1-2-2v-3M12 8v8M8 12h8',
  cross: 'M12 1v8M12 15v8M1 12h8M15 12h8',
}

export function lineIcon(name: keyof typeof LINES): SVGElement {
  return svg('svg', { class: 'icon icon--line', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: LINES[name] ?? '' }))
}

/** The sample of a legend line: a disc with its glyph, or a patch drawn as the map draws areas. */
export function legendMark(color: string, icon?: string, pattern: 'fill' | 'hatch' | 'outline' | 'dashed' = 'fill'): SVGElement {
  const box = { class: 'legend__mark disc-mark', viewBox: '0 0 24 24', 'aria-hidden': 'true' }
  if (icon) {
    const { size, paths } = glyph(icon)
    const shapes = paths.map((d) => svg('path', { d }))
    const place = `translate(5.5 5.5) scale(${13 / size})`
    return svg('svg', box, svg('circle', { cx: 12, cy: 12, r: 11, fill: color }), svg('g', { transform: place, fill: '#fff' }, ...shapes))
  }
  const frame = { x: 2, y: 5, width: 20, height: 14, rx: 2, stroke: pattern === 'fill' ? '#6b5b45' : color }
  if (pattern === 'fill') return svg('svg', box, svg('rect', { ...frame, fill: color }))
  if (pattern === 'hatch') {
    const lines = svg('path', { d: 'M2 13 10 5M2 19 16 5M8 19 22 5M15 19l7-7', stroke: color, 'stroke-width': 1.6 })
    return svg('svg', box, svg('rect', { ...frame, fill: 'none', 'stroke-width': 1.6 }), lines)
  }
  return svg('svg', box, svg('rect', { ...frame, fill: 'none', 'stroke-width': 2, 'stroke-dasharray': pattern === 'dashed' ? '4 3' : null }))
}

export function button(label: string, icon: keyof typeof LINES, act: () => void, shown = ''): HTMLButtonElement {
  const element = make('button', { type: 'button', class: 'map__button', title: label }, lineIcon(icon))
  element.setAttribute('aria-label', label)
  if (shown) element.append(make('span', { class: 'map__word' }, shown))
  element.addEventListener('click', act)
  return element
}

/** Text and https links of an attribution; other markup is read as its text. */
export function attributionNodes(markup: string): (Node | string)[] {
  const parsed = new DOMParser().parseFromString(markup, 'text/html').body
  return [...parsed.childNodes].map((node) => {
    const href = node instanceof HTMLAnchorElement ? node.getAttribute('href') : null
    const text = node.textContent ?? ''
    return href?.startsWith('https://') ? make('a', { href, rel: 'noopener' }, text) : text
  })
}
