import type { MethodName } from '../../contract/methods.ts';
import type { Result } from '../../contract/result.ts';
import type { Client } from '../../core/wire/client.ts';

/** One flag of a verb. `text` and `whole` take a value; `whole` is a whole number from 0. */
interface Flag {
  readonly type: 'text' | 'whole' | 'switch';
  /** What the value stands for in the help, such as FILE. */
  readonly value?: string;
  readonly words: string;
  readonly short?: string;
  readonly required?: true;
  readonly choices?: readonly string[];
}
export type Flags = Readonly<Record<string, Flag>>;

/** What was given on the command line, checked against the verb's flags. */
export interface Args {
  readonly words: readonly string[];
  text(flag: string): string | undefined;
  /** The value of a required flag. */
  must(flag: string): string;
  whole(flag: string): number | undefined;
  has(flag: string): boolean;
}

export interface VerbContext {
  /** A call to the engine with the progress line and Ctrl-C already attached. */
  readonly call: Client['call'];
  readonly signal: AbortSignal;
  /** A line for the person, on stderr. */
  readonly note: (line: string) => void;
  readonly json: boolean;
}

/** What a verb prints: one value with --json, words otherwise. */
export interface Output {
  readonly json: unknown;
  readonly words: () => string;
  /** The exit status where the answer itself is bad news; 0 unless given. */
  readonly exit?: 3 | undefined;
}

export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** How it is written, after the verb's name. */
  readonly usage: string;
  /** The methods of the map this verb stands for. */
  readonly methods: readonly MethodName[];
  readonly flags: Flags;
  /** How many words it takes besides flags, at most. */
  readonly positionals: number;
  /** Undefined: it has printed everything itself. */
  readonly run: (args: Args, context: VerbContext) => Promise<Result<Output | undefined>>;
}
