import { useId } from 'react';
import type { Profile } from '../../../contract/connect.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { useQuery } from '../../state/query.ts';

const STATE_WORDS: Readonly<Record<Profile['state'], string>> = {
  ready: 'ready',
  signIn: 'sign in first',
  expired: 'expired',
  code: 'needs a code',
  broken: 'incomplete',
};

/** A profile of this machine, by name, with how it comes by credentials and what has to be done first. */
export function ProfileField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId();
  const { data, retry } = useQuery('connect.profiles', {});
  const profile = data?.profiles.find(({ name }) => name === (value.trim() || 'default'));
  return (
    <div className="field">
      <label htmlFor={`${id}-field`}>Profile</label>
      <input
        id={`${id}-field`}
        className="input mono"
        list={`${id}-names`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder="default"
        spellCheck={false}
        autoComplete="off"
      />
      <datalist id={`${id}-names`}>
        {data?.profiles.map(({ name, words }) => (
          <option key={name} value={name} label={words} />
        ))}
      </datalist>
      {data === undefined ? null : profile === undefined ? (
        <small>{missingWords(value.trim(), data.profiles.length, data.environment)}</small>
      ) : (
        <ProfileState profile={profile} onAgain={retry} />
      )}
    </div>
  );
}

function missingWords(value: string, count: number, hasEnvironment: boolean): string {
  if (value !== '') return `No profile of that name; ${count === 0 ? 'this machine has none' : `there are ${count}`}`;
  return hasEnvironment ? 'Credentials come from the environment' : 'No profile named default; the AWS SDK goes on with its usual chain';
}

function ProfileState({ profile, onAgain }: { profile: Profile; onAgain: () => void }) {
  const { state, words, command } = profile;
  return (
    <small className="profile-state">
      <Badge tone={state === 'ready' ? 'ok' : 'warn'}>{STATE_WORDS[state]}</Badge> <bdi>{words}</bdi>
      {command === null ? null : (
        <span className="profile-command">
          <code>{command}</code>
          <CopyButton text={command} words="Copy the command" kind="quiet" />
          <Button kind="quiet" onClick={onAgain}>
            Look again
          </Button>
        </span>
      )}
    </small>
  );
}
