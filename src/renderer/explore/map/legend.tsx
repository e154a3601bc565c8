import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { formatBytes, formatCountShort, formatExactBytes, formatMoney, formatShare } from '../../../core/report/format.ts';
import { ClassBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { cssVars } from '../../components/css-vars.ts';
import { useExplore } from '../state.ts';
import { type FilledBin, LAYER_NAMES, type LayerData } from './layers.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * How many bytes each colour stands for, and a brush: pressing a bin picks it, dragging over several picks them all, and what is
 * not picked is drawn faint. By keyboard the arrows move, with Shift they take along, Space picks or leaves one, Escape all.
 */
export function Legend({ layer, bytes }: { layer: LayerData; bytes: number }) {
  const picked = useExplore((state) => state.picked[layer.layer]) ?? NONE;
  const { pick } = useExplore.getState();
  const bins = layer.shown;
  const keys = bins.map(({ key }) => key);
  const most = Math.max(1, ...bins.map((bin) => bin.bytes));
  const list = useRef<HTMLFieldSetElement>(null);
  const drag = useRef<{ from: number; wasOnly: boolean } | null>(null);
  const between = (a: number, b: number): string[] => keys.slice(Math.min(a, b), Math.max(a, b) + 1);
  const set = (chosen: Iterable<string>): void => pick(layer.layer, [...chosen]);

  const indexUnder = (event: PointerEvent): number => {
    const found = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-bin]');
    return found === null || found === undefined || !list.current?.contains(found) ? -1 : Number(found.dataset.bin);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const at = indexUnder(event);
    const key = keys[at];
    if (key === undefined || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey) {
      const next = new Set(picked);
      if (!next.delete(key)) next.add(key);
      set(next);
      return;
    }
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: at, wasOnly: picked.size === 1 && picked.has(key) };
    set([key]);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const at = indexUnder(event);
    if (drag.current === null || at < 0) return;
    if (at !== drag.current.from) drag.current.wasOnly = false;
    set(between(drag.current.from, at));
  };
  const onPointerUp = (): void => {
    // Pressing the one that was picked alone lets it go.
    if (drag.current?.wasOnly) set([]);
    drag.current = null;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const at = Number((event.target as HTMLElement).closest<HTMLElement>('[data-bin]')?.dataset.bin ?? -1);
    const key = keys[at];
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: keys.length - 1 }[event.key];
    if (to !== undefined && keys[to] !== undefined) {
      list.current?.querySelector<HTMLElement>(`[data-bin="${to}"]`)?.focus();
      if (event.shiftKey) set(new Set([...picked, ...between(at, to)]));
    } else if ((event.key === ' ' || event.key === 'Enter') && key !== undefined) {
      const next = new Set(picked);
      if (!next.delete(key)) next.add(key);
      set(next);
    } else if (event.key === 'Escape' && picked.size > 0) set([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <fieldset
      ref={list}
      className="map-legend"
      aria-label={`Bytes by ${LAYER_NAMES[layer.layer]}; pick bins to draw the others faint`}
      style={cssVars({ bins: bins.length })}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onKeyDown={onKeyDown}
    >
      {bins.map((bin, at) => (
        <LegendBin
          key={bin.key}
          bin={bin}
          at={at}
          layer={layer}
          isOff={picked.size > 0 && !picked.has(bin.key)}
          share={bin.bytes / most}
          bytes={bytes}
        />
      ))}
    </fieldset>
  );
}

function LegendBin({
  bin,
  at,
  layer,
  isOff,
  share,
  bytes,
}: {
  bin: FilledBin;
  at: number;
  layer: LayerData;
  isOff: boolean;
  share: number;
  bytes: number;
}) {
  const fill = bin.color === null ? {} : { c: `var(${bin.color})` };
  return (
    <button
      type="button"
      data-bin={at}
      aria-pressed={!isOff}
      title={`${bin.label}: ${formatBytes(bin.bytes)}, ${formatCountShort(bin.versions)} versions`}
      className={bin.color === null ? 'hatched' : ''}
      style={cssVars({ ...fill, share })}
    >
      <span className="bar" />
      <span className="base" />
      <span className="words">
        <b>{bin.label}</b>
        {layer.layer === 'class' && bin.color !== null ? <ClassBadge storageClass={bin.key} /> : null}
      </span>
      <span className="words t2">
        {formatBytes(bin.bytes)} · {formatShare(bytes > 0 ? bin.bytes / bytes : 0)}
      </span>
    </button>
  );
}

/** What the brush holds, in figures; undefined while nothing is picked. */
export function Picked({ layer, bytes }: { layer: LayerData; bytes: number }) {
  const picked = useExplore((state) => state.picked[layer.layer]) ?? NONE;
  const bins = layer.shown.filter(({ key }) => picked.has(key));
  if (bins.length === 0) return null;
  const held = bins.reduce((sum, bin) => sum + bin.bytes, 0);
  const versions = bins.reduce((sum, bin) => sum + bin.versions, 0);
  const isPriced = bins.every(({ monthlyNanoUsd }) => monthlyNanoUsd !== null);
  const nanoUsd = bins.reduce((sum, { monthlyNanoUsd }) => sum + BigInt(monthlyNanoUsd ?? 0), 0n);
  return (
    <p className="map-picked row nowrap" role="status">
      <span className="t3">
        {bins.length} of {layer.shown.length}
      </span>
      <b title={formatExactBytes(held)}>{formatBytes(held)}</b>
      <span className="t2">{formatShare(bytes > 0 ? held / bytes : 0)}</span>
      <span className="t2">{formatCountShort(versions)} versions</span>
      <b>
        {isPriced ? '' : '≥ '}
        {formatMoney(nanoUsd)} /mo
      </b>
      <Button kind="quiet" onClick={() => useExplore.getState().pick(layer.layer, [])}>
        Clear
      </Button>
    </p>
  );
}
