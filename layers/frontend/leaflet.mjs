// Puts Leaflet as its package has it into dist/: maps that are handed out as one file hold its text.
import { copyFileSync, mkdirSync } from 'node:fs'

const from = 'node_modules/leaflet'
mkdirSync('dist/leaflet', { recursive: true })
for (const name of ['dist/leaflet.js', 'dist/leaflet.css', 'LICENSE']) {
  copyFileSync(`${from}/${name}`, `dist/leaflet/${name.split('/').at(-1)}`)
}
