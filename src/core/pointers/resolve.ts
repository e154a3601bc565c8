import type { PointerFacts } from './pointer-file.ts';

/** A checkpoint that can be pointed at. */
export interface Target {
  readonly unit: number;
  /** A directory (ends in "/") or a key's beginning. */
  readonly path: string;
  readonly name: string;
  readonly run: string;
  readonly step: number | null;
}

/** Finds the checkpoints that what was written on some training machine means in this bucket. */
export class Targets {
  private readonly byRun = new Map<string, Target[]>();
  private readonly byPath = new Map<string, Target>();
  /** By path, so that those below a folder follow each other. */
  private readonly sorted: readonly Target[];

  constructor(targets: Iterable<Target>) {
    this.sorted = [...targets].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    for (const target of this.sorted) {
      this.byPath.set(target.path, target);
      const own = this.byRun.get(target.run);
      if (own) own.push(target);
      else this.byRun.set(target.run, [target]);
    }
  }

  /**
   * What a pointer file in `folder`, of the run `run`, names: a step, a name beside it, or a path of the machine it was written on,
   * of which only the end has to be the same here. Empty where nothing fits.
   */
  find(said: string, folder: string, run: string): Target[] {
    const text = said.trim().replace(/\/+$/, '');
    const siblings = this.byRun.get(run) ?? [];
    if (text === 'release') return siblings.filter(({ name }) => name === 'release');
    if (/^\d{1,15}$/.test(text)) return siblings.filter(({ step }) => step === Number(text));
    const last = text.slice(text.lastIndexOf('/') + 1);
    const beside = this.byPath.get(`${folder}${last}/`) ?? this.byPath.get(`${folder}${last}`);
    if (beside) return [beside];
    const named = siblings.filter(({ path, name }) => name === last || path.endsWith(`/${last}/`) || startsName(last, path));
    return named.length > 0 ? named : this.atUri(text);
  }

  /** What an address or path names anywhere in the bucket: the innermost that holds it, and all that lie below it. */
  atUri(uri: string, bucket?: string): Target[] {
    const key = keyOf(uri, bucket)?.replace(/\/+$/, '') ?? '';
    if (key === '') return [];
    const found: Target[] = [];
    for (let end = key.length; end > 0 && found.length === 0; end = key.lastIndexOf('/', end - 1)) {
      const whole = key.slice(0, end);
      const target = this.byPath.get(`${whole}/`) ?? this.byPath.get(whole);
      if (target) found.push(target);
    }
    const folder = `${key}/`;
    for (let at = this.firstFrom(folder); at < this.sorted.length; at++) {
      const target = this.sorted[at] as Target;
      if (!target.path.startsWith(folder)) break;
      if (!found.includes(target)) found.push(target);
    }
    return found;
  }

  private firstFrom(path: string): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle] as Target).path < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  atStep(run: string, step: number): Target[] {
    return (this.byRun.get(run) ?? []).filter((target) => target.step === step);
  }
}

/** "ep0-ba2000-rank0.pt" is a file of the checkpoint whose keys begin with "…/ep0-ba2000". */
function startsName(file: string, path: string): boolean {
  const stem = path.slice(path.lastIndexOf('/') + 1);
  return stem !== '' && file.startsWith(stem) && /^(?:[^A-Za-z0-9]|$)/.test(file.slice(stem.length));
}

/** The key of an s3 address of the bucket, or a path as it is; null for another bucket or another kind of address. */
export function keyOf(uri: string, bucket?: string): string | null {
  const address = /^s3[an]?:\/\/([^/]+)\/?(.*)$/s.exec(uri);
  if (address) return bucket === undefined || address[1] === bucket ? (address[2] ?? '') : null;
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri)) return null;
  return uri.replace(/^\/+/, '');
}

/** What a read pointer file makes of checkpoints: by unit, why, and where it is said. */
export interface Pointed {
  readonly tracked: readonly { readonly unit: number; readonly source: string }[];
  readonly best: readonly { readonly unit: number; readonly source: string }[];
  readonly metrics: readonly { readonly unit: number; readonly name: string; readonly value: number }[];
  /** What it names that is not here. */
  readonly dangling: readonly string[];
}

export function resolvePointer(facts: PointerFacts, key: string, run: string, targets: Targets): Pointed {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const dangling: string[] = [];
  const find = (said: readonly string[], verb: string) =>
    said.flatMap((text) => {
      const found = targets.find(text, folder, run);
      if (found.length === 0) dangling.push(text);
      return found.map(({ unit }) => ({ unit, source: `${key} ${verb} "${text}"` }));
    });
  return {
    tracked: find(facts.tracked, 'names'),
    best: find(facts.best, 'calls best'),
    metrics: facts.metrics.flatMap(({ step, name, value }) => targets.atStep(run, step).map(({ unit }) => ({ unit, name, value }))),
    dangling,
  };
}
