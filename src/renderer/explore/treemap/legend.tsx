import type { MapNode } from '../../../contract/index-views.ts';
import { formatBytes, formatShare } from '../../../core/report/format.ts';
import { ClassBadge } from '../../components/badge.tsx';
import { cssVars } from '../../components/css-vars.ts';
import { binKey, useExplore } from '../state.ts';
import { histogram, LAYER_NAMES } from './layers.ts';
import { layoutTreemap } from './layout.ts';

/** How many bytes each colour stands for. A bin pressed off is drawn faint in the map. */
export function Legend({ root }: { root: MapNode }) {
  const layer = useExplore((state) => state.layer);
  const dimmed = useExplore((state) => state.dimmed);
  const { toggleBin } = useExplore.getState();
  // Money has no exact split; its tiles are counted at one fixed size, so that resizing does not change figures.
  const bins = histogram(layer, root, layer === 'cost' ? layoutTreemap(root, 1600, 900) : []);
  const most = Math.max(1, ...bins.map(({ bytes }) => bytes));
  return (
    <fieldset
      className="map-legend"
      aria-label={`Bytes by ${LAYER_NAMES[layer]}; press one to draw it faint`}
      style={cssVars({ bins: bins.length })}
    >
      {bins.map(({ bin, bytes }) => {
        const fill = bin.color === null ? {} : { c: `var(${bin.color})` };
        return (
          <button
            key={bin.key}
            type="button"
            aria-pressed={!dimmed.has(binKey(layer, bin.key))}
            title={`${bin.label}: ${formatBytes(bytes)}`}
            className={bin.color === null ? 'hatched' : ''}
            style={cssVars({ ...fill, share: bytes / most })}
            onClick={() => toggleBin(layer, bin.key)}
          >
            <span className="bar" />
            <span className="base" />
            <span className="words">
              <b>{bin.label}</b>
              {layer === 'class' && bin.color !== null ? <ClassBadge storageClass={bin.key} /> : null}
            </span>
            <span className="words t2">
              {formatBytes(bytes)} · {formatShare(root.bytes > 0 ? bytes / root.bytes : 0)}
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
