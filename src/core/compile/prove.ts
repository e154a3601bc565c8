import type { Compiled } from '../../contract/proposals.ts';
import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import type { BilledClass, DirectoryTree } from '../cube/cube.ts';
import type { RowBlock } from '../cube/row-block.ts';
import { actsOn, type Claims, isDue, NOBODY, ownerOf, type VersionFacts } from '../proposals/own.ts';
import type { Sized } from '../proposals/propose.ts';
import type { CompiledRules, Plan } from './compile.ts';

const MOST_WITNESSES = 20;

/** One version that goes by tag or onto a list for review. */
export interface ListedVersion {
  readonly plan: Plan;
  readonly key: string;
  readonly versionId: string | null;
  readonly sizeBytes: number;
}

type Witness = Compiled['proof']['missed'][number];

/**
 * Holds compiled rules against every row: what S3 would match, by the text of prefixes and by what was tagged, and what was meant, by
 * unit. `onListed` gets every version that has to be tagged. The filters are those of the policy itself, not of the directories they
 * were made from.
 */
export class RowProof {
  rows = 0;
  intended = 0;
  intendedBytes = 0;
  compiled = 0;
  compiledBytes = 0;
  readonly missed: Witness[] = [];
  readonly unwanted: Witness[] = [];
  private readonly tree: DirectoryTree;
  private readonly classes: readonly BilledClass[];
  private readonly tops: Uint32Array;
  private readonly claims: Claims;
  private readonly proposals: readonly Sized[];
  private readonly asOfDay: number;
  private readonly planOf = new Map<number, Plan>();
  /** Prefixes of the policy's rules with the plan whose action they carry out. */
  private readonly prefixes: readonly { readonly prefix: string; readonly plan: Plan }[];
  private readonly onListed: (version: ListedVersion) => void;
  private directory = -1;
  private path = '';
  private matching: readonly Plan[] = [];

  constructor(
    index: { readonly tree: DirectoryTree; readonly classes: readonly BilledClass[]; readonly tops: Uint32Array; readonly asOfDay: number },
    meant: { readonly claims: Claims; readonly proposals: readonly Sized[] },
    { plans, rules }: CompiledRules,
    onListed: (version: ListedVersion) => void,
  ) {
    this.tree = index.tree;
    this.classes = index.classes;
    this.tops = index.tops;
    this.asOfDay = index.asOfDay;
    this.claims = meant.claims;
    const byNumber: Sized[] = [];
    for (const proposal of meant.proposals) byNumber[proposal.number] = proposal;
    this.proposals = byNumber;
    for (const plan of plans) for (const number of plan.proposals) this.planOf.set(number, plan);
    const byAction = new Map(plans.map((plan) => [JSON.stringify(plan.action), plan]));
    this.prefixes = rules.flatMap(({ rule, tag }) => {
      const plan = tag === null ? byAction.get(actionOf(rule, plans)) : undefined;
      return plan ? [{ prefix: rule.Filter?.Prefix ?? '', plan }] : [];
    });
    this.onListed = onListed;
  }

  add(block: RowBlock): void {
    for (let row = 0; row < block.rows; row++) {
      this.rows += 1;
      const directory = block.directory[row] as number;
      if (directory !== this.directory) this.enter(directory);
      const { storageClass = '', accessTier = '' } = this.classes[block.classId[row] as number] ?? {};
      const sizeBytes = block.sizeBytes[row] as number;
      const facts: VersionFacts = {
        state: block.state[row] as number,
        flags: block.cubeFlags[row] as number,
        isSmall: sizeBytes < SMALL_OBJECT_BYTES,
        storageClass,
        accessTier,
      };
      const place = {
        unit: block.unit[row] as number,
        kind: block.kind[row] as number,
        top: this.tops[directory] as number,
        lockedUntilDay: block.lockedUntilDay[row] as number,
      };
      const number = ownerOf(this.claims, facts, place, this.asOfDay);
      const plan = number === NOBODY ? undefined : this.planOf.get(number);
      if (plan === undefined && this.matching.length === 0) continue;
      this.judge(block, row, facts, sizeBytes, plan, this.proposals[number]);
    }
  }

  private enter(directory: number): void {
    this.directory = directory;
    this.path = this.tree.path(directory);
    // Prefixes end in "/" or are empty, so every key of a directory matches or none does.
    this.matching = this.prefixes.filter(({ prefix }) => this.path.startsWith(prefix)).map(({ plan }) => plan);
  }

  private judge(
    block: RowBlock,
    row: number,
    facts: VersionFacts,
    sizeBytes: number,
    plan: Plan | undefined,
    proposal: Sized | undefined,
  ): void {
    const isMeant =
      plan !== undefined &&
      proposal !== undefined &&
      (proposal.isWhole || isDue(plan.action, facts.state, Math.ceil((block.clockMs[row] as number) / 86_400_000), this.asOfDay));
    for (const match of this.matching) {
      if (match === plan || !actsOn(match.action, facts)) continue;
      this.witness(this.unwanted, block, row, `a rule matches it to ${match.action.do}, and nobody asked for that`);
    }
    if (!isMeant) return;
    this.intended += 1;
    this.intendedBytes += sizeBytes;
    const isMatched = this.matching.includes(plan);
    if (isMatched || plan.tag !== null) {
      this.compiled += 1;
      this.compiledBytes += sizeBytes;
    } else this.witness(this.missed, block, row, 'no rule matches it');
    if (!isMatched && plan.tag !== null)
      this.onListed({ plan, key: this.path + block.name(row), versionId: block.versionId(row), sizeBytes });
  }

  private witness(onto: Witness[], block: RowBlock, row: number, words: string): void {
    if (onto.length < MOST_WITNESSES) onto.push({ key: this.path + block.name(row), versionId: block.versionId(row), words });
  }
}

function actionOf(rule: CompiledRules['rules'][number]['rule'], plans: readonly Plan[]): string {
  const found = plans.find(({ action }) => isRuleOf(rule, action));
  return found ? JSON.stringify(found.action) : '';
}

function isRuleOf(rule: CompiledRules['rules'][number]['rule'], action: Plan['action']): boolean {
  const { Expiration, NoncurrentVersionExpiration, Transitions, AbortIncompleteMultipartUpload } = rule;
  switch (action.do) {
    case 'expire':
      return Expiration?.Days === action.days && (NoncurrentVersionExpiration?.NoncurrentDays ?? null) === action.undoDays;
    case 'expireNoncurrent':
      return Expiration === undefined && NoncurrentVersionExpiration?.NoncurrentDays === action.days;
    case 'move':
      return (
        JSON.stringify(Transitions?.map(({ Days, StorageClass }) => [Days, StorageClass])) ===
        JSON.stringify(action.steps.map(({ days, storageClass }) => [days, storageClass]))
      );
    case 'removeMarkers':
      return Expiration?.ExpiredObjectDeleteMarker === true;
    case 'abortUploads':
      return AbortIncompleteMultipartUpload?.DaysAfterInitiation === action.days;
    case 'rewrite':
      return false;
  }
}
