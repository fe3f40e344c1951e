// Controls, and numbers on the parcels that are large enough on the screen; the others show theirs under the pointer.
function tend(map, parcels, words) {
  map.getContainer().querySelector(':scope > p').remove() // says that the map needs JavaScript
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map)
  L.control.scale({ imperial: false }).addTo(map)
  map.setMaxZoom(words.nearest)
  const roomy = (layer) => {
    const box = layer.getBounds()
    const size = map.latLngToLayerPoint(box.getSouthEast()).subtract(map.latLngToLayerPoint(box.getNorthWest()))
    return size.x > 40 && size.y > 34 && map.getBounds().intersects(box)
  }
  const name = () =>
    parcels.eachLayer((layer) => {
      const named = roomy(layer)
      if (layer.named === named) return
      layer.named = named
      const how = named ? { permanent: true, direction: 'center', className: 'named' } : { sticky: true }
      layer.unbindTooltip().bindTooltip(layer.feature.properties.label, how)
    })
  map.on('moveend', name)
  name()
  const paper = map.getContainer().style // of an A4 sheet: the browser tells of printing before it changes any size
  addEventListener('beforeprint', () => {
    Object.assign(paper, { width: '184mm', height: '140mm' })
    map.invalidateSize({ animate: false }).fitBounds(parcels.getBounds(), { padding: [20, 20], animate: false })
  })
  addEventListener('afterprint', () => {
    Object.assign(paper, { width: '', height: '' })
    map.invalidateSize({ animate: false })
  })
}
