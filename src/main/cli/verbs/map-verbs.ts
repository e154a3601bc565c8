import { MAP_LAYERS, type MapLayer, type MapLayerAnswer, type MapTiles } from '../../../contract/map.ts';
import { ok } from '../../../contract/result.ts';
import { formatBytes, formatCount } from '../../../core/report/format.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { money } from '../words/index-words.ts';
import { table } from '../words/table.ts';

const tiles: Verb = {
  name: 'tiles',
  summary: 'Show how a directory falls into the colours of the treemap; with --json, every tile.',
  usage: '--index FILE [--prefix PREFIX] [--layer LAYER]',
  methods: ['map.tiles', 'map.layer'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'Where to begin, ending in "/"; the root unless named.' },
    layer: { type: 'text', value: 'LAYER', words: `One of ${MAP_LAYERS.join(', ')}; age unless named.`, choices: MAP_LAYERS },
    area: { type: 'whole', value: 'PX', words: 'Square pixels to draw on; 1000000 unless given.' },
    limit: { type: 'whole', value: 'N', words: 'How many directories at most; 50000 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call, json }) => {
    const limit = args.whole('limit');
    const room = {
      ...indexOf(args),
      prefix: args.text('prefix') ?? '',
      areaPx: args.whole('area') ?? 1_000_000,
      ...(limit === undefined ? {} : { limit }),
      ...given('region', args.text('region')),
    };
    const layer = await call('map.layer', { ...room, layer: (args.text('layer') ?? 'age') as MapLayer });
    if (!layer.ok) return layer;
    const drawn = json ? await call('map.tiles', room) : undefined;
    if (drawn?.ok === false) return drawn;
    return ok({
      json: drawn === undefined ? layer.value.bins : { bins: layer.value.bins, tiles: eachTile(drawn.value, layer.value) },
      words: () => binWords(layer.value),
    });
  },
};

const unpacked = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text, 'base64')).buffer;

/** The tiles one by one, as a program wants them. */
function eachTile(tiles: MapTiles, { bins, dominant }: MapLayerAnswer) {
  const [parent, kind] = [new Int32Array(unpacked(tiles.parent)), new Uint8Array(unpacked(tiles.kind))];
  const [bytes, versions] = [new Float64Array(unpacked(tiles.bytes)), new Float64Array(unpacked(tiles.versions))];
  const bin = new Uint8Array(unpacked(dominant));
  return tiles.names.map((name, tile) => ({
    name,
    kind: ['directory', 'version', 'rest'][kind[tile] ?? 0],
    parent: parent[tile],
    bytes: bytes[tile],
    versions: versions[tile],
    bin: bins[bin[tile] ?? 255]?.key ?? null,
  }));
}

const binWords = ({ layer, bins }: MapLayerAnswer): string =>
  table(
    [
      { title: layer, of: (bin) => bin.key },
      { title: 'Versions', align: 'right', of: (bin) => formatCount(bin.versions) },
      { title: 'Bytes', align: 'right', of: (bin) => formatBytes(bin.bytes) },
      { title: 'Per month', align: 'right', of: (bin) => money(bin.monthlyNanoUsd) },
    ],
    bins.filter(({ versions }) => versions > 0),
  );

export const mapVerbs: readonly Verb[] = [tiles];
