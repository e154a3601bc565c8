import type { POLICY_FILE_METHODS } from '../../../contract/methods/policy-files.ts';
import { ok } from '../../../contract/result.ts';
import { liveTableRoots } from '../../../core/cube/live-tables.ts';
import { comparePolicies } from '../../../core/policy/compare.ts';
import { readPolicyText, writePolicyText } from '../../../core/policy/formats/formats.ts';
import { failedCheck } from '../../../core/policy/validate/issue.ts';
import { checkPolicy, policyDocument } from '../../../core/policy/validate/validate.ts';
import { withHash } from '../../apply/hash.ts';
import { openIndex } from '../../index/reader.ts';
import { choosePrices } from '../../prices.ts';
import type { Handlers } from '../handler.ts';

export const policyFileHandlers: Pick<Handlers, keyof typeof POLICY_FILE_METHODS> = {
  'policy.check': async ({ text, resource, region, index, snapshotId, current }, { environment }) => {
    let liveTables: readonly string[] | undefined;
    let known: string | null = null;
    if (index !== undefined) {
      const reader = openIndex(index);
      if (!reader.ok) return reader;
      const snapshot = reader.value.snapshot(snapshotId);
      if (!snapshot.ok) return snapshot;
      const cube = reader.value.cube(snapshot.value.snapshotId);
      if (!cube.ok) return cube;
      liveTables = liveTableRoots(cube.value);
      known = snapshot.value.region;
    }
    const prices = await choosePrices(environment, region, known);
    if (!prices.ok) return prices;
    const raw = readPolicyText(text, resource);
    return ok(raw.ok ? checkPolicy(raw.value, { list: prices.value.list, current, liveTables }) : failedCheck(raw.error));
  },

  'policy.convert': async ({ text, resource, to, bucket, name, minimumSize }) => {
    const raw = readPolicyText(text, resource);
    if (!raw.ok) return raw;
    const document = policyDocument(raw.value);
    if (!document.ok) return document;
    const { configuration } = document.value;
    const size = minimumSize ?? document.value.minimumSize;
    const written = writePolicyText(to, configuration, size, { bucket, resource: name });
    if (!written.ok) return written;
    const needsId = to === 'terraform' || to === 'terraform-json';
    const unnamed = needsId ? configuration.Rules.filter(({ ID: id }) => id === undefined).length : 0;
    return ok({
      from: raw.value.format,
      to,
      text: written.value,
      hash: withHash({ configuration, minimumSize: size }).hash,
      notes: unnamed === 0 ? [] : [`Terraform wants an ID for every rule: ${unnamed} without one were given "rule/" and their number.`],
    });
  },

  'policy.compare': async ({ before, after }) => ok(comparePolicies(before, after)),
};
