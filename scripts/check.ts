/** `npm run check`: what can be told in a minute: types, style, layers, dead code, unit tests. */
import { join } from 'node:path';
import { failedChecks, ROOT, runNode } from './steps.ts';

const failed = await failedChecks();
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
if (!(await runNode([vitest, 'run', '--project', 'unit'], { timeoutMs: 600_000 }))) failed.push('unit tests');
process.stdout.write(failed.length === 0 ? 'all checks passed\n' : `failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
