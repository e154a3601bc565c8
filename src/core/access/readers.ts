import { ok, type Result } from '../../contract/result.ts';
import { compileGlob, type Glob } from '../classify/glob.ts';

/** Who reads: the requester with the program it used, so that a scanner in a shared role can be told apart. */
export interface Reader {
  readonly requester: string;
  /** First product of the user agent, without versions. */
  readonly agent: string;
}

/** "aws-cli/2.15.0 Python/3.11 …" is aws-cli. */
export function agentOf(userAgent: string): string {
  const product =
    userAgent
      .replace(/^\[/, '')
      .trim()
      .split(/[\s/;,(]/)[0] ?? '';
  return product.slice(0, 80);
}

/**
 * Readers that touch everything and use nothing (s3-domain 2.6): scanners, backups, replication, batch jobs. A person can add to them
 * and take from them. `*` stands for any text; patterns are matched with the requester and with the agent.
 */
export const USUAL_NOISE: readonly string[] = [
  'arn:aws*:sts::*:assumed-role/AWSServiceRoleForAmazonMacie/*',
  '*macie.amazonaws.com',
  '*guardduty.amazonaws.com',
  '*malware-protection-plan.guardduty.amazonaws.com',
  '*replication.s3.amazonaws.com',
  '*batchoperations.s3.amazonaws.com',
  '*backup.amazonaws.com',
  'arn:aws*:sts::*:assumed-role/AWSBackup*/*',
  '*inventory.s3.amazonaws.com',
  '*lifecycle.s3.amazonaws.com',
  'svc:s3.amazonaws.com',
  'AmazonS3',
  'clamav*',
];

/** Whether a reader is noise, for a list of patterns. Usage where one cannot be read. */
export function noiseFilter(patterns: readonly string[]): Result<(reader: Reader) => boolean> {
  const globs: Glob[] = [];
  for (const pattern of patterns) {
    // Names of readers have slashes that mean nothing here.
    const glob = compileGlob(pattern.replace(/\*+/g, '**'));
    if (!glob.ok) return glob;
    globs.push(glob.value);
  }
  return ok(({ requester, agent }) => globs.some((glob) => glob.matches(requester) || (agent !== '' && glob.matches(agent))));
}
