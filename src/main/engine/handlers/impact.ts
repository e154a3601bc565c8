import type { IMPACT_METHODS } from '../../../contract/methods/impact.ts';
import { dayOf } from '../../../core/report/format.ts';
import { openIndex } from '../../index/reader.ts';
import { choosePrices } from '../../prices.ts';
import type { Handlers } from '../handler.ts';
import { impactOver } from '../impact-over.ts';

export const impactHandlers: Pick<Handlers, keyof typeof IMPACT_METHODS> = {
  'policy.impact': async ({ index, snapshotId, asOf, region, ...asked }, context) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const prices = await choosePrices(context.environment, region, snapshot.value.region);
    if (!prices.ok) return prices;
    const asOfDay = dayOf(Date.parse(asOf ?? snapshot.value.asOf));
    const { list } = prices.value;
    const { current, proposed, versioning, months } = asked;
    return impactOver({ reader: reader.value, snapshot: snapshot.value, current, proposed, versioning, months, asOfDay, list }, context);
  },
};
