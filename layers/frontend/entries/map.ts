/** Pages with a map. The library is large: words and list come first, it is fetched when the browser has time. */
import { readConfig } from '../map/config'

const region = document.querySelector<HTMLElement>('[data-map-config]')
if (region) begin(region)

function begin(region: HTMLElement): void {
  document.documentElement.dataset.map = 'loading'
  const embedded = region.dataset.mapMode === 'embedded'
  const start = () => void draw(region)
  if (!embedded) return soon(start)
  if (savesData()) return offer(region, start)
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return
    watch.disconnect()
    soon(start)
  }, { rootMargin: '100px' })
  watch.observe(region)
}

function savesData(): boolean {
  return (navigator as Navigator & { connection?: { saveData?: boolean } }).connection?.saveData === true
}

/** Half a megabyte of map is not spent unasked where the reader saves data. */
function offer(region: HTMLElement, start: () => void): void {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button map__open'
  button.textContent = readConfig(document.getElementById(region.dataset.mapConfig ?? '')?.textContent ?? '').text.open_map
  button.addEventListener('click', () => {
    button.remove()
    start()
  })
  region.append(button)
}

/** After the first paint: the words are there before the library is asked for. */
function soon(start: () => void): void {
  requestAnimationFrame(() => setTimeout(start))
}

async function draw(region: HTMLElement): Promise<void> {
  const source = document.getElementById(region.dataset.mapConfig ?? '')
  const config = readConfig(source?.textContent ?? '')
  const { fail, startMap } = await import('../map/app')
  if (!document.createElement('canvas').getContext('webgl2')) return fail(region, config.text.webgl_missing)
  try {
    await startMap(region, config)
  } catch (error) {
    console.warn('map:', error)
    fail(region, config.text.webgl_missing)
  }
}
