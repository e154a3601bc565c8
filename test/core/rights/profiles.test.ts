import { describe, expect, it } from 'vitest';
import { parseIni, profilesOf } from '../../../src/core/rights/profiles.ts';

const NOW = Date.UTC(2026, 10, 22, 10);
const CONFIG = `
# a comment
[default]
region = eu-central-1 ; where most lies
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
[profile ml]
sso_session = corp
region=us-west-2
[profile "with space"]
sso_start_url = https://old.awsapps.com/start
[profile auditor]
role_arn = arn:aws:iam::111122223333:role/audit
source_profile = ml
[profile admin]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = default
mfa_serial = arn:aws:iam::111122223333:mfa/ann
[profile lost]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = gone
[profile round]
role_arn = arn:aws:iam::111122223333:role/r
source_profile = trip
[profile trip]
role_arn = arn:aws:iam::111122223333:role/t
source_profile = round
[profile lab]
endpoint_url = http://127.0.0.1:9000
s3 =
  addressing_style = path
credential_process = /usr/bin/vend
[services other]
region = nowhere
`;
const CREDENTIALS =
  '[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = not-for-anyone\n[short]\naws_access_key_id = ASIA\naws_session_token = t\n';

const profiles = (signIns: Readonly<Record<string, number>> = {}) =>
  profilesOf({
    config: parseIni(CONFIG),
    credentials: parseIni(CREDENTIALS),
    signInOf: (session) => {
      const expiresAtMs = signIns[session];
      return expiresAtMs === undefined ? undefined : { session, expiresAtMs };
    },
    nowMs: NOW,
  });
const of = (name: string, signIns?: Readonly<Record<string, number>>) => profiles(signIns).find((profile) => profile.name === name);

describe('profiles of the AWS files', () => {
  it('are those of both files, default first, and no other section', () => {
    expect(profiles().map(({ name }) => name)).toEqual([
      'default',
      'admin',
      'auditor',
      'lab',
      'lost',
      'ml',
      'round',
      'short',
      'trip',
      'with space',
    ]);
  });
  it('never hold a secret', () => expect(JSON.stringify(profiles())).not.toMatch(/not-for-anyone|AKIAEXAMPLE|ASIA/));
  it('take settings of both files, without comments', () => {
    expect(of('default')).toMatchObject({ kind: 'keys', region: 'eu-central-1', state: 'ready' });
    expect(of('lab')).toMatchObject({ kind: 'process', endpoint: 'http://127.0.0.1:9000', state: 'ready' });
  });
  it('say of a sign-in whether and until when it lasts, and how to sign in', () => {
    expect(of('ml')).toMatchObject({ state: 'signIn', command: 'aws sso login --profile ml' });
    expect(of('ml', { corp: NOW - 1 })).toMatchObject({ state: 'expired', signedInUntil: '2026-11-22T09:59:59.999Z' });
    expect(of('ml', { corp: NOW + 3_600_000 })).toMatchObject({
      state: 'ready',
      words: 'signed in until 2026-11-22 11:00 UTC',
      command: null,
    });
    expect(of('with space')?.command).toBe("aws sso login --profile 'with space'");
  });
  it('make a role as ready as what it is assumed with', () => {
    expect(of('auditor')).toMatchObject({ kind: 'role', state: 'signIn', command: 'aws sso login --profile ml' });
    expect(of('auditor', { corp: NOW + 1 })).toMatchObject({ state: 'ready', signedInUntil: '2026-11-22T10:00:00.001Z' });
    expect(of('lost')).toMatchObject({ state: 'broken' });
  });
  it('name the second factor, which cannot be typed in here', () => expect(of('admin')).toMatchObject({ state: 'code' }));
  it('end where two roles name each other', () => expect(of('round')?.state).toBe('broken'));
});
