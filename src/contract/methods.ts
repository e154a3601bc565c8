import type * as v from 'valibot';
import { ACCESS_METHODS } from './methods/access.ts';
import { AGE_METHODS } from './methods/ages.ts';
import { APP_METHODS } from './methods/app.ts';
import { APPLY_METHODS } from './methods/apply.ts';
import { APPROVAL_METHODS } from './methods/approval.ts';
import { BOARD_METHODS } from './methods/board.ts';
import { BREAK_EVEN_METHODS } from './methods/break-even.ts';
import { BUDGET_METHODS } from './methods/budget.ts';
import { CONNECT_METHODS } from './methods/connect.ts';
import { DRIFT_METHODS } from './methods/drift.ts';
import { EVIDENCE_METHODS } from './methods/evidence.ts';
import { IMPACT_METHODS } from './methods/impact.ts';
import { VIEW_METHODS } from './methods/index-views.ts';
import { JOB_METHODS } from './methods/jobs.ts';
import { MAP_METHODS } from './methods/map.ts';
import { OBJECT_METHODS } from './methods/objects.ts';
import { OWNER_METHODS } from './methods/owners.ts';
import { POINTER_METHODS } from './methods/pointers.ts';
import { POLICY_METHODS } from './methods/policy.ts';
import { POLICY_FILE_METHODS } from './methods/policy-files.ts';
import { PRICE_METHODS } from './methods/prices.ts';
import { PROMISE_METHODS } from './methods/promise.ts';
import { PROPOSAL_METHODS } from './methods/proposals.ts';
import { PROVE_METHODS } from './methods/prove.ts';
import { RECONCILE_METHODS } from './methods/reconcile.ts';
import { REPORT_METHODS } from './methods/report.ts';
import { RESTORE_METHODS } from './methods/restore.ts';
import { RETENTION_METHODS } from './methods/retention.ts';
import { RIGHTS_METHODS } from './methods/rights.ts';
import { SCENARIO_METHODS } from './methods/scenario.ts';
import { SNAPSHOT_METHODS } from './methods/snapshots.ts';
import { SOURCE_METHODS } from './methods/sources.ts';
import { SQL_METHODS } from './methods/sql.ts';
import { TABLE_METHODS } from './methods/tables.ts';
import { TAG_METHODS } from './methods/tags.ts';
import { UNIT_METHODS } from './methods/units.ts';
import { UPLOAD_METHODS } from './methods/uploads.ts';
import { VERIFY_METHODS } from './methods/verify.ts';

/** The only API of the product. IPC handler, HTTP route, command-line verb and typed client all come from this map. */
export const METHODS = {
  ...APP_METHODS,
  ...CONNECT_METHODS,
  ...SOURCE_METHODS,
  ...SNAPSHOT_METHODS,
  ...UPLOAD_METHODS,
  ...TABLE_METHODS,
  ...VIEW_METHODS,
  ...OBJECT_METHODS,
  ...SQL_METHODS,
  ...TAG_METHODS,
  ...VERIFY_METHODS,
  ...AGE_METHODS,
  ...MAP_METHODS,
  ...SCENARIO_METHODS,
  ...UNIT_METHODS,
  ...BOARD_METHODS,
  ...ACCESS_METHODS,
  ...POINTER_METHODS,
  ...PROPOSAL_METHODS,
  ...POLICY_METHODS,
  ...BREAK_EVEN_METHODS,
  ...POLICY_FILE_METHODS,
  ...PRICE_METHODS,
  ...IMPACT_METHODS,
  ...APPLY_METHODS,
  ...PROVE_METHODS,
  ...OWNER_METHODS,
  ...BUDGET_METHODS,
  ...REPORT_METHODS,
  ...PROMISE_METHODS,
  ...RECONCILE_METHODS,
  ...RETENTION_METHODS,
  ...EVIDENCE_METHODS,
  ...APPROVAL_METHODS,
  ...DRIFT_METHODS,
  ...JOB_METHODS,
  ...RESTORE_METHODS,
  ...RIGHTS_METHODS,
} as const;

export type MethodName = keyof typeof METHODS;
/** What a caller may leave out, it may leave out. */
export type ParamsIn<M extends MethodName> = v.InferInput<(typeof METHODS)[M]['params']>;
/** What a handler sees: parsed, defaults filled in. */
export type Params<M extends MethodName> = v.InferOutput<(typeof METHODS)[M]['params']>;
export type ResultOf<M extends MethodName> = v.InferOutput<(typeof METHODS)[M]['result']>;

export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];
export const isMethodName = (name: string): name is MethodName => Object.hasOwn(METHODS, name);
