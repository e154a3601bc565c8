/**
 * Owns one cluster for one parent. It lives in a process of its own so that a crash of the tests leaves nothing behind:
 * when its standard input closes, for whatever reason, it kills every daemon and removes their files.
 * Standard output: one JSON line, {"ready": access} or {"unavailable": reason}. Words go to standard error.
 */
import { type Cluster, startCluster } from './cluster.ts';
import { cephPackages } from './packages.ts';

const ATTEMPTS = 5;
const begun = performance.now();
const say = (words: string): void => {
  process.stderr.write(`ceph ${((performance.now() - begun) / 1000).toFixed(1)} s: ${words}\n`);
};

/** Where lifecycle rules are to run: how long a day is. */
const daySeconds = process.argv[2] === undefined ? null : Number(process.argv[2]);
let cluster: Cluster | undefined;
let starting: Promise<void> | undefined;
let ending = false;

async function end(status: number): Promise<void> {
  if (ending) return;
  ending = true;
  // A start that is under way cleans up after itself, but it must not outlive its parent for long.
  setTimeout(() => process.exit(status), 60_000).unref();
  await starting;
  await cluster?.stop();
  process.exit(status);
}

process.stdin.on('end', () => void end(0)).on('error', () => void end(0));
process.stdin.resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(0));
process.stdout.on('error', () => void end(0));

async function start(): Promise<void> {
  const packages = cephPackages(say);
  if (!packages.ok) {
    process.stdout.write(`${JSON.stringify({ unavailable: packages.reason })}\n`);
    return;
  }
  const failures: string[] = [];
  while (failures.length < ATTEMPTS && !ending) {
    try {
      cluster = await startCluster(packages.value, say, daySeconds);
      process.stdout.write(`${JSON.stringify({ ready: cluster.access })}\n`);
      return;
    } catch (cause) {
      failures.push(cause instanceof Error ? cause.message : String(cause));
      say(`attempt ${failures.length} failed: ${failures.at(-1)}`);
    }
  }
  process.stdout.write(`${JSON.stringify({ failed: `Ceph did not start in ${ATTEMPTS} attempts: ${failures.join('; ')}` })}\n`);
}

starting = start().catch((cause: unknown) => {
  process.stdout.write(`${JSON.stringify({ failed: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })}\n`);
});
