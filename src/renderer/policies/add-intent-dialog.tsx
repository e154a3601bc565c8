import { type FormEvent, useState } from 'react';
import { INTENT_TARGETS, type ScenarioIntent } from '../../contract/scenario.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { className } from '../explore/map/layers.ts';
import { CATEGORY_WORDS } from '../overview/pivot-table.ts';
import { addIntent } from '../state/scenarios.ts';
import { mostDays } from './intent-words.ts';

/** Classes lifecycle can move to (s3-domain 4.1), warm to cold. */
const MOVE_TO = ['INTELLIGENT_TIERING', 'STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'] as const;
const ACTS = [
  ...MOVE_TO.map((name) => ({ value: `move ${name}`, label: `would move to ${className(name)}` })),
  { value: 'expire', label: 'would expire' },
  { value: 'expireNoncurrent', label: 'would lose their replaced versions' },
] as const;

/** One more intent: what, where, what would happen, after how many days. */
export function AddIntentDialog({ onClose }: { onClose: () => void }) {
  const [target, setTarget] = useState<ScenarioIntent['target']>('dataset');
  const [prefix, setPrefix] = useState('');
  const [act, setAct] = useState<string>('move GLACIER_IR');
  const [days, setDays] = useState('90');
  const [kind = '', storageClass] = act.split(' ');
  const intent: ScenarioIntent = {
    id: `own-${target}-${act.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${fingerprint(prefix)}`,
    target,
    prefix,
    act: kind as ScenarioIntent['act'],
    ...(storageClass === undefined ? {} : { storageClass }),
    days: Math.min(3650, Math.max(1, Number(days) || 1)),
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    addIntent({ ...intent, days: Math.min(intent.days, mostDays(intent)), isOn: true });
    onClose();
  };
  const isPrefixOdd = prefix !== '' && !prefix.endsWith('/');
  return (
    <Dialog title="Add an intent" onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <div className="dialog-body">
          <label className="field">
            <span>What</span>
            <select className="input" value={target} onChange={(event) => setTarget(event.target.value as ScenarioIntent['target'])}>
              {INTENT_TARGETS.filter((name) => name !== 'system').map((name) => (
                <option key={name} value={name}>
                  {name === 'any' ? 'everything known' : CATEGORY_WORDS[name]}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span>Below the prefix</span>
            <input
              className="input mono"
              value={prefix}
              onChange={(event) => setPrefix(event.target.value)}
              placeholder="the whole bucket"
              spellCheck={false}
              autoComplete="off"
            />
            <small className={isPrefixOdd ? 'warn' : ''}>
              {isPrefixOdd
                ? 'A prefix that does not end in "/" also reaches names that merely begin like it'
                : 'What else lies there is left alone and said'}
            </small>
          </label>
          <div className="field-row">
            <label className="field">
              <span>Act</span>
              <select className="input" value={act} onChange={(event) => setAct(event.target.value)}>
                {ACTS.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
            <label className="field">
              <span>After how many days</span>
              <input
                className="input"
                inputMode="numeric"
                value={days}
                onChange={(event) => setDays(event.target.value.replace(/\D/g, '').slice(0, 4))}
                required
              />
            </label>
          </div>
        </div>
        <div className="dialog-foot">
          <span className="grow t3">Nothing is written to the bucket</span>
          <Button kind="primary" type="submit">
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Short and the same for the same text: an id may not hold a key. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}
