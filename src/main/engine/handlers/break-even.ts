import type { BreakEven } from '../../../contract/break-even.ts';
import type { BREAK_EVEN_METHODS } from '../../../contract/methods/break-even.ts';
import { ok } from '../../../contract/result.ts';
import { DAY_MS } from '../../../contract/units.ts';
import type { Sums } from '../../../core/cube/group.ts';
import { roundNanoUsd } from '../../../core/price/exact.ts';
import type { Extent } from '../../../core/price/volume.ts';
import { formatDay } from '../../../core/report/format.ts';
import { moveOf } from '../../../core/simulate/break-even-day.ts';
import { keepsSmall } from '../../../core/simulate/rules.ts';
import { TARGETS } from '../../../core/simulate/transitions.ts';
import { type Advice, openAdvice } from '../../units/advice.ts';
import { unitsPage } from '../../units/unit-views.ts';
import type { Handlers } from '../handler.ts';

const ASSUMPTIONS = [
  "Everything moves at S3's first run after the day named, and stays; nothing is read back.",
  'What lies in a class with minimum storage days is taken as having entered it on that day, for no report says when it did.',
  'All volume pays the first band. Locked versions move as others do; delete markers cost nothing and are left out.',
];

function extentsOf({ view }: Advice, sums: Sums): Extent[] {
  return view.cube.classes.flatMap(({ storageClass, accessTier }, classId) =>
    [0, 1].map((small) => ({
      storageClass,
      accessTier,
      isSmall: small === 1,
      count: sums.count[classId * 2 + small] as number,
      bytes: sums.bytes[classId * 2 + small] as number,
    })),
  );
}

export const breakEvenHandlers: Pick<Handlers, keyof typeof BREAK_EVEN_METHODS> = {
  'policy.breakEven': async (params, { environment }) => {
    const opened = await openAdvice(params, environment);
    if (!opened.ok) return opened;
    const advice = opened.value;
    const { minimumSize, months } = params;
    const { list } = advice.view.price;
    const asOfDay = Math.floor(Date.parse(params.asOf ?? advice.view.asOf) / DAY_MS);
    const { total, units } = unitsPage(advice, { ...params, sort: 'bytes', descending: true });
    const unitOf = new Map(advice.units.map((unit) => [unit.unit, unit]));
    const rows = units.map(({ unitId, kind, path, name, versions, bytes, monthlyNanoUsd }) => {
      const unit = unitOf.get(unitId);
      const extents = unit === undefined ? [] : extentsOf(advice, advice.facts.sumsOf(unit));
      const targets = TARGETS.flatMap((storageClass): BreakEven['units'][number]['targets'] => {
        const move = moveOf(list, extents, storageClass, keepsSmall(storageClass, minimumSize), asOfDay, months);
        if (move === null) return [];
        return [
          {
            storageClass,
            ...move.moved,
            keptBySize: move.kept,
            feesNanoUsd: String(roundNanoUsd(move.fees)),
            monthlySavingNanoUsd: String(roundNanoUsd(move.monthlySaving)),
            breakEvenDay: move.breakEvenDay === null ? null : formatDay(move.breakEvenDay),
            breakEvenObjectBytes: move.objectBytes,
          },
        ];
      });
      return { unitId, kind, path, name, versions, bytes, monthlyNanoUsd, targets };
    });
    const { region, asOf: priceAsOf, assumed } = advice.view.prices;
    return ok({
      asOf: formatDay(asOfDay),
      region,
      priceAsOf,
      regionAssumed: assumed,
      months,
      minimumSize,
      total,
      units: rows,
      assumptions: ASSUMPTIONS,
    });
  },
};
