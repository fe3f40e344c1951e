/** Shown layers in the address: `?lop=parcels,planning_zones:0.6`. Hidden layers are left out. */

export interface LayerChoice {
  id: string
  visible: boolean
  opacity: number
}

/** Null when the address says nothing of layers. An id nobody knows is ignored by `applyLayers`. */
export function parseLayers(search: string): Map<string, number> | null {
  const value = new URLSearchParams(search).get('lop')
  if (value === null) return null
  const shown = new Map<string, number>()
  for (const item of value.split(',').filter(Boolean)) {
    const [id = '', opacity] = item.split(':')
    const number = opacity === undefined ? 1 : Number(opacity)
    shown.set(id, number >= 0 && number <= 1 ? number : 1)
  }
  return shown
}

export function formatLayers(layers: LayerChoice[]): string {
  return layers
    .filter((layer) => layer.visible)
    .map((layer) => (layer.opacity === 1 ? layer.id : `${layer.id}:${layer.opacity}`))
    .join(',')
}

export function applyLayers<T extends LayerChoice>(layers: T[], shown: Map<string, number> | null): T[] {
  if (shown === null) return layers
  return layers.map((layer) => ({ ...layer, visible: shown.has(layer.id), opacity: shown.get(layer.id) ?? layer.opacity }))
}
