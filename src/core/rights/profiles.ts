import type { Profile } from '../../contract/connect.ts';

/** Sections by name, their settings by name. */
type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * The AWS files' own INI: "[name]", "name = value", comments at a line's beginning or after white space, settings of settings indented.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function parseIni(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let open: Map<string, string> | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const head = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (head !== undefined) {
      open = sections.get(head) ?? new Map();
      sections.set(head, open);
      continue;
    }
    // What is indented belongs to the setting before, such as the parts of "s3 =".
    const [, name, value] = /^([^\s=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) open?.set(name.toLowerCase(), value.replace(/\s[#;].*$/, '').trimEnd());
  }
  return sections;
}

/** A sign-in that was kept: its session's name or start URL, and until when it lasts. */
export interface SignIn {
  readonly session: string;
  readonly expiresAtMs: number;
}

export interface AwsFiles {
  readonly config: Sections;
  readonly credentials: Sections;
  /** What is kept for a session name or start URL. */
  readonly signInOf: (session: string) => SignIn | undefined;
  readonly nowMs: number;
}

const MOST_STEPS = 10;

/** A name as a shell takes it. */
const quoted = (name: string): string => (/^[\w.@%+=:,/-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

/** Every profile of both files, by name, "default" first. */
export function profilesOf(files: AwsFiles): Profile[] {
  const names = new Set(files.credentials.keys());
  for (const head of files.config.keys()) {
    if (head === 'default') names.add(head);
    const named = /^profile\s+(.+)$/.exec(head)?.[1];
    if (named !== undefined) names.add(named.replace(/^["'](.*)["']$/, '$1'));
  }
  const order = (name: string): string => (name === 'default' ? '' : name);
  return [...names].sort((a, b) => (order(a) < order(b) ? -1 : 1)).map((name) => profileOf(name, files, 0));
}

function settingsOf(name: string, { config, credentials }: AwsFiles): ReadonlyMap<string, string> | undefined {
  const parts = [config.get(`profile ${name}`), config.get(`profile "${name}"`), name === 'default' ? config.get('default') : undefined];
  const found = [...parts, credentials.get(name)].filter((part) => part !== undefined);
  return found.length === 0 ? undefined : new Map(found.flatMap((part) => [...part]));
}

function profileOf(name: string, files: AwsFiles, depth: number): Profile {
  const settings = settingsOf(name, files) ?? new Map<string, string>();
  const of = (key: string): string | null => settings.get(key) || null;
  const bare: Profile = {
    name,
    kind: 'none',
    region: of('region'),
    endpoint: of('endpoint_url'),
    roleArn: of('role_arn'),
    source: of('source_profile') ?? of('credential_source'),
    mfaDevice: of('mfa_serial'),
    signedInUntil: null,
    state: 'ready',
    words: '',
    command: null,
  };
  if (bare.roleArn !== null && of('web_identity_token_file') !== null)
    return { ...bare, kind: 'webIdentity', words: `assumes ${bare.roleArn} with a token from a file` };
  if (bare.roleArn !== null) return assuming(bare, of('source_profile'), files, depth);
  if (of('sso_session') !== null || of('sso_start_url') !== null)
    return signedIn(bare, of('sso_session') ?? of('sso_start_url') ?? '', files);
  if (of('credential_process') !== null) return { ...bare, kind: 'process', words: 'credentials come from a program' };
  if (of('aws_access_key_id') !== null)
    return {
      ...bare,
      kind: 'keys',
      words: of('aws_session_token') === null ? 'access keys on this machine' : 'access keys for one session; they end by themselves',
    };
  return { ...bare, state: 'broken', words: 'no credentials of its own: the usual chain goes on without it' };
}

function signedIn(bare: Profile, session: string, { signInOf, nowMs }: AwsFiles): Profile {
  const signIn = signInOf(session);
  const command = `aws sso login --profile ${quoted(bare.name)}`;
  if (signIn === undefined) return { ...bare, kind: 'sso', state: 'signIn', words: 'not signed in', command };
  const signedInUntil = new Date(signIn.expiresAtMs).toISOString();
  const until = `${signedInUntil.slice(0, 10)} ${signedInUntil.slice(11, 16)} UTC`;
  return signIn.expiresAtMs <= nowMs
    ? { ...bare, kind: 'sso', signedInUntil, state: 'expired', words: `the sign-in ended on ${until}`, command }
    : { ...bare, kind: 'sso', signedInUntil, words: `signed in until ${until}` };
}

/** A role is as ready as what it is assumed with; a second factor cannot be typed in here. */
function assuming(bare: Profile, source: string | null, files: AwsFiles, depth: number): Profile {
  const own: Profile = { ...bare, kind: 'role', words: `assumes ${bare.roleArn}` };
  if (source !== null && source !== bare.name) {
    if (settingsOf(source, files) === undefined || depth >= MOST_STEPS)
      return { ...own, state: 'broken', words: `${own.words} on profile "${source}", which is not there` };
    const base = profileOf(source, files, depth + 1);
    if (base.state !== 'ready')
      return {
        ...own,
        state: base.state,
        signedInUntil: base.signedInUntil,
        words: `${own.words} on profile "${source}": ${base.words}`,
        command: base.command,
      };
    own.signedInUntil = base.signedInUntil;
  }
  if (bare.mfaDevice === null) return own;
  return {
    ...own,
    state: 'code',
    words: `${own.words} with a code of ${bare.mfaDevice}, which has to be given outside of Isotherm`,
    command: `eval "$(aws configure export-credentials --profile ${quoted(bare.name)} --format env)" && isotherm`,
  };
}
