/** Small files that say which checkpoint a run goes on from or thinks best. Read only when a person asks, and listed before. */

/** What one such file says. */
export interface PointerFacts {
  /** The checkpoint a run would go on from: a name, a path, or a step. */
  readonly tracked: readonly string[];
  readonly best: readonly string[];
  /** Numbers by step, as evaluations wrote them. */
  readonly metrics: readonly { readonly step: number; readonly name: string; readonly value: number }[];
}

const NOTHING: PointerFacts = { tracked: [], best: [], metrics: [] };

/** Larger ones are not read: such a file holds a name, or the history of one run. */
export const MOST_POINTER_BYTES = 16 * 1024 * 1024;

type Parse = (text: string) => PointerFacts | null;

/** DeepSpeed's `latest`, Megatron's and Detectron2's trackers, Composer's symlink objects: the name alone. */
const nameAlone: Parse = (text) => {
  const name = text.trim();
  return name === '' || name.length > 1024 || /[\0\n\r]/.test(name) ? null : { ...NOTHING, tracked: [name] };
};

/** TensorFlow's CheckpointState, a text proto (https://www.tensorflow.org/guide/checkpoint). */
const checkpointState: Parse = (text) => {
  const found = [...text.matchAll(/^\s*model_checkpoint_path:\s*"((?:[^"\\]|\\.)*)"\s*$/gm)].map(([, path]) =>
    (path ?? '').replace(/\\(.)/g, '$1'),
  );
  return found.length === 0 ? null : { ...NOTHING, tracked: found };
};

/** The Hugging Face Trainer's state: best_model_checkpoint, and evaluations in log_history. */
const trainerState: Parse = (text) => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  const { best_model_checkpoint: best, log_history: history } = json as Record<string, unknown>;
  const metrics = (Array.isArray(history) ? history : []).flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { step, ...values } = entry as Record<string, unknown>;
    if (typeof step !== 'number' || !Number.isSafeInteger(step)) return [];
    return Object.entries(values).flatMap(([name, value]) =>
      name.startsWith('eval_') && typeof value === 'number' && Number.isFinite(value) ? [{ step, name, value }] : [],
    );
  });
  return { ...NOTHING, best: typeof best === 'string' && best !== '' ? [best] : [], metrics };
};

const BY_NAME: ReadonlyMap<string, Parse> = new Map([
  ['latest', nameAlone],
  ['latest_checkpointed_iteration.txt', nameAlone],
  ['last_checkpoint', nameAlone],
  ['latest_checkpoint', nameAlone],
  ['latest_checkpoint.txt', nameAlone],
  ['checkpoint', checkpointState],
  ['trainer_state.json', trainerState],
]);

const parserOf = (name: string): Parse | undefined => (/^latest-rank\d+.*\.symlink$/.test(name) ? nameAlone : BY_NAME.get(name));

/** Whether a file of this name is one that can be read for what it points at. */
export const isPointerName = (name: string): boolean => parserOf(name) !== undefined;

/** What a file says; null where it is not what its name promises. */
export function parsePointer(name: string, text: string): PointerFacts | null {
  return parserOf(name)?.(text) ?? null;
}
