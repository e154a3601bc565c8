import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Compiled } from '../../contract/scenario.ts';
import { formatBytes } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { DaySlider } from '../components/day-slider.tsx';
import { HeldBackList } from '../components/held-back.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { removeIntent, setDays, switchIntent, useDesk, type Wanted } from '../state/scenarios.ts';
import { AddIntentDialog } from './add-intent-dialog.tsx';
import { hasDays, intentWords, mostDays } from './intent-words.ts';

/** What is wanted, each with its threshold; what none of it touches stands below. */
export function IntentsPanel({ compiled }: { compiled: Compiled | undefined }) {
  const { chosen, scenarios } = useDesk();
  const [isAdding, setIsAdding] = useState(false);
  const heldBack = compiled?.heldBack ?? [];
  const held = heldBack.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Panel
      title="Intents"
      note="days after the clock starts"
      className="policies-intents"
      action={
        chosen === 'now' ? null : (
          <Button kind="quiet" onClick={() => setIsAdding(true)}>
            <Plus size={14} aria-hidden="true" />
            Add
          </Button>
        )
      }
    >
      <ScrollArea label="Intents" className="fill">
        {chosen === 'now' ? (
          <p className="t2 gap-below">The bucket as it is, with the rules it has. Choose a plan to change something.</p>
        ) : (
          <ul className="intents">
            {scenarios[chosen].intents.map((intent) => (
              <IntentLine key={intent.id} intent={intent} />
            ))}
          </ul>
        )}
        {compiled === undefined || chosen === 'now' ? null : (
          <details className="held-summary">
            <summary>
              <span className="strong">Held back</span>
              <span className="grow" />
              <span className="strong">{formatBytes(held)}</span>
            </summary>
            <HeldBackList heldBack={heldBack} />
          </details>
        )}
      </ScrollArea>
      {isAdding ? <AddIntentDialog onClose={() => setIsAdding(false)} /> : null}
    </Panel>
  );
}

function IntentLine({ intent }: { intent: Wanted }) {
  const { title, note } = intentWords(intent);
  const most = mostDays(intent);
  const isOwn = intent.id.startsWith('own-');
  return (
    <li className={`intent ${intent.isOn ? '' : 'off'}`.trim()}>
      <label className="intent-name">
        <input type="checkbox" checked={intent.isOn} onChange={(event) => switchIntent(intent.id, event.target.checked)} />
        <span className="ellipsis" title={title}>
          {title}
        </span>
      </label>
      {hasDays(intent) ? <DaysField intent={intent} most={most} label={title} /> : <span />}
      {isOwn ? (
        <Button kind="icon" aria-label={`Remove: ${title}`} onClick={() => removeIntent(intent.id)}>
          <X size={14} aria-hidden="true" />
        </Button>
      ) : null}
      {hasDays(intent) ? (
        <DaySlider
          label={title}
          days={intent.days}
          most={most}
          isDisabled={!intent.isOn}
          words={`after ${intent.days} days`}
          onChange={(days, isDragging) => setDays(intent.id, days, isDragging)}
        />
      ) : null}
      <p className="intent-note t3" title={note}>
        <bdi>{note}</bdi>
      </p>
    </li>
  );
}

/** The days as a figure that can be typed over. */
function DaysField({ intent, most, label }: { intent: Wanted; most: number; label: string }) {
  const [typed, setTyped] = useState<string>();
  const done = (): void => {
    const days = Math.round(Number(typed));
    if (typed !== undefined && Number.isFinite(days) && days >= 1) setDays(intent.id, Math.min(most, days), false);
    setTyped(undefined);
  };
  return (
    <span className="intent-days">
      <input
        aria-label={`${label}, days`}
        inputMode="numeric"
        disabled={!intent.isOn}
        value={typed ?? String(intent.days)}
        onChange={(event) => setTyped(event.target.value.replace(/\D/g, '').slice(0, 4))}
        onFocus={(event) => event.target.select()}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
          else if (event.key === 'Escape') setTyped(undefined);
        }}
      />
      d
    </span>
  );
}
