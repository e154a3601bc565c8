import type { LifecycleConfiguration, Rule } from '../../contract/lifecycle.ts';
import type { ProposedAction } from '../../contract/proposals.ts';
import { OWNED_RULE_PREFIX } from '../../contract/vocabulary.ts';
import type { PackedCube } from '../cube/group.ts';
import { ruleId } from '../policy/rule-id.ts';
import { ruleInWords } from '../policy/words.ts';
import { ruleParts } from '../proposals/money.ts';
import type { Sized } from '../proposals/propose.ts';
import { type Covered, coverOf } from './cover.ts';

export interface CompiledTag {
  readonly key: string;
  readonly value: string;
}

/** One action of some proposals, and how S3 is told. */
export interface Plan {
  readonly action: ProposedAction;
  readonly proposals: ReadonlySet<number>;
  /** Directories with a rule of their own. */
  readonly covered: readonly Covered[];
  /** What the other versions are tagged with; null where there are none, or lifecycle cannot go by tags. */
  readonly tag: CompiledTag | null;
  /** Whether the action is for everything there is, whatever comes. */
  readonly isWholeBucket: boolean;
}

export interface CompiledRules {
  readonly plans: readonly Plan[];
  readonly rules: readonly CompiledRule[];
  readonly policy: LifecycleConfiguration;
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly prefix: string | null;
  readonly tag: CompiledTag | null;
  readonly words: string;
  readonly versions: number;
  readonly bytes: number;
}

const TAG_KEY = 'isotherm';
/** What stands for the list of what a person is to review; nothing is tagged with it. */
const LIST: CompiledTag = { key: '', value: 'delete-list' };

/** What versions are tagged with for an action: "expire-30-14", "to-GLACIER_IR-90". */
function tagOf(action: ProposedAction): CompiledTag | null {
  switch (action.do) {
    case 'expire':
      return { key: TAG_KEY, value: ['expire', action.days, ...(action.undoDays === null ? [] : [action.undoDays])].join('-') };
    case 'expireNoncurrent':
      return { key: TAG_KEY, value: `expire-noncurrent-${action.days}` };
    case 'move':
      return { key: TAG_KEY, value: `to-${action.steps.map(({ storageClass, days }) => `${storageClass}-${days}`).join('-')}` };
    default:
      return null;
  }
}

/** The part of a rule's ID that tells its action. */
const nameOf = (action: ProposedAction): string =>
  tagOf(action)?.value ?? (action.do === 'removeMarkers' ? 'lone-markers' : 'open-uploads');

/**
 * The fewest rules for some proposals: one for each largest directory that is wholly meant, up to `prefixRules` with the most bytes, and
 * one by tag for what is left of each action. As a list: no rule at all.
 */
export function compileRules(
  cube: PackedCube,
  owner: Int32Array,
  proposals: readonly Sized[],
  how: { readonly prefixRules: number; readonly asList: boolean },
): CompiledRules {
  const byAction = new Map<string, { action: ProposedAction; own: Sized[] }>();
  for (const proposal of proposals) {
    if (proposal.action.do === 'rewrite') continue;
    const key = JSON.stringify(proposal.action);
    const known = byAction.get(key);
    if (known) known.own.push(proposal);
    else byAction.set(key, { action: proposal.action, own: [proposal] });
  }
  const drafts = [...byAction.values()].map(({ action, own }) => {
    const numbers = new Set(own.map(({ number }) => number));
    const isWholeBucket = !how.asList && (action.do === 'removeMarkers' || action.do === 'abortUploads');
    const covered = isWholeBucket || how.asList ? [] : coverOf(cube, action, (cell) => numbers.has(owner[cell] as number));
    return { action, own, numbers, isWholeBucket, covered };
  });
  const all = drafts.flatMap(({ covered }) => covered).sort((a, b) => b.bytes - a.bytes || a.directory - b.directory);
  const taken = new Set(all.slice(0, how.prefixRules));
  const plans: Plan[] = [];
  const rules: CompiledRule[] = [];
  for (const { action, own, numbers, isWholeBucket, covered } of drafts) {
    const mine = covered.filter((one) => taken.has(one));
    for (const { prefix, versions, bytes } of mine) rules.push(ruleFor(action, { prefix, versions, bytes }, null));
    const sum = own.reduce((total, { versions, bytes }) => ({ versions: total.versions + versions, bytes: total.bytes + bytes }), {
      versions: 0,
      bytes: 0,
    });
    const tag = isWholeBucket || !isLeft(cube, owner, numbers, mine) ? null : how.asList ? LIST : tagOf(action);
    if (isWholeBucket) rules.push(ruleFor(action, { prefix: '', ...sum }, null));
    // How much goes by tag is known once the rows were seen.
    if (tag && !how.asList) rules.push(ruleFor(action, { prefix: null, versions: 0, bytes: 0 }, tag));
    plans.push({ action, proposals: numbers, covered: mine, tag, isWholeBucket });
  }
  return { plans, rules, policy: { Rules: rules.map(({ rule }) => rule) } };
}

/** Whether something meant lies outside of all the directories. */
function isLeft(cube: PackedCube, owner: Int32Array, numbers: ReadonlySet<number>, covered: readonly Covered[]): boolean {
  const isCovered = new Uint8Array(cube.tree.count);
  for (const { directory } of covered) isCovered.fill(1, directory, cube.tree.subtreeEnd[directory] as number);
  for (let cell = 0; cell < cube.cellCount; cell++)
    if (numbers.has(owner[cell] as number) && isCovered[cube.directory[cell] as number] === 0) return true;
  return false;
}

function ruleFor(
  action: ProposedAction,
  extent: { readonly prefix: string | null; readonly versions: number; readonly bytes: number },
  tag: CompiledTag | null,
): CompiledRule {
  const { prefix, versions, bytes } = extent;
  const suffix = tag ? 'by tag' : prefix === '' ? 'whole bucket' : (prefix ?? '').slice(0, -1);
  const rule: Rule = {
    ID: ruleId(`${OWNED_RULE_PREFIX}${nameOf(action)}`, suffix),
    Status: 'Enabled',
    Filter: tag ? { Tag: { Key: tag.key, Value: tag.value } } : { Prefix: prefix ?? '' },
    ...ruleParts(action),
  };
  return { rule, prefix, tag, words: ruleInWords(rule), versions, bytes };
}
