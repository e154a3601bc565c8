import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { appError } from '../../contract/errors.ts';
import type { Compiled, ProposalOptions } from '../../contract/proposals.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type CompiledRules, type CompiledTag, compileRules } from '../../core/compile/compile.ts';
import { type ListedVersion, RowProof } from '../../core/compile/prove.ts';
import { manifestLine } from '../../core/jobs/manifest-line.ts';
import { topDirectories } from '../../core/proposals/own.ts';
import type { ProposalSet, Sized } from '../../core/proposals/propose.ts';
import { dayOf, formatCount } from '../../core/report/format.ts';
import type { CallContext } from '../engine/handler.ts';
import { ListWriter } from '../jobs/list-writer.ts';
import { cancelled } from '../sources/cancelled.ts';
import type { Advice } from './advice.ts';
import { chosen, proposalSet } from './proposals.ts';

/** S3 holds so many rules a bucket (s3-domain 4.4). */
const MOST_RULES = 1000;
const DELETES: ReadonlySet<string> = new Set(['expire', 'expireNoncurrent', 'removeMarkers']);

export interface CompileRequest {
  readonly ids: readonly string[];
  readonly options: ProposalOptions;
  readonly folder?: string | undefined;
  readonly prefixRules: number;
  readonly asDeleteList: boolean;
}

/** Raised inside a scan when the signal says so; never leaves this file. */
class Stopped extends Error {}

/** The rules and lists that carry some proposals out, held against every row of the index. */
export function compileProposals(
  advice: Advice,
  request: CompileRequest,
  context: Pick<CallContext, 'signal' | 'progress'>,
): Result<Compiled> {
  const set = proposalSet(advice, request.options);
  if (!set.ok) return set;
  const { found, unknown } = chosen(set.value, request.ids);
  if (unknown.length > 0) {
    return err(
      appError('Usage', `There is no proposal "${unknown[0]}" in this snapshot.`, {
        field: 'ids',
        next: 'List the proposals again: they change with the index and what is known beside it.',
      }),
    );
  }
  const { cube } = advice.view;
  const { prefixRules, asDeleteList } = request;
  const undeletable = asDeleteList ? found.find(({ action }) => !DELETES.has(action.do)) : undefined;
  if (undeletable)
    return err(appError('Usage', `"${undeletable.id}" deletes no version: it cannot be a list of what to delete.`, { field: 'ids' }));
  const compiled = compileRules(cube, set.value.owner, found, { prefixRules, asList: asDeleteList });
  if (compiled.rules.length > MOST_RULES) {
    return err(
      appError('LimitExceeded', `These proposals take ${formatCount(compiled.rules.length)} rules; S3 holds ${formatCount(MOST_RULES)}.`, {
        field: 'ids',
      }),
    );
  }
  const lists = new Lists(advice.bucket, request, cube.allVersions);
  try {
    const proof = prove(advice, set.value, compiled, lists, context);
    if (!proof.ok) return proof;
    return ok(answer(compiled, found, proof.value, lists, asDeleteList));
  } catch (cause) {
    if (cause instanceof Stopped) return err(cancelled());
    const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    if (cause instanceof Error && 'code' in cause)
      return err(
        appError(isFull ? 'DiskFull' : 'FileUnwritable', 'A list cannot be written.', { file: request.folder, detail: String(cause) }),
      );
    throw cause;
  } finally {
    lists.discard();
  }
}

function prove(
  { view, asOfMs }: Advice,
  set: ProposalSet,
  compiled: CompiledRules,
  lists: Lists,
  { signal, progress }: Pick<CallContext, 'signal' | 'progress'>,
): Result<RowProof> {
  const { cube, reader, snapshotId } = view;
  const snapshot = reader.snapshot(snapshotId);
  if (!snapshot.ok) return snapshot;
  const index = { tree: cube.tree, classes: cube.classes, tops: topDirectories(cube), asOfDay: dayOf(asOfMs) };
  const proof = new RowProof(index, { claims: set.claims, proposals: set.proposals }, compiled, (version) => lists.add(version));
  const scanned = reader.scan(snapshotId, { from: 0, to: cube.tree.count }, (block) => {
    if (signal.aborted) throw new Stopped();
    proof.add(block);
    progress({ phase: 'hold rules against every row', done: proof.rows, total: snapshot.value.rows });
  });
  return scanned.ok ? ok(proof) : scanned;
}

interface ListSum {
  readonly tag: CompiledTag;
  readonly file: string | null;
  readonly rows: number;
  readonly bytes: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The lists that are written while rows pass, one for each tag; whole or not at all. */
class Lists {
  private readonly open = new Map<
    string,
    { tag: CompiledTag; file: string | null; handle: number | null; writer: ListWriter; bytes: number }
  >();
  private readonly bucket: string;
  private readonly request: CompileRequest;
  readonly withVersion: boolean;

  constructor(bucket: string, request: CompileRequest, withVersion: boolean) {
    this.bucket = bucket;
    this.request = request;
    this.withVersion = withVersion;
  }

  add({ plan, key, versionId, sizeBytes }: ListedVersion): void {
    const tag = plan.tag as CompiledTag;
    let list = this.open.get(tag.value);
    if (!list) {
      list = { tag, ...this.create(tag.value), bytes: 0 };
      this.open.set(tag.value, list);
    }
    list.writer.add(manifestLine(this.bucket, key, versionId, this.withVersion));
    list.bytes += sizeBytes;
  }

  private create(name: string): { file: string | null; handle: number | null; writer: ListWriter } {
    const { folder } = this.request;
    if (folder === undefined) return { file: null, handle: null, writer: new ListWriter(null) };
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name}.csv`);
    const handle = openSync(`${file}.tmp`, 'w', 0o600);
    return { file, handle, writer: new ListWriter(handle) };
  }

  finish(): ListSum[] {
    return [...this.open.values()].map((list) => {
      const { rows, sizeBytes, sha256 } = list.writer.finish();
      if (list.handle !== null && list.file !== null) {
        fsyncSync(list.handle);
        closeSync(list.handle);
        list.handle = null;
        renameSync(`${list.file}.tmp`, list.file);
      }
      return { tag: list.tag, file: list.file, rows, bytes: list.bytes, sizeBytes, sha256 };
    });
  }

  discard(): void {
    for (const { handle, file } of this.open.values()) {
      if (handle !== null) closeSync(handle);
      if (file !== null) rmSync(`${file}.tmp`, { force: true });
    }
  }
}

function answer(compiled: CompiledRules, found: readonly Sized[], proof: RowProof, open: Lists, asDeleteList: boolean): Compiled {
  const lists = open.finish();
  const byTag = new Map(lists.map((list) => [list.tag.value, list]));
  const { missed, unwanted, rows, intended, intendedBytes, compiled: reached, compiledBytes } = proof;
  const isExact = missed.length === 0 && unwanted.length === 0 && intended === reached && intendedBytes === compiledBytes;
  const [list] = lists;
  return {
    policy: compiled.policy,
    rules: compiled.rules.map(({ rule, prefix, tag, words, versions, bytes }) => {
      const tagged = tag === null ? undefined : byTag.get(tag.value);
      const extent = tag === null ? { versions, bytes } : { versions: tagged?.rows ?? 0, bytes: tagged?.bytes ?? 0 };
      return { ruleId: rule.ID ?? '', prefix, tag: tag === null ? null : { ...tag }, words, ...extent };
    }),
    manifests: asDeleteList ? [] : lists.map((one) => ({ ...one, tag: { ...one.tag }, withVersion: open.withVersion })),
    deleteList: asDeleteList && list ? { file: list.file, rows: list.rows, bytes: list.bytes, sha256: list.sha256 } : null,
    proof: { isExact, rows, intended, intendedBytes, compiled: reached, compiledBytes, missed, unwanted },
    warnings: warningsOf(compiled, found, asDeleteList ? 0 : lists.length),
  };
}

function warningsOf({ plans, rules }: CompiledRules, found: readonly Sized[], tagged: number): string[] {
  const warnings: string[] = [];
  const later = plans.flatMap(({ covered }) => covered.map(({ prefix }) => prefix));
  if (later.length > 0)
    warnings.push(
      `Whatever is written later under the ${formatCount(later.length)} prefixes of these rules is treated alike once it is as old.`,
    );
  if (tagged > 0)
    warnings.push(
      'Tagging replaces all tags that an object has (s3-domain 5.4), and an inventory does not tell which; restrict or read them first where tags are in use.',
    );
  if (rules.some(({ rule }) => rule.Expiration?.Days !== undefined))
    warnings.push('What is hidden leaves a delete marker; S3 removes it once nothing lies behind it, where the rule goes by prefix.');
  const rewrites = found.filter(({ action }) => action.do === 'rewrite').length;
  if (rewrites > 0) warnings.push(`${formatCount(rewrites)} proposals are for a person: no rule rewrites data.`);
  return warnings;
}
