/** List and map in step: `[data-feature="collection/key"][data-lng][data-lat]`. */
import { distanceM, formatDistance } from './distance'
import { hear, say, type FeatureRef } from './events'

export function itemRef(item: HTMLElement): (FeatureRef & { lng: number; lat: number }) | null {
  const [collection, ...key] = (item.dataset.feature ?? '').split('/')
  if (!collection || key.length === 0) return null
  return { collection, key: key.join('/'), lng: Number.parseFloat(item.dataset.lng ?? ''), lat: Number.parseFloat(item.dataset.lat ?? '') }
}

/** Pointer and focus on an item light its marker; a marker under the pointer lights its item. */
export function keepInStep(): void {
  const from = (event: Event) => (event.target as Element).closest?.<HTMLElement>('[data-feature]') ?? null
  let lit: HTMLElement | null = null
  const light = (item: HTMLElement | null) => {
    if (item === lit) return
    lit = item
    say('bt:highlight', item && itemRef(item))
  }
  document.addEventListener('pointerover', (event) => light(from(event)))
  document.addEventListener('focusin', (event) => light(from(event)))
  document.addEventListener('focusout', () => light(null))
  hear('bt:hover', (ref) => markActive(ref))
  hear('bt:located', ({ lng, lat }) => sortByDistance(lng, lat))
}

function markActive(ref: FeatureRef | null): void {
  for (const item of document.querySelectorAll<HTMLElement>('[data-feature][data-active]')) delete item.dataset.active
  if (!ref) return
  const item = document.querySelector<HTMLElement>(`[data-feature="${CSS.escape(`${ref.collection}/${ref.key}`)}"]`)
  if (item) item.dataset.active = ''
}

/** Nearest first, with the distance beside each; the position stays in this browser. */
function sortByDistance(lng: number, lat: number): void {
  const lang = document.documentElement.lang
  for (const list of document.querySelectorAll<HTMLElement>('#panel .cards')) {
    const items = [...list.querySelectorAll<HTMLElement>(':scope > [data-lng][data-lat]')]
    const far = new Map(items.map((item) => [item, distanceM(lng, lat, Number(item.dataset.lng), Number(item.dataset.lat))]))
    items.sort((a, b) => (far.get(a) ?? 0) - (far.get(b) ?? 0))
    for (const item of items) {
      const aside = item.querySelector('.card__aside') ?? item.appendChild(Object.assign(document.createElement('span'), { className: 'card__aside' }))
      aside.textContent = formatDistance(far.get(item) ?? 0, lang)
    }
    list.append(...items)
  }
}
