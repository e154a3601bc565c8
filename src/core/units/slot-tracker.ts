import type { DirectoryClassifier } from '../classify/directory-classifier.ts';
import { SHAPES } from '../classify/name-memo.ts';
import { decodeUtf8 } from '../cube/utf8.ts';
import { type Found, SIGNS, type Sign } from './completeness.ts';
import { Slot } from './slots.ts';

/** Families whose files are looked at by name: the others are judged by nothing, or by one file. */
const FAMILIES = new Set([
  'deepspeed',
  'hf_checkpoint',
  'accelerate',
  'megatron',
  'megatron_release',
  'nemo_lightning_dist',
  'torch_dcp',
  'torch_dcp_metadata',
  'lightning_ckpt',
  'composer',
  'fairseq',
  'keras_tf',
  'keras_weights',
  'orbax',
  'savedmodel',
  'hf_weights',
  'ray',
  'ckpt_generic',
  'webdataset',
  'webdataset_plain',
  'tfrecord',
  'mosaic_mds',
  'hf_datasets',
  'dataset_generic',
]);
/** A unit with more patterns than these has names made by chance, and nothing to count. */
const MOST_SLOTS = 64;
const SIGN_NAMES = new Map<string, Sign>(SIGNS.map((sign) => [sign, sign]));

export const isTracked = (ruleId: string): boolean => FAMILIES.has(ruleId);

/** What the current files of one unit are called. */
export class Tracked implements Found {
  files = 0;
  hasIndex = false;
  readonly signs = new Set<Sign>();
  readonly slots = new Map<string, Slot>();
  /** The same for units with the same files but for their numbers, in whatever order they came. */
  signature = 0;
  /** Directories at or after this one are no part of it. */
  readonly end: number;
  constructor(end: number) {
    this.end = end;
  }
}

interface Form {
  unit: Tracked | null;
  slot: Slot | null;
  sign: Sign | null;
  isIndex: boolean;
  hash: number;
  /** Where the numbers lie in the name: offset and length; -1 where they are in the folder or there are none. */
  firstAt: number;
  firstLength: number;
  secondAt: number;
  secondLength: number;
  ofAt: number;
  ofLength: number;
  folderFirst: number;
  folderSecond: number;
}

/** Notes the names of current files as they pass, form by form, so that most names are only looked at for their numbers. */
export class SlotTracker {
  private readonly classifier: DirectoryClassifier;
  private readonly forms: Form[] = Array.from({ length: SHAPES }, emptyForm);
  /** Numbers but for those that are part of a word, as in "bf16" or "h5". */
  private readonly numbers: RegExp;

  constructor(classifier: DirectoryClassifier) {
    this.classifier = classifier;
    const letters = [...(classifier.classifier.digitsMatterBehind ?? [])].flatMap((isOne, code) =>
      isOne ? [String.fromCharCode(code)] : [],
    );
    this.numbers = new RegExp(`(?<![${letters.join('')}\\d])\\d+`, 'g');
  }

  /** Forget the forms of the directory before. */
  enter(): void {
    for (const form of this.forms) form.unit = null;
  }

  /** To be called for every key after the classifier has seen it: a form that took the place of another is learnt anew. */
  follow(): void {
    const { shape, isNewShape } = this.classifier;
    if (isNewShape && shape >= 0) (this.forms[shape] as Form).unit = null;
  }

  /**
   * Notes one current file. `folder`: its directory's path from the unit's root; `stemLength`: how many bytes of the
   * name are the unit's own. What the name means, where it means something.
   */
  note(unit: Tracked, folder: string, stemLength: number, bytes: Uint8Array, start: number, end: number, sizeBytes: number): Sign | null {
    unit.files += 1;
    const { shape } = this.classifier;
    const form = shape < 0 ? emptyForm() : (this.forms[shape] as Form);
    if (form.unit !== unit) this.learn(form, unit, folder, stemLength, bytes, start, end);
    unit.signature = (unit.signature + form.hash) >>> 0;
    if (form.sign !== null) unit.signs.add(form.sign);
    if (form.isIndex) unit.hasIndex = true;
    if (form.slot === null) return form.sign;
    const first = form.firstAt < 0 ? form.folderFirst : numberAt(bytes, start + form.firstAt, form.firstLength);
    const second = form.secondAt < 0 ? form.folderSecond : numberAt(bytes, start + form.secondAt, form.secondLength);
    form.slot.add(first, second, form.ofAt < 0 ? 0 : numberAt(bytes, start + form.ofAt, form.ofLength), sizeBytes);
    return form.sign;
  }

  private learn(form: Form, unit: Tracked, folder: string, stemLength: number, bytes: Uint8Array, start: number, end: number): void {
    Object.assign(form, emptyForm());
    form.unit = unit;
    const rest = decodeUtf8(bytes, start + stemLength, end);
    form.isIndex = rest.endsWith('.index');
    form.sign = SIGN_NAMES.get(rest) ?? null;
    const pattern = (folder + rest).replace(this.numbers, '#');
    form.hash = hashOf(pattern);
    if (!pattern.includes('#')) return;
    let slot = unit.slots.get(pattern);
    if (!slot) {
      if (unit.slots.size >= MOST_SLOTS) return;
      slot = new Slot(pattern);
      unit.slots.set(pattern, slot);
    }
    form.slot = slot;
    const runs: (readonly [at: number, length: number])[] = [];
    // Before the first character beyond ASCII, places in the text are places in the bytes.
    for (const { 0: digits, index } of rest.matchAll(this.numbers)) {
      if (isAscii(rest, index)) runs.push([stemLength + index, digits.length]);
    }
    const of = /(\d+)-of-(\d+)/.exec(rest);
    if (of) {
      const at = runs.findIndex(([from]) => from === stemLength + of.index);
      [form.firstAt, form.firstLength] = runs[at] ?? [-1, 0];
      [form.ofAt, form.ofLength] = runs[at + 1] ?? [-1, 0];
      return;
    }
    const ranks = RANK_FOLDER.exec(folder);
    if (ranks) {
      form.folderFirst = Number(ranks[1]);
      form.folderSecond = Number(ranks[2] ?? -1);
      return;
    }
    [form.firstAt, form.firstLength] = runs[0] ?? [-1, 0];
    [form.secondAt, form.secondLength] = runs[1] ?? [-1, 0];
  }
}

/** A folder for each tensor and pipeline rank of Megatron. */
const RANK_FOLDER = /(?:^|\/)mp_rank_(\d{2,3})(?:_(\d{3}))?\/$/;

function isAscii(text: string, end: number): boolean {
  for (let i = 0; i < end; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function emptyForm(): Form {
  return {
    unit: null,
    slot: null,
    sign: null,
    isIndex: false,
    hash: 0,
    firstAt: -1,
    firstLength: 0,
    secondAt: -1,
    secondLength: 0,
    ofAt: -1,
    ofLength: 0,
    folderFirst: -1,
    folderSecond: -1,
  };
}

/** Numbers of more digits than a shard has are too large to be one, whatever they are. */
function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let number = 0;
  for (let i = at; i < at + length && number < 1e9; i++) number = number * 10 + (bytes[i] as number) - 0x30;
  return number;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
