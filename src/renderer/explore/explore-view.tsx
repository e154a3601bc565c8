import './details/details.css';
import './explore.css';
import { useCallback, useEffect, useRef, useState } from 'react';
import { dayOf } from '../../core/report/format.ts';
import { useSize } from '../charts/use-size.ts';
import { cssVars } from '../components/css-vars.ts';
import { Segmented } from '../components/segmented.tsx';
import { Separator, usePaneShare } from '../components/separator.tsx';
import { EmptyState, ErrorNote } from '../components/states.tsx';
import { usePanes } from '../state/panes.ts';
import { navigate, useRoute } from '../state/route.ts';
import { usePricedAt, useSnapshot } from '../state/session.ts';
import { announcement } from './announce.ts';
import { Details } from './details/details.tsx';
import { visibleKey } from './key-text.ts';
import { LAYER_NAMES, LAYERS } from './map/layers.ts';
import { Legend, Picked } from './map/legend.tsx';
import { Treemap } from './map/treemap.tsx';
import { steppedArea, useTiles } from './map/use-tiles.ts';
import { parentPath } from './node-id.ts';
import { useExplore } from './state.ts';
import { TreeTable } from './table/tree-table.tsx';
import { type At, useListings } from './use-listings.ts';
import { useNode } from './use-node.ts';

const MAP_SHARE = { initial: 0.56, least: 0.2, most: 0.85 };

/** The bucket, directory by directory: a treemap over a tree of the same entries, and what is known of the one selected. */
export function ExploreView() {
  const at = usePricedAt();
  return at === null ? null : <Explore at={at} />;
}

function Explore({ at }: { at: At }) {
  const { prefix } = useRoute();
  const snapshot = useSnapshot();
  const layer = useExplore((state) => state.layer);
  const isPicked = useExplore((state) => (state.picked[state.layer]?.size ?? 0) > 0);
  const sort = useExplore((state) => state.sort);
  const selection = useExplore((state) => state.selection);
  const isDetailsShown = usePanes((state) => state.isDetailsShown);
  const { setLayer, select, forget } = useExplore.getState();
  const { ref: room, width, height } = useSize<HTMLDivElement>();
  const { mapped, error, retry } = useTiles(at, prefix, steppedArea(width, height), layer);
  const { store, loaded } = useListings(at, sort);
  const split = usePaneShare('explore-map', MAP_SHARE);
  const panes = useRef<HTMLDivElement>(null);

  const snapshotId = useRef(at.snapshotId);
  useEffect(() => {
    if (snapshotId.current === at.snapshotId) return;
    snapshotId.current = at.snapshotId;
    forget();
  }, [at.snapshotId, forget]);

  useLayerKey();

  const drill = useCallback((to: string): void => navigate({ view: 'explore', prefix: to }), []);
  const up = useCallback((): void => {
    if (prefix === '') return;
    // Where one came from stays marked, so that going in and out keeps one's place.
    select(prefix);
    navigate({ view: 'explore', prefix: parentPath(prefix) });
  }, [prefix, select]);

  const bucket = snapshot?.bucket ?? '';
  const bucketBytes = snapshot?.bytes ?? 0;
  const asOfDay = snapshot === undefined ? 0 : dayOf(Date.parse(snapshot.asOf));
  const isInside = selection?.startsWith(prefix) ?? false;
  const node = useNode(at, selection !== null && isInside ? selection : prefix, loaded);
  const failed = error ?? loaded.errors.get(prefix);

  if (failed !== undefined) {
    return (
      <div className="explore-alone">
        <ErrorNote
          error={failed}
          title={prefix === '' ? 'This snapshot could not be read.' : 'This directory could not be read.'}
          onRetry={() => {
            retry();
            store.retry();
          }}
        />
        {prefix === '' ? null : <a href="#explore">Go to the whole bucket</a>}
      </div>
    );
  }
  const shownBytes = mapped?.set.bytes[0] ?? 0;
  return (
    <div className={`view explore ${isDetailsShown ? 'with-details' : ''}`}>
      <h1 className="visually-hidden">Explore {bucket}</h1>
      <div className="explore-main">
        <div className="explore-bar">
          <span className="t3 nowrap">Colour by</span>
          <Segmented
            label="Colour by"
            options={LAYERS.map((value) => ({ value, label: LAYER_NAMES[value] }))}
            value={layer}
            onChange={setLayer}
          />
          <span className="grow" />
          {mapped !== undefined && isPicked ? (
            <Picked layer={mapped.layer} bytes={shownBytes} />
          ) : (
            <span className="t3 nowrap explore-hint">
              area is bytes · <kbd className="kbd">L</kbd> next layer
            </span>
          )}
        </div>
        <div className="explore-panes" ref={panes} style={cssVars({ split })}>
          <div className="explore-map" id="explore-map">
            <div className="explore-room" ref={room}>
              {mapped === undefined ? (
                <Skeleton what="map" />
              ) : shownBytes === 0 ? (
                <NoBytes />
              ) : (
                <Treemap
                  mapped={mapped}
                  width={width}
                  height={height}
                  bucket={bucket}
                  bucketBytes={bucketBytes}
                  asOfDay={asOfDay}
                  onDrill={drill}
                  onUp={up}
                />
              )}
            </div>
            {mapped === undefined || shownBytes === 0 ? null : <Legend layer={mapped.layer} bytes={shownBytes} />}
          </div>
          <Separator name="explore-map" label="Height of the map" controls="explore-map explore-tree" limits={MAP_SHARE} panes={panes} />
          <TreeTable
            prefix={prefix}
            label={`What lies in ${prefix === '' ? bucket : visibleKey(prefix)}`}
            store={store}
            loaded={loaded}
            asOfDay={asOfDay}
            onDrill={drill}
            onUp={up}
          />
        </div>
      </div>
      {isDetailsShown ? <Details node={node} bucket={bucket} bucketBytes={bucketBytes} asOfDay={asOfDay} /> : null}
      <p className="visually-hidden" aria-live="polite">
        {node === null || selection === null ? '' : announcement(node, bucketBytes, layer)}
      </p>
    </div>
  );
}

function NoBytes() {
  return (
    <EmptyState title="No bytes lie here">
      <p>Only delete markers or empty objects, if anything at all; the table lists them.</p>
    </EmptyState>
  );
}

/** L goes to the next layer, wherever the focus is. */
function useLayerKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== 'l') return;
      const { target } = event;
      if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement || document.querySelector('dialog[open]') !== null)
        return;
      event.preventDefault();
      useExplore.getState().nextLayer();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Waiting, drawn only once it has lasted: most answers are there before. */
function Skeleton({ what }: { what: string }) {
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return isShown ? (
    <div className="map-skeleton" role="status">
      <span>Reading the {what} …</span>
    </div>
  ) : null;
}
