// Builds, from the icon packages and icons/own/, the two files that pages and map draw icons from:
//   public/icons.svg   one <symbol> per used icon; a template writes <use href="…/icons.svg#beach">
//   map/glyphs.json    {name: {size, paths}} of the filled icons, which the map paints white on a disc
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const FOLDERS = {
  maki: join(root, 'node_modules/@mapbox/maki/icons'),
  temaki: join(root, 'node_modules/@rapideditor/temaki/icons'),
  lucide: join(root, 'node_modules/lucide-static/icons'),
}

/** The drawing inside <svg>…</svg> and its viewBox; throws when an icon has none. */
function parse(file) {
  const text = readFileSync(file, 'utf8').replace(/<!--[\s\S]*?-->/g, '')
  const body = text.match(/<svg[^>]*>([\s\S]*)<\/svg>/)?.[1]
  const box = text.match(/viewBox="([^"]+)"/)?.[1]
  if (!body || !box) throw new Error(`${file}: no drawing or no viewBox`)
  return { box, body: body.replace(/&#x[9AaDd];/g, ' ').replace(/\s*\n\s*/g, ' ').replace(/<(title|desc)>[\s\S]*?<\/\1>/g, '') }
}

const wanted = JSON.parse(readFileSync(join(here, 'icons.json'), 'utf8'))
const drawings = new Map()
for (const [set, icons] of Object.entries(wanted)) {
  for (const [name, file] of Object.entries(icons)) {
    drawings.set(name, { ...parse(join(FOLDERS[set], `${file}.svg`)), filled: set !== 'lucide' })
  }
}
for (const file of readdirSync(join(here, 'own')).filter((name) => name.endsWith('.svg'))) {
  drawings.set(file.replace('.svg', ''), { ...parse(join(here, 'own', file)), filled: true })
}

const symbols = [...drawings].map(([name, { box, body }]) => `<symbol id="${name}" viewBox="${box}">${body}</symbol>`)
mkdirSync(join(root, 'public'), { recursive: true })
writeFileSync(join(root, 'public/icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('\n')}</svg>\n`)

const glyphs = {}
for (const [name, { box, body, filled }] of drawings) {
  if (!filled || name === 'brand') continue
  glyphs[name] = { size: Number(box.split(' ')[2]), paths: [...body.matchAll(/<path[^>]*?\sd="([^"]+)"/g)].map((m) => m[1]) }
  if (glyphs[name].paths.length === 0) throw new Error(`${name}: the map paints paths only, and this icon has none`)
}
writeFileSync(join(root, 'map/glyphs.json'), `${JSON.stringify(glyphs)}\n`)
console.log(`${drawings.size} icons, ${Object.keys(glyphs).length} of them for the map`)
