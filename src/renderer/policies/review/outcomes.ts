import type { JournalEntry } from '../../../contract/journal.ts';

/** The journal has an entry before and one after each request; people see the latest of each. */
export function latestOutcomes(journal: readonly JournalEntry[]): JournalEntry[] {
  const latest = new Map<string, JournalEntry>();
  for (const entry of journal) {
    const known = latest.get(entry.journalId);
    if (known === undefined || entry.sequence > known.sequence) latest.set(entry.journalId, entry);
  }
  return [...latest.values()].sort((a, b) => b.sequence - a.sequence);
}
