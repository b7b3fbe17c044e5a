/** Builds the page into public/. The law: nothing inline, because the Content-Security-Policy refuses inline scripts and styles. */
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    outDir: '../public',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
