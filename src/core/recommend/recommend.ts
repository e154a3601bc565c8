import { appError } from '../../contract/errors.ts';
import type { Rule } from '../../contract/lifecycle.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { HeldBack, Recommendation } from '../../contract/simulation.ts';
import { KINDS, type Kind, OWNED_RULE_PREFIX } from '../../contract/vocabulary.ts';
import type { Cube } from '../cube/cube.ts';
import { ruleId } from '../policy/rule-id.ts';
import { utf8Length } from '../policy/validate/filter.ts';
import { ruleInWords } from '../policy/words.ts';
import { formatBytes, formatCount } from '../report/format.ts';
import { type Gap, place } from './place.ts';
import { bitOf, type Contents, contentsOf, type Extent, noncurrentBit, type Presence, presenceOf, withoutCrumbs } from './presence.ts';
import { type Intent, PRESETS } from './presets.ts';

/** Rules a preset spends on one intent: a bucket holds 1,000 in all (s3-domain 4.4). */
const MAX_RULES_PER_INTENT = 100;
const MAX_KEY_BYTES = 1024;
const NOTHING: Readonly<Extent> = { versions: 0, bytes: 0 };

const KIND_WORDS: Readonly<Record<Kind, string>> = {
  dataset: 'dataset',
  dataset_live_table: 'live table',
  dataset_store: 'dataset store',
  checkpoint: 'checkpoint',
  checkpoint_incomplete: 'incomplete checkpoint',
  experiment: 'experiment',
  log: 'log',
  model: 'model',
  feature: 'feature',
  system: 'system',
  other: 'unclassified',
  temporary: 'temporary',
};

type RuleLine = Recommendation['rules'][number];
export interface Proposal {
  readonly rule: Rule;
  readonly line: RuleLine;
  readonly directory: number;
}

function versionsInWords(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'version' : 'versions'}`;
}

/** "4 checkpoint and 2 model versions": what keeps a place from being taken. */
function blockersInWords(contents: Contents, intent: Intent): string {
  const parts: string[] = [];
  for (const kind of KINDS) {
    const all = contents.byKind.get(kind) ?? NOTHING;
    const old = contents.noncurrent.get(kind) ?? NOTHING;
    if ((intent.blockers & bitOf(kind)) !== 0 && all.versions > 0) parts.push(`${formatCount(all.versions)} ${KIND_WORDS[kind]}`);
    else if ((intent.blockers & noncurrentBit(kind)) !== 0 && old.versions > 0)
      parts.push(`${formatCount(old.versions)} noncurrent ${KIND_WORDS[kind]}`);
  }
  const last = parts.pop();
  return last === undefined ? '' : parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

function targetExtent(contents: Contents, intent: Intent): Extent {
  const sum = { versions: 0, bytes: 0 };
  for (const [kind, extent] of contents.byKind) {
    if ((intent.target & bitOf(kind)) === 0) continue;
    sum.versions += extent.versions;
    sum.bytes += extent.bytes;
  }
  return sum;
}

/** What only a whole-bucket rule could reach, or what shares its place with something the rule must not hit. */
function reasonOf(cube: Cube, gap: Gap, intent: Intent): string {
  const around = contentsOf(cube, gap.directory, false);
  const blockers = blockersInWords(around, intent);
  if (blockers === '') return 'only a rule over the whole bucket would reach them, and this preset writes none for this category';
  const isUnit = cube.tree.isUnitRoot[gap.directory] === 1;
  const beside = gap.directOnly
    ? 'lie directly in a prefix that also holds'
    : isUnit
      ? 'are part of one unit that also holds'
      : 'lie in a prefix that also holds';
  return `${beside} ${blockers} versions; ${intent.harm}`;
}

function heldBack(cube: Cube, gap: Gap, intent: Intent, reason = reasonOf(cube, gap, intent)): HeldBack {
  const extent = targetExtent(contentsOf(cube, gap.directory, gap.directOnly), intent);
  return { prefix: cube.tree.path(gap.directory), category: intent.category, ...extent, reason };
}

function proposal(cube: Cube, name: string, intent: Intent, directory: number): Proposal {
  const prefix = cube.tree.path(directory);
  const contents = contentsOf(cube, directory, false);
  const base = `${OWNED_RULE_PREFIX}${name}/${intent.category}`;
  const rule: Rule = {
    ID: ruleId(base, prefix === '' ? 'whole bucket' : prefix.slice(0, -1)),
    Status: 'Enabled',
    Filter: { Prefix: prefix },
    ...intent.actions,
  };
  const alsoTouches = [...contents.byCategory]
    .filter(([category]) => category !== intent.category)
    .map(([category, extent]) => ({ category, ...extent }))
    .sort((a, b) => b.bytes - a.bytes);
  const own = contents.byCategory.get(intent.category) ?? NOTHING;
  const words = `${ruleInWords(rule)}${noncurrentWords(cube, contents, intent)}`;
  return { rule, directory, line: { ruleId: rule.ID ?? '', prefix, category: intent.category, words, ...own, alsoTouches } };
}

/** A rule for noncurrent versions says how many there are to act on today. */
function noncurrentWords(cube: Cube, contents: Contents, intent: Intent): string {
  if (intent.actions.NoncurrentVersionExpiration === undefined) return '';
  if (!cube.allVersions) return '; the snapshot lists current versions only, so what this would save is not known';
  let versions = 0;
  let bytes = 0;
  for (const extent of contents.noncurrent.values()) {
    versions += extent.versions;
    bytes += extent.bytes;
  }
  return versions === 0
    ? '; there are no noncurrent versions there, so it would save nothing today'
    : `; there ${versions === 1 ? 'is' : 'are'} ${formatCount(versions)} noncurrent ${versions === 1 ? 'version' : 'versions'} (${formatBytes(bytes)}) there today`;
}

function forIntent(
  cube: Cube,
  presence: Presence,
  name: string,
  intent: Intent,
): { readonly proposals: Proposal[]; readonly held: HeldBack[] } {
  const seen = intent.soft === undefined ? presence : withoutCrumbs(cube, presence, intent.target, intent.soft);
  const { taken, gaps } = place(cube, seen, intent);
  const held = gaps.map((gap) => heldBack(cube, gap, intent));
  const fitting: Proposal[] = [];
  for (const directory of taken) {
    if (utf8Length(cube.tree.path(directory)) <= MAX_KEY_BYTES) fitting.push(proposal(cube, name, intent, directory));
    else held.push(heldBack(cube, { directory, directOnly: false }, intent, 'the prefix is longer than a lifecycle filter can hold'));
  }
  if (fitting.length <= MAX_RULES_PER_INTENT) return { proposals: fitting, held };
  const bySize = [...fitting].sort((a, b) => b.line.bytes - a.line.bytes || a.directory - b.directory);
  const left = bySize.slice(MAX_RULES_PER_INTENT).sort((a, b) => a.directory - b.directory);
  const reason = `the preset writes at most ${MAX_RULES_PER_INTENT} rules for a category, for the prefixes with the most bytes`;
  for (const { directory } of left) held.push(heldBack(cube, { directory, directOnly: false }, intent, reason));
  return { proposals: bySize.slice(0, MAX_RULES_PER_INTENT).sort((a, b) => a.directory - b.directory), held };
}

export function warningsFor(cube: Cube, proposals: readonly Proposal[]): string[] {
  const warnings: string[] = [];
  const liveTables = contentsOf(cube, 0, false).byKind.get('dataset_live_table');
  if (liveTables !== undefined) {
    warnings.push(
      `${versionsInWords(liveTables.versions)} (${formatBytes(liveTables.bytes)}) belong to live tables; the age of a file says nothing there, so no rule is proposed for them.`,
    );
  }
  if (!cube.allVersions) warnings.push('The snapshot lists current versions only; noncurrent versions are in none of these figures.');
  if (proposals.length === 0) warnings.push('Nothing was found that this preset has a rule for.');
  return warnings;
}

/** The rules of each intent and what it has to leave alone, in the order of the intents. `name` is part of the rules' IDs. */
export function placeIntents(
  cube: Cube,
  name: string,
  intents: readonly Intent[],
): { readonly proposals: readonly Proposal[]; readonly held: readonly HeldBack[] }[] {
  const presence = presenceOf(cube);
  return intents.map((intent) => forIntent(cube, presence, name, intent));
}

/**
 * The policy of a preset for one snapshot: rules for prefixes that hold nothing the rule must not hit, and everything
 * held back with its reason. Fails with Usage when there is no such preset.
 */
export function recommend(cube: Cube, presetId: string): Result<Recommendation> {
  const preset = PRESETS.find(({ id }) => id === presetId);
  if (preset === undefined) {
    const known = PRESETS.map(({ id }) => id).join(', ');
    return err(appError('Usage', `There is no preset "${presetId}".`, { field: 'preset', next: `Presets: ${known}.` }));
  }
  const parts = placeIntents(cube, preset.id, preset.intents);
  const proposals = parts.flatMap((part) => part.proposals);
  return ok({
    preset: preset.id,
    policy: { Rules: proposals.map(({ rule }) => rule) },
    rules: proposals.map(({ line }) => line),
    heldBack: parts.flatMap((part) => part.held),
    warnings: warningsFor(cube, proposals),
  });
}
