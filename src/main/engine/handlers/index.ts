import { ACCESS_METHODS } from '../../../contract/methods/access.ts';
import { AGE_METHODS } from '../../../contract/methods/ages.ts';
import { APP_METHODS } from '../../../contract/methods/app.ts';
import { APPLY_METHODS } from '../../../contract/methods/apply.ts';
import { APPROVAL_METHODS } from '../../../contract/methods/approval.ts';
import { BOARD_METHODS } from '../../../contract/methods/board.ts';
import { BREAK_EVEN_METHODS } from '../../../contract/methods/break-even.ts';
import { BUDGET_METHODS } from '../../../contract/methods/budget.ts';
import { CONNECT_METHODS } from '../../../contract/methods/connect.ts';
import { DRIFT_METHODS } from '../../../contract/methods/drift.ts';
import { EVIDENCE_METHODS } from '../../../contract/methods/evidence.ts';
import { IMPACT_METHODS } from '../../../contract/methods/impact.ts';
import { VIEW_METHODS } from '../../../contract/methods/index-views.ts';
import { JOB_METHODS } from '../../../contract/methods/jobs.ts';
import { MAP_METHODS } from '../../../contract/methods/map.ts';
import { OBJECT_METHODS } from '../../../contract/methods/objects.ts';
import { OWNER_METHODS } from '../../../contract/methods/owners.ts';
import { POINTER_METHODS } from '../../../contract/methods/pointers.ts';
import { POLICY_METHODS } from '../../../contract/methods/policy.ts';
import { POLICY_FILE_METHODS } from '../../../contract/methods/policy-files.ts';
import { PRICE_METHODS } from '../../../contract/methods/prices.ts';
import { PROMISE_METHODS } from '../../../contract/methods/promise.ts';
import { PROPOSAL_METHODS } from '../../../contract/methods/proposals.ts';
import { PROVE_METHODS } from '../../../contract/methods/prove.ts';
import { RECONCILE_METHODS } from '../../../contract/methods/reconcile.ts';
import { REPORT_METHODS } from '../../../contract/methods/report.ts';
import { RESTORE_METHODS } from '../../../contract/methods/restore.ts';
import { RETENTION_METHODS } from '../../../contract/methods/retention.ts';
import { RIGHTS_METHODS } from '../../../contract/methods/rights.ts';
import { SCENARIO_METHODS } from '../../../contract/methods/scenario.ts';
import { SNAPSHOT_METHODS } from '../../../contract/methods/snapshots.ts';
import { SOURCE_METHODS } from '../../../contract/methods/sources.ts';
import { SQL_METHODS } from '../../../contract/methods/sql.ts';
import { TABLE_METHODS } from '../../../contract/methods/tables.ts';
import { TAG_METHODS } from '../../../contract/methods/tags.ts';
import { UNIT_METHODS } from '../../../contract/methods/units.ts';
import { UPLOAD_METHODS } from '../../../contract/methods/uploads.ts';
import { VERIFY_METHODS } from '../../../contract/methods/verify.ts';
import type { MethodName } from '../../../contract/methods.ts';
import type { Handler, Handlers } from '../handler.ts';

export type HandlerLoaders = { readonly [M in MethodName]: () => Promise<Handler<M>> };

/** A domain's methods, its module loaded on first use: a summary need not wait for the S3 client. */
function lazily<M extends MethodName>(
  methods: Readonly<Record<M, unknown>>,
  load: () => Promise<Pick<Handlers, M>>,
): Pick<HandlerLoaders, M> {
  const names = Object.keys(methods) as M[];
  return Object.fromEntries(names.map((name) => [name, async () => (await load())[name]])) as unknown as Pick<HandlerLoaders, M>;
}

/** Where each method is handled. */
export const HANDLERS: HandlerLoaders = {
  ...lazily(APP_METHODS, async () => (await import('./app.ts')).appHandlers),
  ...lazily(CONNECT_METHODS, async () => (await import('./connect.ts')).connectHandlers),
  ...lazily(SOURCE_METHODS, async () => (await import('./sources.ts')).sourceHandlers),
  ...lazily(SNAPSHOT_METHODS, async () => (await import('./snapshots.ts')).snapshotHandlers),
  ...lazily(UPLOAD_METHODS, async () => (await import('./uploads.ts')).uploadHandlers),
  ...lazily(TABLE_METHODS, async () => (await import('./tables.ts')).tableHandlers),
  ...lazily(VIEW_METHODS, async () => (await import('./index-views.ts')).indexHandlers),
  ...lazily(OBJECT_METHODS, async () => (await import('./objects.ts')).objectHandlers),
  ...lazily(SQL_METHODS, async () => (await import('./sql.ts')).sqlHandlers),
  ...lazily(VERIFY_METHODS, async () => (await import('./verify.ts')).verifyHandlers),
  ...lazily(TAG_METHODS, async () => (await import('./tags.ts')).tagHandlers),
  ...lazily(AGE_METHODS, async () => (await import('./ages.ts')).ageHandlers),
  ...lazily(SCENARIO_METHODS, async () => (await import('./scenario.ts')).scenarioHandlers),
  ...lazily(MAP_METHODS, async () => (await import('./map.ts')).mapHandlers),
  ...lazily(UNIT_METHODS, async () => (await import('./units.ts')).unitHandlers),
  ...lazily(BOARD_METHODS, async () => (await import('./board.ts')).boardHandlers),
  ...lazily(ACCESS_METHODS, async () => (await import('./access.ts')).accessHandlers),
  ...lazily(POINTER_METHODS, async () => (await import('./pointers.ts')).pointerHandlers),
  ...lazily(PROPOSAL_METHODS, async () => (await import('./proposals.ts')).proposalHandlers),
  ...lazily(POLICY_METHODS, async () => (await import('./policy.ts')).policyHandlers),
  ...lazily(PRICE_METHODS, async () => (await import('./prices.ts')).priceHandlers),
  ...lazily(BREAK_EVEN_METHODS, async () => (await import('./break-even.ts')).breakEvenHandlers),
  ...lazily(POLICY_FILE_METHODS, async () => (await import('./policy-files.ts')).policyFileHandlers),
  ...lazily(IMPACT_METHODS, async () => (await import('./impact.ts')).impactHandlers),
  ...lazily(APPLY_METHODS, async () => (await import('./apply.ts')).applyHandlers),
  ...lazily(EVIDENCE_METHODS, async () => (await import('./evidence.ts')).evidenceHandlers),
  ...lazily(PROVE_METHODS, async () => (await import('./prove.ts')).proveHandlers),
  ...lazily(PROMISE_METHODS, async () => (await import('./promise.ts')).promiseHandlers),
  ...lazily(RECONCILE_METHODS, async () => (await import('./reconcile.ts')).reconcileHandlers),
  ...lazily(REPORT_METHODS, async () => (await import('./report.ts')).reportHandlers),
  ...lazily(BUDGET_METHODS, async () => (await import('./budget.ts')).budgetHandlers),
  ...lazily(OWNER_METHODS, async () => (await import('./owners.ts')).ownerHandlers),
  ...lazily(RETENTION_METHODS, async () => (await import('./retention.ts')).retentionHandlers),
  ...lazily(APPROVAL_METHODS, async () => (await import('./approval.ts')).approvalHandlers),
  ...lazily(DRIFT_METHODS, async () => (await import('./drift.ts')).driftHandlers),
  ...lazily(JOB_METHODS, async () => (await import('./jobs.ts')).jobHandlers),
  ...lazily(RIGHTS_METHODS, async () => (await import('./rights.ts')).rightsHandlers),
  ...lazily(RESTORE_METHODS, async () => (await import('./restore.ts')).restoreHandlers),
};
