/** Who may change something at a service; the layer rules let nobody else import this file. */
type Writer = 'lifecycle' | 'control';

const permitted = new WeakMap<object, Writer>();

/** Marks the input of one command as a write this program means to make; without it the client refuses to send it. */
export function permitWrite<T extends { readonly input: object }>(writer: Writer, command: T): T {
  permitted.set(command.input, writer);
  return command;
}

export const writerOf = (input: object): Writer | undefined => permitted.get(input);
