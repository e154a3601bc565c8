import { COMMON_FLAGS } from './flags.ts';
import type { Verb } from './verb.ts';
import type { VerbGroup } from './verbs/index.ts';

export function generalHelp(groups: readonly VerbGroup[]): string {
  const width = Math.max(...groups.flatMap(({ verbs }) => verbs.map(({ name }) => name.length)));
  return [
    'Isotherm shows how old and how cold machine-learning storage on S3 is, and changes lifecycle policies safely.',
    '',
    'Usage: isotherm <verb> [flags]',
    '',
    ...groups.flatMap(({ title, verbs }) => [title, ...verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`), '']),
    'Every verb takes --json and --help. Exit status: 0 done, 2 usage, 3 input, 4 remote, 5 internal, 130 cancelled.',
  ].join('\n');
}

export function verbHelp(verb: Verb): string {
  const flags = Object.entries({ ...verb.flags, ...COMMON_FLAGS }).map(([name, flag]) => ({
    left: `${flag.short === undefined ? '    ' : `-${flag.short}, `}--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
    words: `${flag.words}${flag.required ? ' Required.' : ''}`,
  }));
  const width = Math.max(...flags.map(({ left }) => left.length));
  return [
    verb.summary,
    '',
    `Usage: isotherm ${verb.name} ${verb.usage}`.trimEnd(),
    '',
    ...flags.map(({ left, words }) => `  ${left.padEnd(width)}  ${words}`),
  ].join('\n');
}
