import './palette.css';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { formatShare } from '../../../core/report/format.ts';
import { useOverlays } from '../../state/overlays.ts';
import { commandHits, grouped, type Hit } from './hits.ts';
import { useKeys } from './keys.ts';
import { usePlaces } from './places.ts';
import { questionHits } from './questions.ts';

/** A question asked in words comes before commands that merely look like it; with nothing typed it comes last of the acts. */
const hitsFor = (query: string, places: readonly Hit[]): Hit[] =>
  query.trim() === '' ? [...commandHits(query), ...questionHits(query)] : [...questionHits(query), ...commandHits(query), ...places];

/** Everything the window can do and every place it can go, found by typing. Nothing here applies a plan. */
export function Palette() {
  const { close } = useOverlays.getState();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const places = usePlaces(query);
  const { hits: found, seen } = useKeys(query);
  const groups = useMemo(() => {
    const known = new Set(places.map(({ id }) => id));
    return grouped(hitsFor(query, [...places, ...found.filter(({ id }) => !known.has(id))]));
  }, [query, places, found]);
  const hits = useMemo(() => groups.flatMap((group) => group.hits), [groups]);
  const active = Math.min(at, hits.length - 1);

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element !== null && !element.open) element.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const run = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    close();
    // The focus goes back where it was before the command decides where it goes.
    queueMicrotask(hit.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (move !== undefined) setAt(Math.max(0, Math.min(hits.length - 1, active + move)));
    else if (event.key === 'Enter') run(hits[active]);
    else return;
    event.preventDefault();
  };
  const optionId = (hit: Hit): string => `${id}-${hits.indexOf(hit)}`;
  const current = hits[active];
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Commands and places"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) close();
      }}
    >
      <input
        className="palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-label="What to do or where to go"
        {...(current === undefined ? {} : { 'aria-activedescendant': optionId(current) })}
        placeholder="Type a command, a key or prefix, a glob such as *.pt, or a question"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        spellCheck={false}
        autoComplete="off"
      />
      <div className="palette-list scroll" ref={list} id={`${id}-list`} role="listbox" aria-label="Hits">
        {hits.length === 0 && seen === undefined ? <p className="palette-none t2">Nothing goes by “{query}”.</p> : null}
        {groups.map(({ group, hits: lines }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
          <div key={group} role="group" aria-label={group}>
            <p className="palette-group" aria-hidden="true">
              {group}
            </p>
            {lines.map((hit) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which names the active option
              // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input
              <div
                key={hit.id}
                id={optionId(hit)}
                className="palette-line"
                role="option"
                aria-selected={hit === current}
                onClick={() => run(hit)}
                onPointerMove={() => setAt(hits.indexOf(hit))}
              >
                <hit.Icon size={16} strokeWidth={1.5} aria-hidden="true" />
                <span className="ellipsis grow">
                  <bdi>{hit.title}</bdi>
                </span>
                <span className={hit.isKey ? 't3 nowrap' : 't2 tnum nowrap'}>{hit.aside}</span>
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="palette-foot t2">
        <span>
          <kbd className="kbd">↑↓</kbd> move
        </span>
        <span>
          <kbd className="kbd">↵</kbd> run
        </span>
        <span>
          <kbd className="kbd">Esc</kbd> close
        </span>
        <span className="grow" />
        {seen === undefined ? 'no command applies a plan' : `looking through keys, ${formatShare(seen.rows / Math.max(1, seen.total))}`}
      </p>
    </dialog>
  );
}
