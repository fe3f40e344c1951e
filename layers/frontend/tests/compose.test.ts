import { describe, expect, it } from 'vitest'
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { collectionLayers, faded, filtered, localised, scaleBar, scaled, uniqueTexts, type Layer } from '../map/compose'
import type { CollectionConfig } from '../map/config'
import { markLayers } from '../map/marks'
import { archive, foreign, plain } from '../map/basemap'
import { parseImageName } from '../map/images'

const sites: CollectionConfig = {
  id: 'tourism_sites', title: 'Điểm du lịch', style_url: '/s', tilejson_url: '/t', visible: true, opacity: 1, legend: [],
}
const BEACH = { category: ['beach'] }

describe('filters', () => {
  it('is none without rule of page or layer', () => {
    expect(filtered(undefined, null)).toBeUndefined()
    expect(filtered(undefined, { category: [] })).toBeUndefined()
  })
  it('keeps the own filter of a layer', () => {
    const own = ['==', ['get', 'level'], 'commune']
    expect(filtered(own, null)).toBe(own)
    expect(filtered(own, BEACH)).toEqual(['all', own, ['any', ['!', ['has', 'category']], ['in', ['get', 'category'], ['literal', ['beach']]]]])
  })
})

describe('opacity', () => {
  it('multiplies numbers, curves by their outputs, and other expressions as a whole', () => {
    expect(scaled(undefined, 0.5)).toBe(0.5)
    expect(scaled(0.7, 0.5)).toBe(0.35)
    expect(scaled(['interpolate', ['linear'], ['zoom'], 5, 0, 10, 0.8], 0.5)).toEqual(['interpolate', ['linear'], ['zoom'], 5, 0, 10, 0.4])
    expect(scaled(['step', ['zoom'], 1, 8, 0.5], 0.5)).toEqual(['step', ['zoom'], 0.5, 8, 0.25])
    expect(scaled(['case', true, 1, 0], 0.5)).toEqual(['*', 0.5, ['case', true, 1, 0]])
  })
  it('fades icon and text of a symbol, and leaves full layers as they are', () => {
    const layer: Layer = { id: 'a', type: 'symbol', paint: { 'text-color': '#000' } }
    expect(faded(layer, 0.4)).toEqual({ 'text-color': '#000', 'icon-opacity': 0.4, 'text-opacity': 0.4 })
    expect(faded(layer, 1)).toEqual({ 'text-color': '#000' })
  })
})

describe('layers of a collection', () => {
  const fragment: Layer[] = [
    { id: 'disc', type: 'symbol', layout: { 'text-field': ['step', ['zoom'], '', 8, ['get', 'name_vi']] } },
    { id: 'name', type: 'symbol', 'source-layer': 'tourism_sites_words' },
  ]
  it('gives own ids, source and source layer', () => {
    const [disc, name] = collectionLayers(fragment, sites, BEACH, 'vi')
    expect(disc).toMatchObject({ id: 'tourism_sites/disc', source: 'tourism_sites', 'source-layer': 'tourism_sites' })
    expect(name?.['source-layer']).toBe('tourism_sites_words')
    expect(JSON.stringify(disc?.filter)).toContain('beach')
  })
  it('hides what is switched off', () => {
    expect(collectionLayers(fragment, { ...sites, visible: false }, null, 'vi').every((l) => l.layout?.visibility === 'none')).toBe(true)
  })
  it('labels in English with a way back to Vietnamese', () => {
    const field = JSON.stringify(localised(fragment[0] as Layer, 'en').layout?.['text-field'])
    expect(field).toContain('["case",["to-boolean",["get","name_en"]],["get","name_en"],["get","name_vi"]]')
    expect(localised(fragment[0] as Layer, 'vi')).toBe(fragment[0])
  })
})

const FILES = import.meta.glob<{ layers: Layer[] }>('../../collections/*/style.json', { eager: true, import: 'default' })
const STYLED = Object.entries(FILES).map(([file, style]) => [file.split('/').at(-2) ?? '', style.layers] as const)

/** Every `disc/<name>/…` that a style can ask for, from the literal words inside its image expression. */
function discs(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  if (value[0] === 'match') return value.flatMap((part: unknown, i) => (i > 1 && (i % 2 === 1 || i === value.length - 1) ? (typeof part === 'string' ? [part] : discs(part)) : []))
  return value.flatMap(discs)
}

describe('the style files of the collections', () => {
  it('exist', () => expect(STYLED.length).toBeGreaterThanOrEqual(6))
  it.each(STYLED)('%s is a valid style in both languages, shown, faded and filtered', (id, layers) => {
    for (const lang of ['vi', 'en']) {
      for (const opacity of [1, 0.4]) {
        const composed = collectionLayers(layers, { ...sites, id, opacity }, BEACH, lang)
        const style = { version: 8, sources: { [id]: { type: 'vector', url: 'https://example.test/t' } }, layers: composed, 'font-faces': { 'BT Bold': 'https://example.test/b', 'BT Regular': 'https://example.test/a' } }
        expect(validateStyleMin(style as never).map((fault) => fault.message)).toEqual([])
      }
    }
  })
  it.each(STYLED)('%s asks only for icons that there are', (_id, layers) => {
    for (const image of layers.map((layer) => layer.layout?.['icon-image']).filter(Array.isArray)) {
      const names = discs(image[2])
      expect(names.length).toBeGreaterThan(0)
      for (const name of names) expect(parseImageName(`disc/${name}/000000`)?.glyph, name).toBe(name)
    }
  })
})

describe('base maps', () => {
  const valid = (base: { sources: object; layers: Layer[] }) =>
    validateStyleMin({ version: 8, ...base, 'font-faces': { 'BT Regular': 'https://example.test/a' } } as never).map((fault) => fault.message)
  it('are valid styles', () => {
    expect(valid(plain('https://example.test/land.geojson', 'Biển Đông'))).toEqual([])
    expect(valid(archive({ kind: 'pmtiles', url: 'https://example.test/a.pmtiles' }, true))).toEqual([])
    expect(valid(archive({ kind: 'pmtiles', url: 'https://example.test/a.pmtiles' }, false))).toEqual([])
  })
  it('make addresses of a foreign style absolute and keep its places', () => {
    const style = foreign({ sources: {}, layers: [], glyphs: 'fonts/{fontstack}/{range}.pbf', sprite: '../sprite' }, 'https://example.test/styles/one.json')
    expect(style.glyphs).toBe('https://example.test/styles/fonts/{fontstack}/{range}.pbf')
    expect(style.sprite).toBe('https://example.test/sprite')
  })
  it('leave the marks above everything', () => {
    expect(markLayers().at(-1)?.id).toBe('bt/selected-ring')
    expect(new Set(markLayers().map((layer) => layer.id)).size).toBe(markLayers().length)
  })
})

describe('small parts', () => {
  it('reads image names and replaces an unknown glyph', () => {
    expect(parseImageName('disc/dune/2e6b2a')).toEqual({ kind: 'disc', glyph: 'dune', color: '#2e6b2a' })
    expect(parseImageName('disc/dune/#2e6b2a')?.color).toBe('#2e6b2a')
    expect(parseImageName('disc/no-such/2e6b2a')?.glyph).toBe('star')
    expect(parseImageName('hatch/ff0000')?.kind).toBe('hatch')
    expect(parseImageName('sprite-of-others')).toBeNull()
  })
  it('finds a round length for the scale', () => {
    expect(scaleBar(100, 110)).toEqual({ metres: 10000, px: 100 })
    expect(scaleBar(0.6, 110)).toEqual({ metres: 50, px: 83 })
    expect(scaleBar(30, 110)).toEqual({ metres: 3000, px: 100 })
  })
  it('says each attribution once', () => {
    expect(uniqueTexts([' A ', 'B', 'A', undefined, ''])).toEqual(['A', 'B'])
  })
})
