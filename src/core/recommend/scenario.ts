import type { Rule } from '../../contract/lifecycle.ts';
import type { Compiled, ScenarioIntent } from '../../contract/scenario.ts';
import { CATEGORIES, CATEGORY_OF_KIND, type Category, KINDS, type Kind, OWNED_RULE_PREFIX } from '../../contract/vocabulary.ts';
import type { Cube } from '../cube/cube.ts';
import { ruleId } from '../policy/rule-id.ts';
import { ruleInWords } from '../policy/words.ts';
import { bitOf, bitsOf, contentsOf, noncurrentBit } from './presence.ts';
import type { Intent } from './presets.ts';
import { type Proposal, placeIntents, warningsFor } from './recommend.ts';

/** Never judged by age: what a table or a store keeps belongs together whatever its files' ages (s3-domain 6). */
const LIVE: readonly Kind[] = ['dataset_live_table', 'dataset_store'];
/** What may move or go along with anything: nothing rests on it. */
const INDIFFERENT_TO_MOVES: readonly Kind[] = ['other', 'log', 'system', 'temporary'];
/** What may go along as crumbs where reads stay instant: bulk that is written once and read seldom. */
const SOFT_WHERE_INSTANT: readonly Kind[] = ['dataset', 'checkpoint', 'checkpoint_incomplete', 'experiment'];
const INSTANT: readonly string[] = ['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'INTELLIGENT_TIERING'];
const INDIFFERENT_TO_EXPIRY: readonly Kind[] = ['system', 'temporary'];

/** Intents carried out by the same rules: what is wanted of current versions, or of those replaced, of one target below one prefix. */
interface Group {
  readonly key: string;
  readonly target: ScenarioIntent['target'];
  readonly prefix: string;
  readonly isNoncurrent: boolean;
  readonly intents: readonly ScenarioIntent[];
}

/** The rules a scenario would write for a snapshot. Pure: the same intents and cube give the same rules. */
export function compileScenario(cube: Cube, name: string, intents: readonly ScenarioIntent[]): Compiled {
  const groups = groupsOf(intents.filter(({ act }) => act !== 'abortUploads' && act !== 'removeExpiredMarkers'));
  const placed = placeIntents(
    cube,
    name,
    groups.map((group) => intentOf(group)),
  );
  const rules: { rule: Rule; line: Compiled['rules'][number] }[] = [];
  const heldBack: Compiled['heldBack'] = [];
  const proposals: Proposal[] = [];
  groups.forEach((group, at) => {
    const part = placed[at];
    if (part === undefined) return;
    const isMeant = ({ prefix }: { readonly prefix: string }): boolean =>
      prefix.startsWith(group.prefix) || group.prefix.startsWith(prefix);
    for (const proposal of part.proposals) {
      const line = within(cube, group, proposal, name);
      if (line === undefined) continue;
      proposals.push(proposal);
      rules.push(line);
    }
    heldBack.push(...part.held.filter(isMeant));
  });
  const whole = wholeBucketRule(name, intents);
  if (whole !== undefined) rules.push(whole);
  return {
    policy: { Rules: rules.map(({ rule }) => rule) },
    rules: rules.map(({ line }) => line),
    heldBack,
    warnings: warningsFor(cube, proposals).filter((warning) => intents.length > 0 || !warning.startsWith('Nothing')),
  };
}

function groupsOf(intents: readonly ScenarioIntent[]): Group[] {
  const groups = new Map<string, { -readonly [K in keyof Group]: Group[K] }>();
  for (const intent of intents) {
    const isNoncurrent = intent.act === 'expireNoncurrent';
    const key = `${intent.target} ${isNoncurrent} ${intent.prefix}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { key, target: intent.target, prefix: intent.prefix, isNoncurrent, intents: [intent] });
    else known.intents = [...known.intents, intent];
  }
  return [...groups.values()];
}

/** What the placement needs to know of a group: which kinds it is for and which must not be hit. */
function intentOf(group: Group): Intent {
  const { target, isNoncurrent } = group;
  const expires = group.intents.some(({ act }) => act === 'expire');
  const own = KINDS.filter((kind) => !LIVE.includes(kind) && (target === 'any' ? kind !== 'system' : CATEGORY_OF_KIND[kind] === target));
  const staysInstant = group.intents.every(({ storageClass }) => INSTANT.includes(storageClass ?? ''));
  const indifferent = expires ? INDIFFERENT_TO_EXPIRY : INDIFFERENT_TO_MOVES;
  const soft = staysInstant && !isNoncurrent ? SOFT_WHERE_INSTANT.filter((kind) => !own.includes(kind)) : [];
  const others = KINDS.filter((kind) => !own.includes(kind) && !indifferent.includes(kind));
  const blockers = isNoncurrent
    ? // Only versions that were replaced are at stake; tables and stores count on them whatever else is wanted.
      (target === 'any' ? LIVE : others).reduce((bits, kind) => bits | noncurrentBit(kind), 0) | bitsOf(...LIVE)
    : others.reduce((bits, kind) => bits | bitOf(kind), 0);
  const category: Category = target === 'any' ? 'other' : target;
  return {
    category,
    target: bitsOf(...own),
    blockers,
    ...(soft.length === 0 ? {} : { soft: bitsOf(...soft) }),
    mayCoverBucket: !expires,
    harm: isNoncurrent
      ? 'the rule would remove their noncurrent versions too'
      : expires
        ? 'the rule would expire them too'
        : 'the rule would move them too',
    actions: actionsOf(group.intents),
  };
}

function actionsOf(intents: readonly ScenarioIntent[]): Intent['actions'] {
  const moves = intents
    .filter(({ act, storageClass }) => act === 'move' && storageClass !== undefined)
    .sort((a, b) => a.days - b.days)
    .map(({ days, storageClass }) => ({ Days: days, StorageClass: storageClass ?? '' }));
  const expiry = intents.find(({ act }) => act === 'expire');
  const noncurrent = intents.find(({ act }) => act === 'expireNoncurrent');
  return {
    ...(moves.length === 0 ? {} : { Transitions: moves }),
    ...(expiry === undefined ? {} : { Expiration: { Days: expiry.days } }),
    ...(noncurrent === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrent.days } }),
  };
}

/**
 * A proposal as it is within the group's prefix: as it is where it lies below, narrowed to the prefix where it lies above,
 * undefined where it lies elsewhere.
 */
function within(
  cube: Cube,
  group: Group,
  { rule, line }: Proposal,
  name: string,
): { rule: Rule; line: Compiled['rules'][number] } | undefined {
  const isBelow = line.prefix.startsWith(group.prefix);
  if (!isBelow && !group.prefix.startsWith(line.prefix)) return undefined;
  const prefix = isBelow ? line.prefix : group.prefix;
  const what = group.target === 'any' ? 'replaced' : group.isNoncurrent ? `${group.target}-replaced` : group.target;
  const ID = ruleId(`${OWNED_RULE_PREFIX}${name}/${what}`, prefix === '' ? 'whole bucket' : prefix.replace(/\/$/, ''));
  const own: Rule = { ...rule, ID, Filter: { Prefix: prefix } };
  const extent = isBelow ? line : narrowed(cube, prefix, group);
  return {
    rule: own,
    line: {
      ruleId: ID,
      prefix,
      intentIds: group.intents.map(({ id }) => id),
      words: ruleInWords(own),
      ...(group.isNoncurrent ? replacedIn(cube, prefix) : { versions: extent.versions, bytes: extent.bytes }),
      // What a rule over replaced versions leaves alone it does not touch.
      alsoTouches: group.isNoncurrent ? [] : [...extent.alsoTouches],
    },
  };
}

type Extents = Pick<Compiled['rules'][number], 'versions' | 'bytes' | 'alsoTouches'>;

function narrowed(cube: Cube, prefix: string, group: Group): Extents {
  const directory = cube.tree.find(prefix);
  if (directory < 0) return { versions: 0, bytes: 0, alsoTouches: [] };
  const { byCategory } = contentsOf(cube, directory, false);
  const own = group.target === 'any' ? undefined : byCategory.get(group.target);
  return {
    versions: own?.versions ?? 0,
    bytes: own?.bytes ?? 0,
    alsoTouches: CATEGORIES.flatMap((category) => {
      const extent = category === group.target ? undefined : byCategory.get(category);
      return extent === undefined ? [] : [{ category, ...extent }];
    }),
  };
}

/** The replaced versions below a prefix, whatever they are. */
function replacedIn(cube: Cube, prefix: string): { versions: number; bytes: number } {
  const directory = cube.tree.find(prefix);
  const sum = { versions: 0, bytes: 0 };
  if (directory < 0) return sum;
  for (const extent of contentsOf(cube, directory, false).noncurrent.values()) {
    sum.versions += extent.versions;
    sum.bytes += extent.bytes;
  }
  return sum;
}

/** Incomplete uploads and lone delete markers need no placement: nobody can read either. */
function wholeBucketRule(name: string, intents: readonly ScenarioIntent[]): { rule: Rule; line: Compiled['rules'][number] } | undefined {
  const uploads = intents.find(({ act }) => act === 'abortUploads');
  const markers = intents.find(({ act }) => act === 'removeExpiredMarkers');
  if (uploads === undefined && markers === undefined) return undefined;
  const ID = ruleId(`${OWNED_RULE_PREFIX}${name}/hygiene`, 'whole bucket');
  const rule: Rule = {
    ID,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    ...(markers === undefined ? {} : { Expiration: { ExpiredObjectDeleteMarker: true } }),
    ...(uploads === undefined ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: uploads.days } }),
  };
  return {
    rule,
    line: {
      ruleId: ID,
      prefix: '',
      intentIds: [uploads, markers].flatMap((intent) => (intent === undefined ? [] : [intent.id])),
      words: ruleInWords(rule),
      versions: 0,
      bytes: 0,
      alsoTouches: [],
    },
  };
}

/**
 * The same rules with other days, as long as the intents are otherwise those they were compiled from: where a rule lies does
 * not hang on days. What a slider moves is the policy at once.
 */
export function withDays(compiled: Compiled, intents: readonly ScenarioIntent[]): Compiled['policy'] {
  const byId = new Map(intents.map((intent) => [intent.id, intent]));
  return {
    Rules: compiled.policy.Rules.map((rule, at) => {
      const own = (compiled.rules[at]?.intentIds ?? []).flatMap((id) => byId.get(id) ?? []);
      const hygiene = own.find(({ act }) => act === 'abortUploads');
      if (hygiene !== undefined) return { ...rule, AbortIncompleteMultipartUpload: { DaysAfterInitiation: hygiene.days } };
      return { ...rule, ...actionsOf(own) };
    }),
  };
}
