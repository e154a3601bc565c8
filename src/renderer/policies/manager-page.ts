import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { ParamsIn } from '../../contract/methods.ts';
import { useAssumptions } from '../state/assumptions.ts';
import { type KnownBucket, optionsOf } from '../state/bucket-state.ts';
import { useFlash } from '../state/flash.ts';
import { runJob } from '../state/jobs.ts';
import { saveText } from '../state/save-text.ts';

type Priced = Pick<ParamsIn<'report.manager'>, 'index' | 'snapshotId' | 'region'>;

/** What a plan would come to, on one page for somebody who decides: saved as a file that prints by itself. */
export async function saveManagerPage(at: Priced, policy: LifecycleConfiguration, known: KnownBucket, bucket: string): Promise<void> {
  const { reads, inflow } = useAssumptions.getState();
  const report = await runJob(
    'report.manager',
    { ...at, policy, ...optionsOf(known), reads, inflow, excludeUnpriced: true },
    'Writing one page for a manager',
  );
  if (!report.ok) return useFlash.getState().fail(report.error, 'The page could not be written.');
  const { managerPage } = await import('../../core/report/manager/page.ts');
  const name = `isotherm-${bucket.replace(/[^A-Za-z0-9._-]/g, '-')}-${report.value.asOf.slice(0, 10)}.html`;
  saveText(name, managerPage(report.value), 'text/html');
  useFlash.getState().note(`${name} was saved: one page, to open in any browser and to print.`);
}
