import type { Verb } from '../verb.ts';
import { accessVerbs } from './access-verbs.ts';
import { ageVerbs } from './age-verbs.ts';
import { appVerbs } from './app-verbs.ts';
import { applyVerbs } from './apply-verbs.ts';
import { approvalVerbs } from './approval-verbs.ts';
import { breakEvenVerbs } from './break-even-verbs.ts';
import { budgetVerbs } from './budget-verbs.ts';
import { connectVerbs } from './connect-verbs.ts';
import { driftVerbs } from './drift-verbs.ts';
import { evidenceVerbs } from './evidence-verbs.ts';
import { impactVerbs } from './impact-verbs.ts';
import { indexVerbs } from './index-verbs.ts';
import { jobVerbs } from './job-verbs.ts';
import { mapVerbs } from './map-verbs.ts';
import { objectVerbs } from './object-verbs.ts';
import { ownerVerbs } from './owner-verbs.ts';
import { pointerVerbs } from './pointer-verbs.ts';
import { policyFileVerbs } from './policy-file-verbs.ts';
import { priceVerbs } from './price-verbs.ts';
import { promiseVerbs } from './promise-verbs.ts';
import { proposalVerbs } from './proposal-verbs.ts';
import { proveVerbs } from './prove-verbs.ts';
import { reconcileVerbs } from './reconcile-verbs.ts';
import { reportVerbs } from './report-verbs.ts';
import { restoreVerbs } from './restore-verbs.ts';
import { retentionVerbs } from './retention-verbs.ts';
import { rightsVerbs } from './rights-verbs.ts';
import { scenarioVerbs } from './scenario-verbs.ts';
import { simulateVerbs } from './simulate-verbs.ts';
import { snapshotVerbs } from './snapshot-verbs.ts';
import { sqlVerbs } from './sql-verbs.ts';
import { tableVerbs } from './table-verbs.ts';
import { tagVerbs } from './tag-verbs.ts';
import { unitVerbs } from './unit-verbs.ts';
import { uploadVerbs } from './upload-verbs.ts';
import { verifyVerbs } from './verify-verbs.ts';
import { windowVerbs } from './window-verbs.ts';

/** A chapter of the help: what one is about to do, and the verbs for it in the order they are needed. */
export interface VerbGroup {
  readonly title: string;
  readonly verbs: readonly Verb[];
}

export const VERB_GROUPS: readonly VerbGroup[] = [
  {
    title: 'Read a bucket into an index',
    verbs: [...indexVerbs, ...snapshotVerbs, ...uploadVerbs, ...tagVerbs, ...tableVerbs, ...verifyVerbs],
  },
  { title: 'Look around', verbs: [...ageVerbs, ...mapVerbs, ...objectVerbs, ...sqlVerbs] },
  { title: 'Checkpoints, datasets and who reads them', verbs: [...unitVerbs, ...accessVerbs, ...pointerVerbs, ...proposalVerbs] },
  {
    title: 'What a configuration would do and cost',
    verbs: [...simulateVerbs, ...breakEvenVerbs, ...scenarioVerbs, ...policyFileVerbs, ...impactVerbs, ...restoreVerbs, ...priceVerbs],
  },
  { title: 'Change a bucket, and change it back', verbs: [...applyVerbs, ...approvalVerbs, ...driftVerbs, ...jobVerbs] },
  { title: 'Proofs and retention', verbs: [...proveVerbs, ...retentionVerbs, ...evidenceVerbs] },
  { title: 'Cost, owners and promises', verbs: [...reportVerbs, ...ownerVerbs, ...budgetVerbs, ...promiseVerbs, ...reconcileVerbs] },
  { title: 'This machine', verbs: [...connectVerbs, ...rightsVerbs, ...appVerbs, ...windowVerbs] },
];

export const VERBS: readonly Verb[] = VERB_GROUPS.flatMap(({ verbs }) => verbs);
