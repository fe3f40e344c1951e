/** The reader's position, asked for only after a tap. */
import type { Controls } from './controls'
import { circle, point } from './marks'
import { fill, type Texts } from './text'
import type { Padding } from './seen'
import type { MapView } from './view'
import { say } from '../lib/events'

const ROUGH_M = 500
const WAIT_MS = 10_000

export function locate(view: MapView, controls: Controls, text: Texts, padding: () => Padding): void {
  if (!navigator.geolocation) {
    controls.message('locate', text.locate_failed)
    return
  }
  controls.message('locate', text.locating)
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const { longitude: lng, latitude: lat, accuracy } = coords
      view.mark('position', [circle(lng, lat, accuracy), point(lng, lat)])
      const reach = Math.max(accuracy, ROUGH_M) / 111_320
      view.fit([lng - reach, lat - reach, lng + reach, lat + reach], padding(), 15)
      const words = fill(accuracy > ROUGH_M ? text.located_rough : text.located, { m: Math.round(accuracy) })
      controls.message('locate', words)
      if (accuracy <= ROUGH_M) setTimeout(() => controls.clear('locate'), 6000)
      say('bt:located', { lng, lat })
    },
    (error) => controls.message('locate', error.code === error.PERMISSION_DENIED ? text.locate_refused : text.locate_failed),
    { timeout: WAIT_MS, maximumAge: 60_000, enableHighAccuracy: true },
  )
}
