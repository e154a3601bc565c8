import { type FormEvent, useState } from 'react';
import type { Statement } from '../../contract/prove.ts';
import { CATEGORIES, type Category } from '../../contract/vocabulary.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { CATEGORY_WORDS } from '../overview/pivot-table.ts';
import { addStatement, nextId, useDuties } from './state.ts';

const KINDS = {
  kept: 'is kept at least',
  gone: 'is gone after',
  untouched: 'is acted on by no rule',
  locked: 'is locked at least',
} as const;
type Kind = keyof typeof KINDS;

/** One more thing that must hold. */
export function StatementDialog({ onClose }: { onClose: () => void }) {
  const { statements } = useDuties();
  const [kind, setKind] = useState<Kind>('kept');
  const [category, setCategory] = useState<Category | ''>('');
  const [prefix, setPrefix] = useState('');
  const [days, setDays] = useState('365');
  const [title, setTitle] = useState('');
  const [source, setSource] = useState('');
  const [covers, setCovers] = useState<Statement['covers']>('both');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    addStatement({
      id: nextId(statements),
      ...(title.trim() === '' ? {} : { title: title.trim() }),
      ...(source.trim() === '' ? {} : { source: source.trim() }),
      scope: { prefix, tags: [], ...(category === '' ? {} : { category }) },
      covers: category === '' ? covers : 'existing',
      ...meaning(kind, Math.min(36_500, Math.max(1, Number(days) || 1))),
    });
    onClose();
  };
  return (
    <Dialog title="New statement" onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <div className="dialog-body">
          <div className="field-row">
            <label className="field">
              <span>What</span>
              <select className="input" value={category} onChange={(event) => setCategory(event.target.value as Category | '')}>
                <option value="">everything</option>
                {CATEGORIES.map((name) => (
                  <option key={name} value={name}>
                    {CATEGORY_WORDS[name]}
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
            </label>
          </div>
          <div className="field-row">
            <label className="field">
              <span>Must hold</span>
              <select className="input" value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
                {Object.entries(KINDS).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
            {kind === 'untouched' ? null : (
              <label className="field">
                <span>Days after it was written</span>
                <input
                  className="input"
                  inputMode="numeric"
                  value={days}
                  onChange={(event) => setDays(event.target.value.replace(/\D/g, '').slice(0, 5))}
                  required
                />
              </label>
            )}
          </div>
          {category === '' ? (
            <label className="field">
              <span>For</span>
              <select className="input" value={covers} onChange={(event) => setCovers(event.target.value as Statement['covers'])}>
                <option value="both">any key there could ever be, and the versions there are</option>
                <option value="existing">the versions there are</option>
                <option value="any">any key there could ever be</option>
              </select>
            </label>
          ) : (
            <p className="t3">Rules cannot tell a kind of key from its neighbours, so this is decided for the versions there are.</p>
          )}
          <div className="field-row">
            <label className="field">
              <span>Title</span>
              <input
                className="input"
                value={title}
                maxLength={200}
                onChange={(event) => setTitle(event.target.value)}
                placeholder="its own words"
              />
            </label>
            <label className="field">
              <span>Source</span>
              <input
                className="input"
                value={source}
                maxLength={200}
                onChange={(event) => setSource(event.target.value)}
                placeholder="house rule"
              />
            </label>
          </div>
        </div>
        <div className="dialog-foot">
          <span className="grow t3">Decided at once; nothing is written to the bucket</span>
          <Button kind="primary" type="submit">
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type Meaning =
  | Pick<Extract<Statement, { kind: 'kept' }>, 'kind' | 'until' | 'counts' | 'overwrites'>
  | Pick<Extract<Statement, { kind: 'gone' }>, 'kind' | 'by' | 'uploads'>
  | Pick<Extract<Statement, { kind: 'untouched' }>, 'kind' | 'uploads'>
  | Pick<Extract<Statement, { kind: 'locked' }>, 'kind' | 'until'>;

function meaning(kind: Kind, ageDays: number): Meaning {
  if (kind === 'gone') return { kind, by: { ageDays }, uploads: false };
  if (kind === 'untouched') return { kind, uploads: false };
  if (kind === 'locked') return { kind, until: { ageDays } };
  return { kind, until: { ageDays }, counts: 'removed', overwrites: 'possible' };
}
