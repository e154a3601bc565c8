import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** What one run of vitest came to, as scripts/test.ts adds it up. */
export interface Tally {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
}

/**
 * Writes a Tally to the file named by ISOTHERM_TALLY. Vitest's own JSON reporter leaves out why a test was skipped;
 * here a skip without a reason (`context.skip('why')`) counts as a failure.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { readonly message: string }[]): void {
    const file = process.env.ISOTHERM_TALLY;
    if (file === undefined) return;
    let passed = 0;
    const failed: string[] = unhandled.map((error) => `unhandled error: ${error.message}`);
    const skipped: { test: string; reason: string }[] = [];
    for (const module of modules) {
      const place = `${module.project.name} ${module.relativeModuleId}`;
      let seen = 0;
      for (const test of module.children.allTests()) {
        seen++;
        const result = test.result();
        const name = `${place} > ${test.fullName}`;
        if (result.state === 'passed') passed++;
        else if (result.state === 'skipped' && result.note) skipped.push({ test: name, reason: result.note });
        else if (result.state === 'skipped' && (suiteFailed(module) || module.errors().length > 0))
          failed.push(`${name} (its suite failed)`);
        else if (result.state === 'skipped') failed.push(`${name} (skipped without a reason)`);
        else failed.push(name);
      }
      if (seen === 0 || (module.errors().length > 0 && !failed.some((name) => name.startsWith(place)))) {
        failed.push(`${place} (${module.errors()[0]?.message ?? 'holds no tests'})`);
      }
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ passed, failed, skipped } satisfies Tally));
  }
}

const suiteFailed = (module: TestModule): boolean => [...module.children.allSuites()].some((suite) => suite.errors().length > 0);
