import type { LifecycleConfiguration, Rule } from '../../../contract/lifecycle.ts';
import { DAY_MS } from '../../../contract/units.ts';
import { NOT_LOCKED } from '../../cube/cube.ts';
import type { PriceList } from '../../price/price-book.ts';
import type { Engine, SideName, Unknowns } from '../engine.ts';
import { type Request, runOptions } from '../request.ts';
import type { Side, State, Tally } from '../side.ts';
import { isMonitored, metered } from './bill.ts';
import { KeyStory, type OracleKey, type OracleUpload, type OracleVersion } from './oracle.ts';
import { OracleBooks } from './run.ts';

export interface OracleInput {
  /** Every key of the snapshot with all its versions; gone through once for every run. */
  readonly keys: () => Iterable<OracleKey>;
  readonly uploads: readonly OracleUpload[];
}

const CERTAIN: Unknowns = { tags: 'none', tiers: 'stay' };

/** The slow engine over a whole snapshot. */
export class OracleEngine implements Engine {
  readonly name = 'oracle';
  private readonly input: OracleInput;
  private readonly request: Request;
  readonly unpriced: ReadonlyMap<string, Tally>;
  readonly dependsOn: { readonly tags: boolean; readonly tiers: boolean };

  constructor(input: OracleInput, request: Request) {
    this.input = input;
    this.request = request;
    const unpriced = new Map<string, Tally>();
    let holdsTiered = false;
    for (const key of input.keys()) {
      for (const version of key.versions) {
        if (version.isMarker) continue;
        holdsTiered ||= version.storageClass === 'INTELLIGENT_TIERING';
        const lack = this.lack(key.key, version);
        if (lack === null) continue;
        const tally = unpriced.get(lack) ?? { versions: 0, bytes: 0 };
        unpriced.set(lack, { versions: tally.versions + 1, bytes: tally.bytes + version.sizeBytes });
      }
    }
    this.unpriced = unpriced;
    const rules = [request.baseline, request.plan]
      .flatMap(({ configuration }) => configuration?.Rules ?? [])
      .filter(({ Status }) => Status === 'Enabled');
    const text = JSON.stringify(rules);
    const tagged = rules.filter((rule) => /"Tags?":/.test(JSON.stringify(rule)));
    const asksUnknown = ({ key, versions }: OracleKey): boolean =>
      versions.some(({ isMarker, tags }) => !isMarker && tags === null) && tagged.some((rule) => key.startsWith(prefixOf(rule)));
    this.dependsOn = {
      tags: tagged.length > 0 && [...input.keys()].some(asksUnknown),
      tiers: holdsTiered || text.includes('"INTELLIGENT_TIERING"'),
    };
  }

  /** The class without a price that a version is in, or that a rule of either side could move it to. */
  private lack(key: string, version: OracleVersion): string | null {
    const { list, already, versioning } = this.request;
    if (!isPriced(list, already !== undefined, version.storageClass, version.accessTier, version.sizeBytes)) return version.storageClass;
    for (const side of ['baseline', 'plan'] as const) {
      const story = new KeyStory({ key, versions: [version] }, this.request[side].configuration, runOptions(this.request, side, CERTAIN));
      for (const target of story.targetsOf(version, versioning !== 'unversioned')) {
        const move = list.classes.get(target)?.transitionInNanoUsdPer1000 ?? null;
        if (move === null || !isPriced(list, already !== undefined, target, '', version.sizeBytes)) return target;
      }
    }
    return null;
  }

  /** What inflow brings: what a key holds now and was written in the window, again and again. */
  private *withInflow(): Iterable<OracleKey> {
    const { asOfDay, inflowDays, months } = this.request;
    const end = months.at(-1)?.toDay ?? asOfDay;
    for (const key of this.input.keys()) {
      yield key;
      const now = key.versions.find(({ isLatest, isMarker }) => isLatest && !isMarker);
      const writtenDay = now === undefined ? end : Math.floor(now.lastModifiedMs / DAY_MS);
      if (now === undefined || inflowDays === 0 || writtenDay >= asOfDay || writtenDay < asOfDay - inflowDays) continue;
      for (let later = inflowDays; writtenDay + later < end; later += inflowDays) {
        const lastModifiedMs = now.lastModifiedMs + later * DAY_MS;
        yield { key: key.key, versions: [{ ...now, lastModifiedMs, lockedUntilDay: NOT_LOCKED, isReplicationBlocked: false }] };
      }
    }
  }

  private books(side: SideName, unknowns: Unknowns, leavesOut: boolean): OracleBooks {
    const { months, reported, list, already } = this.request;
    const configuration: LifecycleConfiguration | null = this.request[side].configuration;
    const books = new OracleBooks({ configuration, options: runOptions(this.request, side, unknowns), months, reported, list, already });
    for (const key of this.withInflow()) books.add(key, (version) => leavesOut && this.lack(key.key, version) !== null);
    for (const upload of this.input.uploads) books.addUpload(upload);
    return books;
  }

  run(side: SideName, unknowns: Unknowns): Side {
    return this.books(side, unknowns, true).side();
  }

  state(side: SideName): State {
    return this.books(side, CERTAIN, false).state();
  }
}

const prefixOf = ({ Prefix, Filter }: Rule): string => Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '';

function isPriced(list: PriceList, isBanded: boolean, storageClass: string, tier: string, sizeBytes: number): boolean {
  const isKnown = metered(storageClass, tier, sizeBytes).every(([name, inTier]) => {
    const bands = list.classes.get(name)?.bandsByTier.get(inTier);
    return bands !== undefined && bands.length > 0 && (!isBanded || bands.at(-1)?.upToBytes === null);
  });
  if (!isKnown) return false;
  return !isMonitored(storageClass, sizeBytes) || (list.classes.get(storageClass)?.monitoringNanoUsdPer1000 ?? null) !== null;
}
