import type { UnitState } from '../../contract/unit-views.ts';
import type { Slot } from './slots.ts';

/** Files whose being there means something, by how their path from the unit's root ends. */
export const SIGNS = [
  '.metadata',
  'metadata.json',
  'common.pt',
  'trainer_state.json',
  'optimizer.pt',
  'scheduler.pt',
  'model.safetensors',
  'pytorch_model.bin',
  'adapter_model.safetensors',
  'adapter_model.bin',
  'model.safetensors.index.json',
  'pytorch_model.bin.index.json',
  '_CHECKPOINT_METADATA',
  'commit_success.txt',
  'manifest.ocdbt',
  'saved_model.pb',
  'saved_model.pbtxt',
  'variables.index',
  'pytorch_lora_weights.safetensors',
] as const;
export type Sign = (typeof SIGNS)[number];

/** What was found of one unit, among its current files. */
export interface Found {
  readonly files: number;
  readonly signs: ReadonlySet<Sign>;
  readonly slots: ReadonlyMap<string, Slot>;
  /** Names that begin a TensorFlow checkpoint's pair: whether ".index" is there. */
  readonly hasIndex: boolean;
}

export interface Judgement {
  readonly state: UnitState;
  /** What is missing, in words; empty where nothing is known to be. */
  readonly missing: readonly string[];
}

const MOST_NAMED = 8;
const whole: Judgement = { state: 'complete', missing: [] };
const open = (...missing: string[]): Judgement => ({ state: missing.length > 0 ? 'incomplete' : 'unknown', missing });

/** "1, 2, 3 and 14 more". */
function numbers(gaps: readonly number[], count: number): string {
  const named = gaps.slice(0, MOST_NAMED).join(', ');
  return count > MOST_NAMED ? `${named} and ${count - MOST_NAMED} more` : named;
}

/** What one slot lacks by its own numbers: parts of a declared number, or gaps in a row that begins at `from`. */
function lackOf(slot: Slot, from: number): string | null {
  if (slot.empty > 0) return `${slot.empty} of ${slot.pattern} ${slot.empty === 1 ? 'is' : 'are'} empty`;
  if (slot.of > 0) {
    // Most frameworks count parts from 0; one whose last part has the number of all counts from 1.
    const first = slot.has(0) ? 0 : slot.has(slot.of) ? 1 : from;
    const lacking = slot.of - slot.different;
    return lacking <= 0 ? null : `${slot.pattern}: ${numbers(slot.missing(first, first + slot.of - 1, MOST_NAMED), lacking)} of ${slot.of}`;
  }
  if (slot.greatest < 0) return null;
  const lacking = slot.greatest - Math.min(from, slot.least) + 1 - slot.different;
  return lacking <= 0 ? null : `${slot.pattern}: ${numbers(slot.missing(Math.min(from, slot.least), slot.greatest, MOST_NAMED), lacking)}`;
}

/** In the order of their names, so that rows in another order give the same words. */
const slotsOf = (found: Found): Slot[] => [...found.slots.values()].sort((a, b) => (a.pattern < b.pattern ? -1 : 1));
const slotLike = (found: Found, pattern: RegExp): Slot[] => slotsOf(found).filter((slot) => pattern.test(slot.pattern));
const WEIGHTS = /(?:^|\/)(?:model|pytorch_model|adapter_model|diffusion_pytorch_model|tf_model|flax_model)[-.]#[^/]*$/;
const DISTCP = /__#_#\.distcp$/;
const ZERO = /zero_pp_rank_#_mp_rank_#_(?:optim|model)_states\.pt$/;
const MODEL_STATES = /(?:^|\/)mp_rank_#(?:_model_states)?\.pt$|(?:^|\/)layer_#-model_#-model_states\.pt$/;
const MP_FOLDER = /(?:^|\/)mp_rank_#(?:_#)?\//;
const RANK = /rank_?#/;

/** Shards that are numbered must be there without gaps: what every family shares. Ranks count from 0. */
function gapsOf(slots: readonly Slot[], from = 0): string[] {
  return slots.map((slot) => lackOf(slot, from)).filter((lack) => lack !== null);
}

/** Ranks times partitions: every pair has its file (s3-domain 6, DeepSpeed). */
function pairsOf(slot: Slot): string[] {
  const pairs = (slot.greatest + 1) * (slot.greatestSecond + 1);
  return slot.count < pairs ? [`${slot.pattern}: ${pairs - slot.count} of ${pairs}`] : [];
}

type Judge = (found: Found) => Judgement;

const distributed: Judge = (found) => {
  const shards = slotLike(found, DISTCP);
  const missing = gapsOf(shards);
  if (!found.signs.has('.metadata') && !found.signs.has('metadata.json')) missing.push('.metadata, which is written last');
  if (shards.length === 0) missing.push('every shard');
  return missing.length > 0 ? open(...missing) : whole;
};

const deepspeed: Judge = (found) => {
  const zero = slotLike(found, ZERO);
  const missing = [...zero.flatMap(pairsOf), ...gapsOf([...zero, ...slotLike(found, MODEL_STATES)])];
  if (missing.length > 0) return open(...missing);
  return zero.length > 0 || slotLike(found, MODEL_STATES).length > 0 ? whole : open();
};

const huggingface: Judge = (found) => {
  const weights = slotLike(found, WEIGHTS).filter((slot) => slot.of > 0);
  // The hub's shards count from 1.
  const missing = gapsOf(weights, 1);
  const { signs } = found;
  const isSharded = signs.has('model.safetensors.index.json') || signs.has('pytorch_model.bin.index.json');
  if (isSharded && weights.length === 0) missing.push('the shards that its index names');
  missing.push(...gapsOf(slotLike(found, /(?:^|\/)rng_state_#\.pth$/)));
  const inner = slotLike(found, ZERO).length > 0 ? deepspeed(found) : slotLike(found, DISTCP).length > 0 ? distributed(found) : null;
  if (inner) missing.push(...inner.missing);
  if (missing.length > 0) return open(...missing);
  const hasWeights =
    weights.length > 0 ||
    inner?.state === 'complete' ||
    signs.has('model.safetensors') ||
    signs.has('pytorch_model.bin') ||
    signs.has('adapter_model.safetensors') ||
    signs.has('adapter_model.bin') ||
    signs.has('pytorch_lora_weights.safetensors') ||
    slotLike(found, WEIGHTS).length > 0;
  return hasWeights ? whole : open('its weights');
};

const megatron: Judge = (found) => {
  if (slotLike(found, DISTCP).length > 0) return distributed(found);
  const ranks = slotLike(found, MP_FOLDER);
  if (ranks.length === 0) return open();
  const missing = gapsOf(ranks);
  return missing.length > 0 ? open(...missing) : whole;
};

const orbax: Judge = (found) => {
  if (found.signs.has('_CHECKPOINT_METADATA') || found.signs.has('commit_success.txt')) return whole;
  return open();
};

const tensorflow: Judge = (found) => {
  const data = slotsOf(found).filter((slot) => slot.of > 0);
  const missing = gapsOf(data);
  if (!found.hasIndex) missing.push('its .index');
  if (data.length === 0) missing.push('its data');
  return missing.length > 0 ? open(...missing) : whole;
};

const savedModel: Judge = (found) => {
  const variables = slotsOf(found).filter((slot) => slot.of > 0);
  const missing = gapsOf(variables);
  if (!found.signs.has('saved_model.pb') && !found.signs.has('saved_model.pbtxt')) missing.push('saved_model.pb');
  if (variables.length > 0 && !found.signs.has('variables.index')) missing.push('variables.index');
  return missing.length > 0 ? open(...missing) : whole;
};

/** Several files alike, one for each rank; a single file is whole. */
const ranked: Judge = (found) => {
  if (slotLike(found, DISTCP).length > 0) return distributed(found);
  const missing = gapsOf(slotLike(found, RANK));
  return missing.length > 0 ? open(...missing) : whole;
};

const sharded: Judge = (found) => {
  const missing = gapsOf(slotsOf(found).filter((slot) => slot.of > 0));
  return missing.length > 0 ? open(...missing) : whole;
};

/** What is known of a set of shards: declared numbers, and runs without gaps where a reader expands them. */
const dataset: Judge = (found) => {
  const missing = gapsOf(slotsOf(found).filter((slot) => slot.of > 0 || (slot.count > 1 && /\.tar|\.mds/.test(slot.pattern))));
  return missing.length > 0 ? open(...missing) : whole;
};

const never: Judge = () => open('it was never finished');

const JUDGES: Readonly<Record<string, Judge>> = {
  deepspeed,
  hf_checkpoint: huggingface,
  accelerate: huggingface,
  megatron,
  megatron_release: megatron,
  nemo_lightning_dist: (found) => (slotLike(found, DISTCP).length > 0 ? distributed(found) : open()),
  torch_dcp: distributed,
  torch_dcp_metadata: distributed,
  lightning_ckpt: (found) =>
    found.files === 1 && slotLike(found, DISTCP).length === 0
      ? whole
      : slotLike(found, DISTCP).length > 0
        ? distributed(found)
        : slotLike(found, ZERO).length > 0
          ? deepspeed(found)
          : open(),
  composer: ranked,
  // A Ray checkpoint holds whatever its trainer writes: only its siblings can tell.
  ray: () => open(),
  fairseq: ranked,
  keras_tf: tensorflow,
  keras_weights: tensorflow,
  orbax,
  orbax_tmp: never,
  hf_tmp_checkpoint: never,
  savedmodel: savedModel,
  hf_weights: sharded,
  flax_legacy: () => whole,
  detectron2: () => whole,
  mmengine: () => whole,
  ultralytics: () => whole,
  named_checkpoint: () => whole,
};

/** Judges a unit by its own files. What only its siblings can tell is told later. */
export function judge(ruleId: string, kind: string, found: Found): Judgement {
  if (found.files === 0) return { state: 'gone', missing: [] };
  const own = JUDGES[ruleId];
  if (own) return own(found);
  if (kind === 'dataset') return dataset(found);
  if (kind === 'checkpoint' && found.files > 1) return open();
  return whole;
}
