import { DAY_MS } from '../../contract/units.ts';
import {
  type AreaContext,
  type AreaRows,
  anyAge,
  classAt,
  current,
  dateParts,
  daysBefore,
  deleted,
  exact,
  GIB,
  history,
  KIB,
  type Ladder,
  MIB,
} from './rows.ts';

const COLD: Ladder = [
  [720, 'DEEP_ARCHIVE', 0.35],
  [365, 'GLACIER', 0.35],
  [180, 'GLACIER_IR', 0.25],
  [90, 'STANDARD_IA', 0.35],
];
const TIERED: Ladder = [[0, 'INTELLIGENT_TIERING', 0.8]];
const pad = (value: number, width: number): string => String(value).padStart(width, '0');
const NAMES = [
  'imagenet-x',
  'laion-clean',
  'common-voice-mix',
  'code-corpus',
  'web-text',
  'clicks',
  'street-scenes',
  'lab-assays',
] as const;

/** Versioned datasets: webdataset shards, parquet files and Hive partitions. */
export function* datasets(context: AreaContext): AreaRows {
  const { random } = context;
  for (let i = 0; ; i++) {
    const root = `datasets/${random.pick(NAMES)}-${pad(Math.floor(i / 4), 3)}/v${(i % 4) + 1}/`;
    const writtenMs = daysBefore(random, anyAge(random));
    const storageClass = classAt(random, random.chance(0.25) ? TIERED : COLD, writtenMs);
    yield current(context, `${root}README.md`, 4 * KIB, writtenMs, 'STANDARD');
    const form = i % 3;
    const shards = random.between(60, 400);
    for (let shard = 0; shard < shards; shard++) {
      const at = writtenMs + shard * 1500;
      if (form === 0) yield current(context, `${root}train-${pad(shard, 6)}.tar`, 2.5 * GIB, at, storageClass);
      else if (form === 1) yield current(context, `${root}part-${pad(shard, 5)}.parquet`, 900 * MIB, at, storageClass);
      else {
        const day = dateParts(writtenMs - (shards - shard) * DAY_MS);
        yield current(context, `${root}dt=${day.year}-${day.month}-${day.day}/part-00000.parquet`, 260 * MIB, at, storageClass);
      }
    }
    if (form === 0) {
      for (let shard = 0; shard < 8; shard++)
        yield current(context, `${root}val-${pad(shard, 6)}.tar`, 700 * MIB, writtenMs + shard * 1500, storageClass);
    }
  }
}

/** Iceberg tables: old files stay referenced, so age says nothing about them. */
export function* tables(context: AreaContext): AreaRows {
  const { random } = context;
  for (let i = 0; ; i++) {
    const root = `lake/analytics/${random.pick(['events', 'sessions', 'labels', 'embeddings'])}_${pad(i, 3)}/`;
    const firstDays = anyAge(random) + 30;
    const commits = random.between(30, 160);
    for (let commit = 0; commit < commits; commit++) {
      const at = daysBefore(random, Math.floor((firstDays * (commits - commit)) / commits));
      const day = dateParts(at);
      yield current(
        context,
        `${root}data/day=${day.year}-${day.month}-${day.day}/${pad(commit, 5)}-0-${random.uuid()}.parquet`,
        180 * MIB,
        at,
        classAt(random, TIERED, at),
      );
      yield current(context, `${root}metadata/${pad(commit, 5)}-${random.uuid()}.metadata.json`, 60 * KIB, at + 900, 'STANDARD');
      if (commit % 2 === 0)
        yield current(context, `${root}metadata/snap-${random.uint32()}-1-${random.uuid()}.avro`, 5 * KIB, at + 800, 'STANDARD');
    }
  }
}

/** A DVC cache: content-addressed, so the oldest blob can be today's dataset. */
export function* dvc(context: AreaContext): AreaRows {
  const { random } = context;
  for (;;) {
    const digest = random.hex(32);
    const at = daysBefore(random, anyAge(random));
    const isFolder = random.chance(0.03);
    yield current(
      context,
      `dvc-store/files/md5/${digest.slice(0, 2)}/${digest.slice(2)}${isFolder ? '.dir' : ''}`,
      isFolder ? 40 * KIB : random.pick([48 * KIB, 2 * MIB, 90 * MIB, 600 * MIB]),
      at,
      classAt(random, [[180, 'ONEZONE_IA', 0.4]], at),
    );
  }
}

/** Released models and a registry whose entries are overwritten when a model is promoted. */
export function* models(context: AreaContext): AreaRows {
  const { random } = context;
  for (let i = 0; ; i++) {
    const at = daysBefore(random, anyAge(random));
    const root = `models/${random.pick(['chat', 'embed', 'rerank', 'ocr', 'asr', 'detector'])}-${pad(i, 3)}/`;
    const of = random.between(2, 9);
    for (let shard = 1; shard <= of; shard++)
      yield current(context, `${root}model-${pad(shard, 5)}-of-${pad(of, 5)}.safetensors`, 4.6 * GIB, at + shard * 3000, 'STANDARD');
    yield current(context, `${root}config.json`, 900, at, 'STANDARD');
    yield current(context, `${root}tokenizer.json`, 2 * MIB, at, 'STANDARD');
    const serving = exact(
      `registry/serving-${pad(i, 3)}/model.onnx`,
      Math.max(1, Math.round(random.around(900 * MIB) * context.scale)),
      at,
      'STANDARD',
    );
    yield serving;
    yield* history(context, serving, random.between(1, 8), 21);
  }
}

/** The offline half of a feature store, by hour. */
export function* features(context: AreaContext): AreaRows {
  const { random } = context;
  for (let group = 0; ; group++) {
    const root = `features/123456789012/sagemaker/us-east-1/offline-store/user-signals-${1_690_000_000 + group * 86_413}/data/`;
    const days = random.between(40, 180);
    const firstDays = anyAge(random) + days;
    for (let i = 0; i < days * 2; i++) {
      const at = daysBefore(random, firstDays - Math.floor(i / 2));
      const day = dateParts(at);
      const hour = pad(new Date(at).getUTCHours(), 2);
      yield current(
        context,
        `${root}year=${day.year}/month=${day.month}/day=${day.day}/hour=${hour}/${day.compact.replace('_', 'T')}Z_${random.hex(12)}.parquet`,
        24 * MIB,
        at,
        classAt(random, [[60, 'STANDARD_IA', 0.3]], at),
      );
    }
  }
}

/** What nobody can name by its key: scratch folders, exports, things someone deleted. */
export function* unknown(context: AreaContext): AreaRows {
  const { random } = context;
  for (let i = 0; ; i++) {
    const at = daysBefore(random, anyAge(random));
    const key = `${random.pick(['scratch/amara', 'scratch/jun', 'scratch/tomas', 'exports', 'misc', 'tmp'])}/${random.pick(['notes', 'dump', 'final', 'old-final', 'copy', 'blob'])}-${pad(i, 5)}.${random.pick(['bin', 'zip', 'dat', 'txt', 'bak'])}`;
    const row = current(context, key, random.pick([3 * KIB, 700 * KIB, 40 * MIB, 2 * GIB]), at, 'STANDARD');
    if (random.chance(0.12)) yield* deleted(context, row, 40);
    else yield row;
  }
}
