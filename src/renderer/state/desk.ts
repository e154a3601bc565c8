import * as v from 'valibot';
import { client } from '../api/client.ts';

/**
 * What the window remembers between starts, as notes by name. The engine keeps them, because the address of the
 * loopback shell changes with every start and a browser keeps its own storage by address.
 */
type Notes = Record<string, unknown>;
const NotesSchema = v.record(v.string(), v.unknown());

const SAVE_DELAY_MS = 400;
/** Notes of workspaces nobody opened for long go first. */
const MOST_CHARACTERS = 900_000;

let notes: Notes = {};
let isLoaded = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const waiting: (() => void)[] = [];

/** Reads the notes once; stores that keep something take up theirs. A desk that cannot be read is an empty one. */
export async function loadDesk(): Promise<void> {
  const kept = await client.call('app.recall', {});
  notes = kept.ok ? parseNotes(kept.value.desk ?? '{}') : {};
  isLoaded = true;
  for (const take of waiting.splice(0)) take();
}

function parseNotes(text: string): Notes {
  try {
    const parsed = v.safeParse(NotesSchema, JSON.parse(text));
    return parsed.success ? parsed.output : {};
  } catch {
    return {};
  }
}

/** The note of this name where it has the form it must have. */
function readNote<T>(name: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  const parsed = v.safeParse(schema, notes[name]);
  return parsed.success ? parsed.output : undefined;
}

function writeNote(name: string, value: unknown): void {
  if (!isLoaded) return;
  const { [name]: _before, ...others } = notes;
  notes = { ...others, [name]: value };
  timer ??= setTimeout(save, SAVE_DELAY_MS);
}

function save(): void {
  timer = undefined;
  let text = JSON.stringify(notes);
  for (const name of Object.keys(notes)) {
    if (text.length <= MOST_CHARACTERS) break;
    delete notes[name];
    text = JSON.stringify(notes);
  }
  void client.call('app.remember', { desk: text });
}

interface Store<S> {
  readonly getState: () => S;
  readonly setState: (part: Partial<S>) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Keeps a part of a store between starts: taken up when the desk is read, written whenever it changes. */
export function keep<S, T extends Partial<S>>(
  store: Store<S>,
  name: string,
  schema: v.GenericSchema<unknown, T>,
  pick: (state: S) => T,
): void {
  const take = (): void => {
    const note = readNote(name, schema);
    if (note !== undefined) store.setState(note);
    let written = JSON.stringify(pick(store.getState()));
    store.subscribe(() => {
      const value = pick(store.getState());
      const text = JSON.stringify(value);
      if (text === written) return;
      written = text;
      writeNote(name, value);
    });
  };
  if (isLoaded) take();
  else waiting.push(take);
}

/** A note is saved when the window goes, not only after its delay. */
if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && timer !== undefined) {
      clearTimeout(timer);
      save();
    }
  });
}
