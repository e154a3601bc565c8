import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseOptions, type IReporterOutput } from 'dependency-cruiser';
import { parseSync } from 'vite';
import { LAYER_RULES } from './layer-rules.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
/** Writing to a bucket passes through one file. */
const WRITER = 'src/main/s3/lifecycle.ts';
const WRITES = /\b(?:Put|Delete)BucketLifecycle\w*Command\b/;
const ASSET = /\.(css|svg|woff2?|json|html)(\?.*)?$|\?(raw|url|worker)$/;

export interface LayerFault {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

/** Every module a source names: imports, type imports, re-exports, dynamic imports and worker files. */
export function modulesNamedIn(file: string, text: string): string[] {
  const { module } = parseSync(file, text);
  const literal = (start: number, end: number): string | undefined => /^(['"`])([^'"`$]+)\1$/.exec(text.slice(start, end))?.[2];
  const found = [
    ...module.staticImports.map((item) => item.moduleRequest.value),
    ...module.staticExports.flatMap((item) => item.entries.map((entry) => entry.moduleRequest?.value)),
    ...module.dynamicImports.map((item) => literal(item.moduleRequest.start, item.moduleRequest.end)),
    ...[...text.matchAll(/new URL\(\s*['"](\.[^'"]+\.tsx?)['"]\s*,\s*import\.meta\.url\s*\)/g)].map((match) => match[1]),
    ...[...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map((match) => match[1]),
  ];
  return [...new Set(found.filter((name) => name !== undefined))];
}

/**
 * Runs the layer rules over the sources below `root`/src.
 * dependency-cruiser 17 cannot parse with TypeScript 7, so it is given a skeleton of each file: its imports, types included,
 * in plain JavaScript under the same path.
 */
export async function layerFaults(root: string): Promise<LayerFault[]> {
  const mirror = mkdtempSync(join(tmpdir(), 'isotherm-layers-'));
  const faults: LayerFault[] = [];
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(mirror, path)), { recursive: true });
    writeFileSync(join(mirror, path), text);
  };
  try {
    write('package.json', '{"type":"module"}');
    const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      const path = file.split(sep).join('/');
      if (path !== WRITER && WRITES.test(text)) faults.push({ rule: 'one-writer', from: path, to: WRITES.exec(text)?.[0] ?? '' });
      const lines = modulesNamedIn(file, text)
        .filter((name) => !ASSET.test(name) && !(name.startsWith('.') && !/\.tsx?$/.test(name)))
        .map((name) => {
          if (isBuiltin(name)) return `import ${JSON.stringify(name)};`;
          if (name.startsWith('.')) return `import ${JSON.stringify(`${name}.mjs`)};`;
          write(`packages/${name}.mjs`, '');
          return `import ${JSON.stringify(`${'../'.repeat(path.split('/').length - 1)}packages/${name}.mjs`)};`;
        });
      write(`${file}.mjs`, `${lines.join('\n')}\n`);
    }
    const options: ICruiseOptions = { baseDir: mirror, validate: true, ruleSet: { forbidden: [...LAYER_RULES] } };
    const { output }: IReporterOutput = await cruise(['src'], options, { extensions: ['.mjs', '.js', '.cjs', '.json'] });
    if (typeof output === 'string') throw new Error(output);
    if (output.summary.totalCruised < files.length)
      throw new Error(`dependency-cruiser saw ${output.summary.totalCruised} of ${files.length} files`);
    const plain = (name: string): string => name.replace(/^packages\//, '').replace(/(\.tsx?)?\.mjs$/, '$1');
    faults.push(...output.summary.violations.map((fault) => ({ rule: fault.rule.name, from: plain(fault.from), to: plain(fault.to) })));
  } finally {
    rmSync(mirror, { recursive: true, force: true });
  }
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = await layerFaults(repository);
  for (const { rule, from, to } of faults) process.stderr.write(`${rule}: ${from} -> ${to}\n`);
  process.stdout.write(faults.length === 0 ? 'layers hold\n' : `${faults.length} layer faults\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
