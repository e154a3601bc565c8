import { err, ok } from '../../../contract/result.ts';
import { formatBytes, formatCount } from '../../../core/report/format.ts';
import { usageError } from '../parse.ts';
import type { Verb } from '../verb.ts';
import { facts, paragraphs, table } from '../words/table.ts';

const sample: Verb = {
  name: 'sample',
  summary: 'Write a sample inventory report, or open the built-in sample workspace.',
  usage: '--out DIR --versions N --seed S',
  methods: ['sample.write', 'sample.open'],
  positionals: 0,
  flags: {
    out: {
      type: 'text',
      value: 'DIR',
      words: 'The folder to write the report and truth.json to; without it the sample workspace is opened.',
    },
    versions: { type: 'whole', value: 'N', words: 'How many rows; 200000 unless given.' },
    seed: { type: 'whole', value: 'S', words: 'The seed; the same seed writes the same bytes. 1 unless given.' },
  },
  run: async (args, { call }) => {
    const out = args.text('out');
    const [versions, seed] = [args.whole('versions'), args.whole('seed')];
    if (out === undefined) {
      if (versions !== undefined || seed !== undefined) return err(usageError('"--out DIR" is missing.', 'sample'));
      const opened = await call('sample.open', {});
      return opened.ok
        ? ok({
            json: opened.value,
            words: () =>
              facts([
                ['Index', opened.value.index],
                ['Snapshot', opened.value.snapshotId],
              ]),
          })
        : opened;
    }
    const result = await call('sample.write', { out, versions: versions ?? 200_000, seed: seed ?? 1 });
    if (!result.ok) return result;
    const truth = result.value;
    return ok({
      json: truth,
      words: () =>
        paragraphs(
          table(
            [
              { title: 'Class', of: ([name]) => name },
              { title: 'Versions', align: 'right', of: ([, part]) => formatCount(part.versions) },
              { title: 'Bytes', align: 'right', of: ([, part]) => formatBytes(part.bytes) },
            ],
            Object.entries(truth.byClass),
          ),
          `${formatCount(truth.rows)} rows: ${formatCount(truth.versions)} versions of ${formatBytes(truth.bytes)} and ${formatCount(truth.deleteMarkers)} delete markers.`,
        ),
    });
  },
};

const serve: Verb = {
  name: 'serve',
  summary: 'Show Isotherm in the browser, from this machine to this machine only.',
  usage: '[--port N] [--no-open]',
  methods: [],
  positionals: 0,
  flags: {
    port: { type: 'whole', value: 'N', words: 'The port; any free one unless given.' },
    'no-open': { type: 'switch', words: 'Do not open the browser.' },
  },
  run: async (args, context) => {
    const port = args.whole('port') ?? 0;
    if (port > 65_535) return err(usageError('"--port" takes a number up to 65535.', 'serve'));
    const { serveUntilStopped } = await import('../../web/serve.ts');
    const served = await serveUntilStopped({
      port,
      open: !args.has('no-open'),
      signal: context.signal,
      note: context.note,
      announce: (url) => process.stdout.write(context.json ? `${JSON.stringify({ url })}\n` : `${url}\n`),
    });
    return served.ok ? ok(undefined) : served;
  },
};

const info: Verb = {
  name: 'info',
  summary: 'Show the version, the data folder, the price regions and the presets.',
  usage: '',
  methods: ['app.info'],
  positionals: 0,
  flags: {},
  run: async (_args, { call }) => {
    const result = await call('app.info', {});
    if (!result.ok) return result;
    const { version, dataDir, priceRegions, presets } = result.value;
    const words = () =>
      paragraphs(
        facts([
          ['Version', version],
          ['Data folder', dataDir],
        ]),
        table(
          [
            { title: 'Preset', of: (preset) => preset.id },
            { title: 'What it does', of: (preset) => preset.words },
          ],
          presets,
        ),
        table(
          [
            { title: 'Region', of: (region) => region.region },
            { title: 'Name', of: (region) => region.name },
            { title: 'Prices as of', of: (region) => region.asOf },
          ],
          priceRegions,
        ),
      );
    return ok({ json: result.value, words });
  },
};

export const appVerbs: readonly Verb[] = [sample, serve, info];
