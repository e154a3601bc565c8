import { useMemo, useState } from 'react';
import type { Remote } from '../../contract/remote.ts';
import { ProfileField } from './connect/profile-field.tsx';

interface Fields {
  readonly endpoint: string;
  readonly region: string;
  readonly profile: string;
  readonly pathStyle: boolean;
}

export interface RemoteForm extends Fields {
  readonly remote: Remote;
  change(fields: Partial<Fields>): void;
}

/** How to reach S3, as typed; an empty field is left to the AWS SDK. */
export function useRemoteForm(initial: Remote): RemoteForm {
  const [fields, setFields] = useState<Fields>({
    endpoint: initial.endpoint ?? '',
    region: initial.region ?? '',
    profile: initial.profile ?? '',
    pathStyle: initial.pathStyle ?? false,
  });
  const remote = useMemo<Remote>(() => {
    const [endpoint, region, profile] = [fields.endpoint.trim(), fields.region.trim(), fields.profile.trim()];
    return {
      ...(endpoint === '' ? {} : { endpoint }),
      ...(region === '' ? {} : { region }),
      ...(profile === '' ? {} : { profile }),
      ...(fields.pathStyle ? { pathStyle: true } : {}),
    };
  }, [fields]);
  return { ...fields, remote, change: (changed) => setFields((before) => ({ ...before, ...changed })) };
}

export function RemoteFields({ form }: { form: RemoteForm }) {
  return (
    <>
      <div className="field-row">
        <label className="field">
          <span>Endpoint</span>
          <input
            className="input mono"
            type="url"
            value={form.endpoint}
            onChange={(event) => form.change({ endpoint: event.target.value })}
            placeholder="AWS"
            spellCheck={false}
            autoComplete="off"
          />
        </label>
        <label className="field">
          <span>Region</span>
          <input
            className="input mono"
            value={form.region}
            onChange={(event) => form.change({ region: event.target.value })}
            placeholder="from the SDK"
            spellCheck={false}
            autoComplete="off"
          />
        </label>
      </div>
      <div className="field-row">
        <ProfileField value={form.profile} onChange={(profile) => form.change({ profile })} />
        <label className="check check-low">
          <input type="checkbox" checked={form.pathStyle} onChange={(event) => form.change({ pathStyle: event.target.checked })} />
          Path-style addresses
        </label>
      </div>
    </>
  );
}
