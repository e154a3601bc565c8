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
  SAMPLE_AS_OF_MS,
  type SampleRow,
} from './rows.ts';

const PROJECTS = ['llm-base', 'llm-chat', 'vision', 'speech', 'ranking', 'protein'] as const;
const MODELS = ['7b', '13b', '34b', '70b', 'vit-l', 'conformer'] as const;
const LADDER: Ladder = [
  [540, 'DEEP_ARCHIVE', 0.25],
  [365, 'GLACIER', 0.3],
  [120, 'STANDARD_IA', 0.15],
];

type Shard = readonly [name: string, meanBytes: number];
type Family = { readonly name: string; unit(step: number): string; shards(context: AreaContext): Shard[]; readonly stepSize: number };

const range = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const pad = (value: number, width: number): string => String(value).padStart(width, '0');

const FAMILIES: readonly [Family, ...Family[]] = [
  {
    name: 'hf',
    stepSize: 500,
    unit: (step) => `checkpoint-${step}/`,
    shards: ({ random }) => {
      const of = random.between(3, 12);
      return [
        ['config.json', 700],
        ['tokenizer.json', 1.8 * MIB],
        ['training_args.bin', 5 * KIB],
        ['optimizer.pt', 9 * GIB],
        ['scheduler.pt', KIB],
        ...range(8, (i): Shard => [`rng_state_${i}.pth`, 15 * KIB]),
        ['trainer_state.json', 90 * KIB],
        ['model.safetensors.index.json', 24 * KIB],
        // The weights come last: one that breaks off is not whole.
        ...range(of, (i): Shard => [`model-${pad(i + 1, 5)}-of-${pad(of, 5)}.safetensors`, 4.7 * GIB]),
      ];
    },
  },
  {
    name: 'deepspeed',
    stepSize: 1000,
    unit: (step) => `global_step${step}/`,
    shards: ({ random }) => {
      const ranks = random.pick([8, 16, 32]);
      return [
        ...range(ranks, (i): Shard => [`bf16_zero_pp_rank_${i}_mp_rank_00_optim_states.pt`, 5.2 * GIB]),
        ['mp_rank_00_model_states.pt', 12 * GIB],
      ];
    },
  },
  {
    name: 'dcp',
    stepSize: 200,
    unit: (step) => `step_${step}/`,
    shards: ({ random }) => {
      const ranks = random.pick([8, 16, 64]);
      return [...range(ranks, (i): Shard => [`__${i}_0.distcp`, 3.6 * GIB]), ['.metadata', 640 * KIB]];
    },
  },
  {
    name: 'megatron',
    stepSize: 1000,
    unit: (step) => `iter_${pad(step, 7)}/`,
    shards: () => [...range(16, (i): Shard => [`mp_rank_${pad(i, 2)}/model_optim_rng.pt`, 6.4 * GIB])],
  },
];

/** Runs of sharded checkpoints with their steps, and the pointer files and rolling checkpoints beside them. */
export function* checkpoints(context: AreaContext): AreaRows {
  const { random } = context;
  for (let run = 0; ; run++) {
    const startDays = anyAge(random) + 1;
    const startMs = daysBefore(random, startDays);
    const day = dateParts(startMs);
    const root = `checkpoints/${random.pick(PROJECTS)}/${random.pick(MODELS)}-${day.year}${day.month}${day.day}-r${pad(run, 4)}/`;
    if (run % 5 === 4) {
      yield* lightning(context, root, startMs);
      continue;
    }
    const family = random.pick(FAMILIES);
    const shards = family.shards(context);
    const steps = random.between(4, 14);
    const everyMs = Math.min(random.between(4, 30) * 3_600_000, Math.max(60_000, (SAMPLE_AS_OF_MS - 3_600_000 - startMs) / steps));
    // Every step of a run writes shards of the same size.
    const sizes = shards.map(([, mean]) => Math.max(1, Math.round(random.around(mean) * context.scale)));
    // Runs in trouble were cleaned up by hand: a delete marker hides every shard, and the bytes stay.
    const cleaned = startDays > 60 && random.chance(0.1);
    for (let step = 1; step <= steps; step++) {
      const writtenMs = startMs + Math.floor(step * everyMs);
      const storageClass = classAt(random, LADDER, writtenMs);
      const checkpoint = { run: root, place: step, objects: shards.length };
      for (const [i, [name]] of shards.entries()) {
        const key = `${root}${family.unit(step * family.stepSize)}${name}`;
        const row = { ...exact(key, sizes[i] ?? 1, writtenMs + i * 900, storageClass), checkpoint };
        if (cleaned && step < steps) yield* deleted(context, row, 20);
        else yield row;
      }
    }
    yield* pointer(context, root, family.name, startMs, startMs + Math.floor(steps * everyMs), steps);
    yield current(context, `${root}train.log`, 3 * MIB, startMs + Math.floor(steps * everyMs), 'STANDARD');
  }
}

/** The pointer to the newest step; one team's trainer overwrites it at every step, which leaves a tail of noncurrent versions. */
function* pointer(
  context: AreaContext,
  root: string,
  family: string,
  startMs: number,
  endMs: number,
  steps: number,
): Generator<SampleRow, void, void> {
  if (family !== 'deepspeed' && family !== 'megatron') return;
  const name = family === 'deepspeed' ? 'latest' : 'latest_checkpointed_iteration.txt';
  const latest = exact(`${root}${name}`, 16, endMs, 'STANDARD');
  yield latest;
  if (root.startsWith('checkpoints/protein/')) yield* history(context, latest, steps - 1, (endMs - startMs) / steps / DAY_MS);
}

/** Lightning keeps its best few files and overwrites last.ckpt: the bytes of a versioned bucket hide behind that one key. */
function* lightning(context: AreaContext, root: string, startMs: number): Generator<SampleRow, void, void> {
  const { random } = context;
  const folder = `${root}lightning_logs/version_0/checkpoints/`;
  const size = Math.max(1, Math.round(random.around(3.5 * GIB) * context.scale));
  const epochs = random.between(3, 10);
  const everyMs = Math.min(DAY_MS, Math.max(60_000, (SAMPLE_AS_OF_MS - 3_600_000 - startMs) / epochs));
  for (let epoch = 0; epoch < epochs; epoch++) {
    const writtenMs = startMs + Math.floor((epoch + 1) * everyMs);
    const row = exact(`${folder}epoch=${epoch}-step=${(epoch + 1) * 1250}.ckpt`, size, writtenMs, classAt(random, LADDER, writtenMs));
    yield { ...row, checkpoint: { run: root, place: epoch, objects: 1 } };
  }
  const last = exact(`${folder}last.ckpt`, size, startMs + Math.floor(epochs * everyMs) + 5000, 'STANDARD');
  yield last;
  yield* history(context, last, random.between(4, 24), everyMs / DAY_MS / 2);
  yield current(context, `${root}lightning_logs/version_0/hparams.yaml`, 2 * KIB, startMs, 'STANDARD');
}
