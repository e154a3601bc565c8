import type { Rule } from '../../../contract/lifecycle.ts';
import { SMALL_OBJECT_BYTES } from '../../../contract/units.ts';
import { billingOf } from '../../price/billing.ts';
import { MINIMUM_DAYS } from '../../price/class-rules.ts';
import type { PriceList } from '../../price/price-book.ts';
import { scopeOf } from '../canonical.ts';
import { type Finding, regretted } from './issue.ts';

interface Stay {
  readonly field: string;
  readonly storageClass: string;
  readonly from: string;
  /** Days until the rule itself moves or removes the version; null where it stays. */
  readonly days: number | null;
}

/** Where versions lie between the steps of a rule; the class they come from is that of the step before, STANDARD at first. */
function staysOf(
  steps: readonly { readonly field: string; readonly storageClass: string; readonly days: number | undefined }[],
  endDays: number | undefined,
): Stay[] {
  const timed = steps
    .filter((step): step is (typeof steps)[number] & { days: number } => step.days !== undefined)
    .sort((a, b) => a.days - b.days);
  return timed.map(({ field, storageClass, days }, at) => {
    const next = timed[at + 1]?.days ?? endDays;
    return { field, storageClass, from: timed[at - 1]?.storageClass ?? 'STANDARD', days: next === undefined ? null : next - days };
  });
}

const firstPrice = (list: PriceList, storageClass: string): bigint | null =>
  list.classes.get(storageClass)?.bandsByTier.get('')?.[0]?.nanoUsdPerGbMonth ?? null;

/**
 * A stay that costs at least as much as staying put, whatever the size: minimum storage days are paid even when a version leaves
 * earlier (s3-domain 3.5). Fees and floors only add to it. Intelligent-Tiering is left out, for its saving depends on reads.
 */
function neverPays({ storageClass, from, days }: Stay, list: PriceList): boolean {
  const [target, source] = [firstPrice(list, storageClass), firstPrice(list, from)];
  if (target === null || source === null) return false;
  if (days === null) return target >= source;
  return target * BigInt(Math.max(days, MINIMUM_DAYS[storageClass] ?? 0)) >= source * BigInt(days);
}

/** Transitions of a rule that cost more than they save on every version, by the price list given. */
export function payFindings(rule: Rule, list: PriceList): Finding[] {
  const current = (rule.Transitions ?? []).map((step, at) => ({
    field: `Transitions[${at}]`,
    storageClass: step.StorageClass,
    days: step.Days,
  }));
  const noncurrent = (rule.NoncurrentVersionTransitions ?? []).map((step, at) => ({
    field: `NoncurrentVersionTransitions[${at}]`,
    storageClass: step.StorageClass,
    days: step.NoncurrentDays,
  }));
  const stays = [...staysOf(current, rule.Expiration?.Days), ...staysOf(noncurrent, rule.NoncurrentVersionExpiration?.NoncurrentDays)];
  const findings: Finding[] = [];
  for (const stay of stays) {
    if (!neverPays(stay, list)) continue;
    const minimum = MINIMUM_DAYS[stay.storageClass] ?? 0;
    const why = stay.days !== null && stay.days < minimum ? `, for ${minimum} days are paid` : '';
    const while_ = stay.days === null ? '' : ` for ${stay.days} days`;
    const words = `moving to ${stay.storageClass}${while_} costs at least as much as staying in ${stay.from}, at ${list.region} prices of ${list.asOf}${why}`;
    findings.push(regretted(stay.field, 'never-pays', words, 'Leave this transition out, or let versions stay longer in the class.'));
  }
  const { sizeLessThan } = scopeOf(rule);
  if (sizeLessThan === null) return findings;
  for (const { field, storageClass, from } of stays) {
    if (findings.some((finding) => finding.field === field)) continue;
    const [there, here] = [monthlyAt(list, storageClass, sizeLessThan - 1), monthlyAt(list, from, sizeLessThan - 1)];
    if (there === null || here === null || there < here) continue;
    const words = `objects below ${sizeLessThan} bytes cost more in ${storageClass} than in ${from}, at ${list.region} prices of ${list.asOf}: floors and overheads are billed`;
    findings.push(regretted(field, 'never-pays', words, 'Move larger objects only.'));
  }
  return findings;
}

/** Nano-USD x bytes a month of one object, floor and overheads included; null where there is no price. */
function monthlyAt(list: PriceList, storageClass: string, sizeBytes: number): bigint | null {
  if (storageClass === 'INTELLIGENT_TIERING') return null;
  const billing = billingOf(storageClass, '', sizeBytes < SMALL_OBJECT_BYTES);
  const [own, standard] = [firstPrice(list, storageClass), firstPrice(list, 'STANDARD')];
  if (own === null || standard === null) return null;
  return BigInt(Math.max(sizeBytes, billing.floorBytes) + billing.overheadBytes) * own + BigInt(billing.standardOverheadBytes) * standard;
}
