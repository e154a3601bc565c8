import { type CephServer, startCeph } from './ceph.ts';
import type { CephAccess } from './cluster.ts';
import type { Available } from './packages.ts';

/** The server that `npm test` has started, or one of our own when a suite is run alone. */
export async function cephForTests(): Promise<Available<CephServer>> {
  const running = process.env.ISOTHERM_TEST_CEPH;
  if (running) return { ok: true, value: { access: JSON.parse(running) as CephAccess, stop: async () => undefined } };
  const absent = process.env.ISOTHERM_TEST_CEPH_ABSENT;
  if (absent) return { ok: false, reason: absent };
  return startCeph({ quiet: true });
}
