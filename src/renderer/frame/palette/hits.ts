import type { LucideIcon } from 'lucide-react';
import { COMMANDS } from '../commands.ts';
import { scoreOf } from './match.ts';

/** One line of the palette. */
export interface Hit {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** At the end of the line: keys, or what a place holds. */
  readonly aside: string;
  readonly Icon: LucideIcon;
  readonly isKey: boolean;
  run(): void;
}

const MOST_COMMANDS = 12;

/** The commands that answer what was typed, the best first within their groups, groups in their own order. */
export function commandHits(query: string): Hit[] {
  return COMMANDS.map((command) => ({
    command,
    score: Math.max(scoreOf(query, command.title), 0.9 * scoreOf(query, `${command.title} ${command.words ?? ''}`)),
  }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, query.trim() === '' ? COMMANDS.length : MOST_COMMANDS)
    .map(({ command }) => ({
      id: command.id,
      group: command.group,
      title: command.title,
      aside: command.keys ?? '',
      Icon: command.Icon,
      isKey: true,
      run: command.run,
    }));
}

/** The groups in the order they first come, each with its hits. */
export function grouped(hits: readonly Hit[]): { readonly group: string; readonly hits: readonly Hit[] }[] {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    const known = groups.get(hit.group);
    if (known === undefined) groups.set(hit.group, [hit]);
    else known.push(hit);
  }
  return [...groups].map(([group, list]) => ({ group, hits: list }));
}
