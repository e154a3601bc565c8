import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { layerFaults, modulesNamedIn } from '../../scripts/layers.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = join(repository, 'test/fixtures/layers');

describe('the layers', () => {
  it('hold in the sources', { timeout: 60_000 }, async () => {
    expect(await layerFaults(repository)).toEqual([]);
  });

  it('are told apart: every fault of the known-bad sample is caught, and nothing else', { timeout: 60_000 }, async () => {
    const faults = await layerFaults(join(fixtures, 'bad'));
    expect(faults.map(({ rule, from }) => `${rule} ${from}`).sort()).toEqual([
      'aws-in-s3 src/main/apply/own-client.ts',
      'contract-is-the-bottom src/contract/shape.ts',
      'core-is-pure src/core/calls-main.ts',
      'core-is-pure src/core/reads-disk.ts',
      'electron-in-its-shell src/main/engine/uses-electron.ts',
      'main-below-shells src/main/engine/knows-shell.ts',
      'no-cycles src/core/circle-a.ts',
      'one-writer src/main/s3/second-writer.ts',
      'preload-only-contract src/preload/knows-core.ts',
      'renderer-alone src/renderer/starts-engine.tsx',
      'sqlite-in-index src/main/engine/opens-database.ts',
      'writers-permit src/main/s3/permits-itself.ts',
    ]);
  });

  it('are read from every spelling of an import', () => {
    const text = [
      "import type { A } from './a.ts';",
      "export * from './b.ts';",
      "export type { C } from './c.ts';",
      "import './d.ts';",
      "const e = await import('./e.ts');",
      "let f: import('./f.ts').F;",
      "new Worker(new URL('./g.ts', import.meta.url));",
    ].join('\n');
    expect(modulesNamedIn('x.ts', text).sort()).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts']);
  });
});

describe('the core', () => {
  const compile = (project: string) => {
    const done = spawnSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', project], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status: done.status, words: `${done.stdout}${done.stderr}` };
  };

  it('compiles with neither Node nor DOM types', { timeout: 90_000 }, () => {
    expect(compile(join(repository, 'tsconfig.core.json'))).toEqual({ status: 0, words: '' });
  });

  it.each([
    ['uses-process.ts', "'process'"],
    ['uses-window.ts', "'window'"],
  ])('does not compile once it %s', { timeout: 90_000 }, (file, word) => {
    const folder = mkdtempSync(join(tmpdir(), 'isotherm-core-'));
    try {
      const project = join(folder, 'tsconfig.json');
      writeFileSync(
        project,
        JSON.stringify({ extends: join(repository, 'tsconfig.core.json'), include: [], files: [join(fixtures, 'impure', file)] }),
      );
      const { status, words } = compile(project);
      expect(status).not.toBe(0);
      expect(words).toContain(word);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
