/** Label faces straight from the font package: the same woff2 files that the pages' text uses, no glyph server. */
import latin400 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-400-normal.woff2?url'
import latin600 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-600-normal.woff2?url'
import vietnamese400 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-400-normal.woff2?url'
import vietnamese600 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-600-normal.woff2?url'

const VIETNAMESE = [
  'U+0102-0103', 'U+0110-0111', 'U+0128-0129', 'U+0168-0169', 'U+01A0-01A1', 'U+01AF-01B0', 'U+0300-0301', 'U+0303-0304',
  'U+0308-0309', 'U+0323', 'U+0329', 'U+1EA0-1EF9', 'U+20AB',
]
const LATIN = ['U+0000-00FF', 'U+0131', 'U+0152-0153', 'U+02BB-02BC', 'U+02C6', 'U+02DA', 'U+02DC', 'U+2000-206F', 'U+2122', 'U+2212']

interface Face {
  url: string
  'unicode-range': string[]
}

/** `font-faces` of the style; addresses are absolute because a worker reads them. */
export function fontFaces(): Record<string, Face[]> {
  const face = (url: string, range: string[]): Face => ({ url: new URL(url, document.baseURI).href, 'unicode-range': range })
  return {
    'BT Regular': [face(vietnamese400, VIETNAMESE), face(latin400, LATIN)],
    'BT Bold': [face(vietnamese600, VIETNAMESE), face(latin600, LATIN)],
  }
}
