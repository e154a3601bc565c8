import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Entries and chunks lie side by side, so that a thread's module is found beside whatever chunk starts it.
const flat = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' };

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      minify: true,
      // All but the native module is bundled, so that threads start from a few files.
      externalizeDeps: { exclude: ['valibot', '@aws-sdk/client-s3', '@aws-sdk/client-s3-control'] },
      rolldownOptions: {
        input: {
          index: here('src/main/electron/index.ts'),
          'engine-process': here('src/main/electron/engine-process.ts'),
          'engine-thread': here('src/main/engine/engine-thread.ts'),
          'job-thread': here('src/main/engine/job-thread.ts'),
          cli: here('src/main/cli/index.ts'),
        },
        output: { ...flat, format: 'es' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      minify: true,
      rolldownOptions: {
        input: { index: here('src/preload/index.ts') },
        // A sandboxed preload is CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      // The content security policy allows no inlined module preload, and files stay files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: here('src/renderer/index.html') },
    },
  },
});
