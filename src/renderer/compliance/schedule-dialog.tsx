import { type FormEvent, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorNote } from '../components/states.tsx';
import { useQuery } from '../state/query.ts';
import { addSchedule, useDuties } from './state.ts';

const OWN = '';

/** One more duty: a law or standard that ships, or a period of one's own, and the places it is about. */
export function ScheduleDialog({ onClose }: { onClose: () => void }) {
  const { file } = useDuties();
  const { data, error, retry } = useQuery('retention.regimes', {});
  const [regimeId, setRegimeId] = useState(OWN);
  const [name, setName] = useState('');
  const [prefixes, setPrefixes] = useState('logs/');
  const [least, setLeast] = useState('');
  const [most, setMost] = useState('');
  const regime = data?.regimes.find(({ id }) => id === regimeId);
  const places = prefixes
    .split('\n')
    .map((line) => line.trim())
    .filter((line, at, all) => line !== '' && all.indexOf(line) === at);
  const hasPeriod = least !== '' || most !== '' || regime !== undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const taken = new Set((file?.schedules ?? []).map(({ id }) => id));
    const base = regime?.id ?? 'duty';
    const id = Array.from({ length: 500 }, (_, at) => (at === 0 ? base : `${base}-${at + 1}`)).find((free) => !taken.has(free)) ?? base;
    addSchedule({
      id,
      ...(regime === undefined ? {} : { regime: regime.id }),
      ...(name.trim() === '' ? (regime === undefined ? { name: 'House rule' } : {}) : { name: name.trim() }),
      ...(least === '' ? {} : { minDays: Number(least) }),
      ...(most === '' ? {} : { maxDays: Number(most) }),
      scopes: places.map((prefix) => ({ prefix, tags: [] })),
      overwrites: 'possible',
    });
    onClose();
  };
  return (
    <Dialog title="Add a duty" onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <div className="dialog-body">
          {error === undefined ? null : <ErrorNote error={error} onRetry={retry} />}
          <div className="field-row">
            <label className="field">
              <span>Duty</span>
              <select className="input" value={regimeId} onChange={(event) => setRegimeId(event.target.value)}>
                <option value={OWN}>A house rule</option>
                {(data?.regimes ?? []).map(({ id, name: label }) => (
                  <option key={id} value={id}>
                    {label}
                  </option>
                ))}
              </select>
              {regime === undefined ? null : (
                <small>
                  {regime.source}: {regime.record}. Runs from: {regime.start}.
                </small>
              )}
            </label>
            <label className="field">
              <span>Name</span>
              <input
                className="input"
                value={name}
                maxLength={100}
                placeholder={regime?.name ?? 'House rule'}
                onChange={(event) => setName(event.target.value)}
              />
            </label>
          </div>
          <label className="field">
            <span>Places, a prefix on each line</span>
            <textarea
              className="input mono places"
              rows={3}
              value={prefixes}
              spellCheck={false}
              onChange={(event) => setPrefixes(event.target.value)}
            />
          </label>
          <div className="field-row">
            <Days label="Kept at least, days" value={least} placeholder={regime?.minDays ?? null} onChange={setLeast} />
            <Days label="Gone after, days" value={most} placeholder={regime?.maxDays ?? null} onChange={setMost} />
          </div>
          {data === undefined ? null : <p className="t3">{data.notice}</p>}
        </div>
        <div className="dialog-foot">
          <span className="grow t3">Kept with this workspace until you save it to a file</span>
          <Button kind="primary" type="submit" disabled={places.length === 0 || !hasPeriod}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Days({
  label,
  value,
  placeholder,
  onChange,
}: {
  label: string;
  value: string;
  placeholder: number | null;
  onChange: (value: string) => void;
}) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="input"
        inputMode="numeric"
        value={value}
        placeholder={placeholder === null ? 'none' : String(placeholder)}
        onChange={(event) => onChange(event.target.value.replace(/\D/g, '').replace(/^0+/, '').slice(0, 5))}
      />
    </label>
  );
}
