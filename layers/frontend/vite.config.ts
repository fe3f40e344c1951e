import { defineConfig } from 'vite'

export default defineConfig({
  base: '/static/', // django-vite serves dist/ as static files and reads its manifest
  build: {
    outDir: 'dist',
    manifest: 'manifest.json',
    target: 'es2022',
    assetsInlineLimit: 0, // no data: URLs: fonts and images stay files of our own
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200, // the map library is one chunk of 1.1 MB, 250 kB compressed
    rollupOptions: { input: { site: 'entries/site.ts', map: 'entries/map.ts', finding: 'entries/finding.ts', bench: 'entries/bench.ts' } },
  },
  worker: { format: 'es' },
})
