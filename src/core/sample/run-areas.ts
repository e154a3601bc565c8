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
  SAMPLE_SPAN_DAYS,
} from './rows.ts';

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
const SOME_IA: Ladder = [
  [200, 'STANDARD_IA', 0.2],
  [30, 'INTELLIGENT_TIERING', 0.15],
];

/** MLflow runs: many small files, some plots and a model; one run of the first, small experiment logged a whole checkpoint. */
export function* mlflow(context: AreaContext): AreaRows {
  const { random } = context;
  for (let i = 0; ; i++) {
    const experiment = i < 3 ? 0 : 1 + Math.floor((i - 3) / 40);
    const at = daysBefore(random, anyAge(random));
    const root = `experiments/${experiment === 0 ? 'mlflow-dev' : 'mlflow'}/mlruns/${experiment}/${random.hex(32)}/`;
    yield current(context, `${root}meta.yaml`, 480, at, 'STANDARD');
    for (const name of ['loss', 'val_loss', 'lr', 'grad_norm'])
      yield current(context, `${root}metrics/${name}`, 30 * KIB, at + 60_000, 'STANDARD');
    for (const name of ['batch_size', 'optimizer', 'seed']) yield current(context, `${root}params/${name}`, 12, at, 'STANDARD');
    for (const name of ['mlflow.user', 'mlflow.source.git.commit']) yield current(context, `${root}tags/${name}`, 40, at, 'STANDARD');
    const plots = random.between(2, 8);
    for (let plot = 0; plot < plots; plot++)
      yield current(context, `${root}artifacts/plots/confusion_${plot}.png`, 180 * KIB, at + 90_000, classAt(random, SOME_IA, at));
    yield current(context, `${root}artifacts/predictions/eval.json`, 60 * MIB, at + 95_000, classAt(random, SOME_IA, at));
    if (i === 1) {
      for (let shard = 1; shard <= 4; shard++) {
        yield current(
          context,
          `${root}artifacts/checkpoint-1500/model-${pad(shard, 5)}-of-00004.safetensors`,
          4.7 * GIB,
          at + 99_000,
          'STANDARD',
        );
      }
    }
  }
}

/** Weights & Biases folders synced from training machines; overwritten summaries leave noncurrent versions. */
export function* wandb(context: AreaContext): AreaRows {
  const { random } = context;
  for (;;) {
    const at = daysBefore(random, anyAge(random));
    const run = random.uint32().toString(36).padStart(8, '0').slice(-8);
    const root = `experiments/wandb/wandb/${random.chance(0.1) ? 'offline-run' : 'run'}-${dateParts(at).compact}-${run}/`;
    yield current(context, `${root}run-${run}.wandb`, 40 * MIB, at + 36_000, classAt(random, SOME_IA, at));
    for (const name of ['config.yaml', 'wandb-metadata.json', 'requirements.txt', 'output.log'])
      yield current(context, `${root}files/${name}`, 9 * KIB, at, 'STANDARD');
    const images = random.between(3, 20);
    for (let image = 0; image < images; image++)
      yield current(
        context,
        `${root}files/media/images/sample_${image}_${random.hex(8)}.png`,
        300 * KIB,
        at + 1000,
        classAt(random, SOME_IA, at),
      );
    const summary = exact(`${root}files/wandb-summary.json`, random.between(600, 4000), at + 30_000, 'STANDARD');
    yield summary;
    yield* history(context, summary, random.between(0, 6), 0.05);
  }
}

/** Sweeps of short trials with their TensorBoard files. */
export function* sweeps(context: AreaContext): AreaRows {
  const { random } = context;
  for (let i = 0; ; i++) {
    // The first sweep is a small one, and one of its trials kept a checkpoint.
    const sweep = i < 4 ? 0 : 1 + Math.floor((i - 4) / 24);
    const at = daysBefore(random, anyAge(random));
    const root = `experiments/${sweep === 0 ? 'ablations' : 'sweeps'}/lr-sweep-${pad(sweep, 3)}/trial-${pad(i < 4 ? i : (i - 4) % 24, 3)}/`;
    yield current(
      context,
      `${root}events.out.tfevents.${Math.floor(at / 1000)}.gpu-${random.between(1, 64)}.${random.between(100, 9999)}.0`,
      25 * MIB,
      at,
      classAt(random, SOME_IA, at),
    );
    yield current(
      context,
      `${root}eval/events.out.tfevents.${Math.floor(at / 1000) + 60}.gpu-0.${100 + (i % 900)}.1`,
      80 * KIB,
      at + 4000,
      'STANDARD',
    );
    if (i === 2) {
      for (let shard = 1; shard <= 3; shard++)
        yield current(context, `${root}checkpoint-2000/model-${pad(shard, 5)}-of-00003.safetensors`, 4.7 * GIB, at + 5000, 'STANDARD');
    }
  }
}

/** CloudTrail and application logs, by day over the whole life of the bucket. */
export function* logs(context: AreaContext): AreaRows {
  const { random } = context;
  const services = ['trainer', 'api', 'scheduler', 'ingest'] as const;
  const archived: Ladder = [
    [730, 'DEEP_ARCHIVE', 0.5],
    [180, 'GLACIER_IR', 0.3],
    [90, 'STANDARD_IA', 0.3],
  ];
  for (let pass = 0; ; pass++) {
    // A stride prime to the span visits every day before it repeats one.
    const at = daysBefore(random, (pass * 397) % SAMPLE_SPAN_DAYS);
    const day = dateParts(at);
    const path = `${day.year}/${day.month}/${day.day}/`;
    const startOfDay = Math.floor(at / DAY_MS) * DAY_MS;
    for (let i = 0; i < 6; i++) {
      const stamp = `${day.year}${day.month}${day.day}T${pad(i * 4, 2)}${pad(random.between(0, 11) * 5, 2)}Z`;
      yield current(
        context,
        `logs/AWSLogs/123456789012/CloudTrail/us-east-1/${path}123456789012_CloudTrail_us-east-1_${stamp}_${random.hex(16)}.json.gz`,
        90 * KIB,
        startOfDay + i * 4 * 3_600_000 - 86_400_000,
        classAt(random, archived, at),
      );
    }
    for (const service of services) {
      const log = current(
        context,
        `logs/app/${service}/${path}${service}-${random.between(1, 9)}-${pass}.log.gz`,
        18 * MIB,
        at,
        classAt(random, archived, at),
      );
      if (random.chance(0.03)) yield* deleted(context, log, 10);
      else yield log;
    }
    if (pass % 4 === 0) yield current(context, `logs/slurm/${path}job-${1_000_000 + pass}.out`, 200 * KIB, at, 'STANDARD');
  }
}

/** Files far below 128 KiB, by the thousand: no class but STANDARD is worth a request for them. */
export function* smallFiles(context: AreaContext): AreaRows {
  const { random } = context;
  for (let i = 0; ; i++) {
    const at = daysBefore(random, anyAge(random));
    const root = `datasets/captions-raw/v${1 + (i % 3)}/${random.hex(2)}/`;
    for (let file = 0; file < 20; file++) yield current(context, `${root}${random.hex(16)}.json`, 3 * KIB, at + file * 40, 'STANDARD');
  }
}
