/** Builds the page into public/. The law: nothing inline, because the Content-Security-Policy refuses inline scripts and styles. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../public',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // What the first load needs comes as one file, whatever else needs parts of it too: sixteen small ones take longer.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'page', test: /web\/src\/main\.tsx$/ }] } } },
  },
});
