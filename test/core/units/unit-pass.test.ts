import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Found, judge, SIGNS, type Sign } from '../../../src/core/units/completeness.ts';
import { Slot } from '../../../src/core/units/slots.ts';
import type { Unit } from '../../../src/core/units/unit-builder.ts';
import { unitsSlowly } from '../../oracle/slow-units.ts';
import { CLASSIFIER } from '../../support/classify-keys.ts';
import { hardKey, withOtherDigits } from '../../support/hard-keys.ts';
import { type UnitKey, unitsOfKeys } from '../../support/unit-keys.ts';

const deep = process.env.ISOTHERM_DEEP === '1';

/** Units as sets of rows: what they are called does not matter. */
function partition(units: readonly (string | null)[]): string {
  const first = new Map<string, number>();
  for (const [at, unit] of units.entries()) if (unit !== null && !first.has(unit)) first.set(unit, at);
  return units.map((unit) => (unit === null ? '-' : first.get(unit))).join(' ');
}

test('keys lie together in units exactly as they do one key at a time', () => {
  fc.assert(
    fc.property(fc.uniqueArray(hardKey, { minLength: 1, maxLength: 40 }), (keys) => {
      const fast = unitsOfKeys(keys).of.map((unit) => (unit ? String(unit.unit) : null));
      expect(partition(fast)).toBe(partition(unitsSlowly(CLASSIFIER, keys)));
    }),
    { seed: 3, numRuns: deep ? 20_000 : 400 },
  );
});

test('so do keys of many directories that differ in digits alone', () => {
  const changes = fc.array(fc.nat(65_535), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.uniqueArray(hardKey, { minLength: 1, maxLength: 14 }), changes, (some, numbers) => {
      const keys = withOtherDigits(some, numbers);
      const fast = unitsOfKeys(keys).of.map((unit) => (unit ? String(unit.unit) : null));
      expect(partition(fast)).toBe(partition(unitsSlowly(CLASSIFIER, keys)));
    }),
    { seed: 23, numRuns: deep ? 20_000 : 300 },
  );
});

/** What the names of a unit's current files say, read one key at a time. */
function foundSlowly(unit: Unit, keys: readonly { key: string; sizeBytes: number }[]): Found {
  const behind = [...(CLASSIFIER.digitsMatterBehind ?? [])].flatMap((isOne, code) => (isOne ? [String.fromCharCode(code)] : [])).join('');
  const number = new RegExp(`(?<![${behind}\\d])\\d+`, 'g');
  const folderPath = unit.stem === '' || unit.stem.startsWith('#') ? unit.path : unit.path.slice(0, unit.path.length - unit.stem.length);
  const slots = new Map<string, Slot>();
  const signs = new Set<Sign>();
  let hasIndex = false;
  for (const { key, sizeBytes } of keys) {
    const below = key.slice(folderPath.length);
    const folder = below.slice(0, below.lastIndexOf('/') + 1);
    const rest = below.slice(folder.length + (unit.stem.startsWith('#') ? 0 : unit.stem.length));
    if ((SIGNS as readonly string[]).includes(rest)) signs.add(rest as Sign);
    if (rest.endsWith('.index')) hasIndex = true;
    const pattern = (folder + rest).replace(number, '#');
    if (!pattern.includes('#')) continue;
    if (!slots.has(pattern)) slots.set(pattern, new Slot(pattern));
    const numbers = [...rest.matchAll(number)].map(({ 0: digits }) => Number(digits));
    const of = /(\d+)-of-(\d+)/.exec(rest);
    const ranks = /(?:^|\/)mp_rank_(\d{2,3})(?:_(\d{3}))?\/$/.exec(folder);
    if (of) slots.get(pattern)?.add(Number(of[1]), -1, Number(of[2]), sizeBytes);
    else if (ranks) slots.get(pattern)?.add(Number(ranks[1]), Number(ranks[2] ?? -1), 0, sizeBytes);
    else slots.get(pattern)?.add(numbers[0] ?? -1, numbers[1] ?? -1, 0, sizeBytes);
  }
  return { files: keys.length, signs, slots, hasIndex };
}

/** A checkpoint as a framework writes it, with files left out, doubled, emptied or hidden. */
const checkpointRows = fc
  .tuple(
    fc.constantFrom<readonly string[]>(
      [
        'r/checkpoint-5/',
        'model-0000#-of-00004.safetensors',
        'rng_state_#.pth',
        'model.safetensors.index.json',
        'trainer_state.json',
        'optimizer.pt',
        'config.json',
      ],
      [
        'r/checkpoint-5/',
        'global_step5/bf16_zero_pp_rank_#_mp_rank_00_optim_states.pt',
        'global_step5/mp_rank_0#_model_states.pt',
        'latest',
      ],
      [
        'r/checkpoint-5/',
        'pytorch_model_fsdp_0/__#_0.distcp',
        'optimizer_0/__#_0.distcp',
        'pytorch_model_fsdp_0/.metadata',
        'optimizer_0/.metadata',
      ],
      ['m/iter_0000010/', 'mp_rank_0#/model_optim_rng.pt', 'mp_rank_0#_000/distrib_optim.pt'],
      ['f/step_20/', '__#_0.distcp', '__0_#.distcp', '.metadata', 'extra_#.pt', 'a#b#.pt'],
      ['t/ckpt-7', '.index', '.data-0000#-of-00003', '.meta'],
      ['c/ep0-ba10', '-rank#.pt'],
      ['s/m/1/', 'saved_model.pb', 'variables/variables.index', 'variables/variables.data-0000#-of-00002', 'assets/v#.txt'],
      ['d/set/v1/', 'train-00000#.tar', 'val-00000#.tar', 'x.tfrecord-0000#-of-00003'],
    ),
    fc.array(fc.record({ name: fc.nat(9), number: fc.nat(5), sizeBytes: fc.nat(3), hidden: fc.nat(9) }), { minLength: 1, maxLength: 30 }),
  )
  .map(([[root, ...names], picks]) =>
    picks.map(({ name, number, sizeBytes, hidden }): UnitKey & { readonly sizeBytes: number } => ({
      key: root + (names[name % names.length] as string).replaceAll('#', String(number)),
      sizeBytes,
      state: hidden === 0 ? 'noncurrent' : 'current',
    })),
  );

test('units are judged by their names as when every name is read by itself', () => {
  fc.assert(
    fc.property(fc.array(checkpointRows, { minLength: 1, maxLength: 3 }), (parts) => {
      const rows = [...new Map(parts.flat().map((row) => [`${row.key} ${row.state}`, row])).values()];
      const made = unitsOfKeys(rows);
      for (const unit of made.units) {
        const current = rows.filter((row, at) => made.of[at]?.unit === unit.unit && row.state === 'current');
        const slow = judge(unit.ruleId, unit.kind, foundSlowly(unit, current));
        // A sibling may make a unit whole, or doubt it; its own lack stays.
        if (unit.judgement.state === 'incomplete' || slow.state === 'incomplete') expect(unit.judgement).toEqual(slow);
        if (slow.state === 'gone') expect(unit.judgement.state).toBe('gone');
      }
    }),
    { seed: 17, numRuns: deep ? 20_000 : 1000 },
  );
});

test('what a unit holds is the sum of its rows, in whatever order they come', () => {
  const state = fc.constantFrom('current', 'noncurrent', 'marker', 'old marker');
  const row = fc.record({ key: hardKey, sizeBytes: fc.nat(1000), lastModifiedMs: fc.nat(10_000), state });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), fc.infiniteStream(fc.nat(1000)), (rows, order) => {
      const made = unitsOfKeys(rows as UnitKey[]);
      for (const unit of made.units) {
        const own = rows.filter((_, at) => made.of[at]?.unit === unit.unit);
        const live = own.filter(({ state: one }) => one === 'current');
        const versions = own.filter(({ state: one }) => one === 'current' || one === 'noncurrent');
        const sum = (list: readonly { sizeBytes: number }[]) => list.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
        expect(unit).toMatchObject({
          files: live.length,
          versions: versions.length,
          bytes: sum(versions),
          currentBytes: sum(live),
          deleteMarkers: own.length - versions.length,
        });
        const times = (live.length > 0 ? live : versions).map(({ lastModifiedMs }) => lastModifiedMs);
        expect(unit.lastWriteMs).toBe(times.length > 0 ? Math.max(...times) : Number.NaN);
      }
      const shuffled = rows.map((one) => ({ one, at: order.next().value as number })).sort((a, b) => a.at - b.at);
      const again = unitsOfKeys(shuffled.map(({ one }) => one) as UnitKey[]);
      const facts = ({ units }: typeof made) =>
        units.map(({ path, kind, bytes, files, judgement, step }) => JSON.stringify([path, kind, bytes, files, judgement, step])).sort();
      expect(facts(again)).toEqual(facts(made));
    }),
    { seed: 5, numRuns: deep ? 5000 : 200 },
  );
});
