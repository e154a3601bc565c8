import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import type { ProfilesSchema } from '../../contract/connect.ts';
import { parseIni, profilesOf, type SignIn } from '../../core/rights/profiles.ts';

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Where the AWS CLI and every SDK keep a sign-in: the SHA-1 of the session's name or of its start URL. Of its content only the end is read. */
async function signIn(folder: string, session: string): Promise<SignIn | undefined> {
  const text = await textOf(join(folder, `${createHash('sha1').update(session).digest('hex')}.json`));
  if (text === undefined) return undefined;
  const expiresAt = /"expiresAt"\s*:\s*"([^"]{1,40})"/.exec(text)?.[1] ?? '';
  const expiresAtMs = Date.parse(expiresAt.replace(/UTC$/, 'Z'));
  return Number.isFinite(expiresAtMs) ? { session, expiresAtMs } : undefined;
}

/** Profiles of the files the SDK itself reads, without any secret of them. */
export async function readProfiles(now: Date, environment: NodeJS.ProcessEnv = process.env): Promise<InferOutput<typeof ProfilesSchema>> {
  const folder = join(environment.HOME ?? homedir(), '.aws');
  const configPath = environment.AWS_CONFIG_FILE || join(folder, 'config');
  const credentialsPath = environment.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials');
  const [config, credentials] = await Promise.all([textOf(configPath), textOf(credentialsPath)]);
  const sections = parseIni(config ?? '');
  const sessions = new Set([...sections.values()].flatMap((section) => [section.get('sso_session'), section.get('sso_start_url')]));
  const found = await Promise.all([...sessions].map((session) => (session ? signIn(join(folder, 'sso', 'cache'), session) : undefined)));
  const bySession = new Map(found.flatMap((kept) => (kept === undefined ? [] : [[kept.session, kept]])));
  return {
    profiles: profilesOf({
      config: sections,
      credentials: parseIni(credentials ?? ''),
      signInOf: (session) => bySession.get(session),
      nowMs: now.getTime(),
    }),
    files: [
      { path: configPath, isThere: config !== undefined },
      { path: credentialsPath, isThere: credentials !== undefined },
    ],
    environment: Boolean(environment.AWS_ACCESS_KEY_ID),
  };
}
