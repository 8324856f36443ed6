// How the page is built: into dist/, with relative addresses and no inline scripts, so that a strict policy holds.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { checkWords } from './vite/toml.ts';

export default defineConfig({
  base: './',
  plugins: [checkWords(), svelte(), svelteTesting()],
  clearScreen: false,
  server: { port: 1420, strictPort: true, fs: { allow: ['..'] } },
  build: {
    target: 'safari16',
    outDir: 'dist',
    // A font or a drawing inlined as data: would need a looser policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['./vite/test-setup.ts'],
    restoreMocks: true,
  },
});
