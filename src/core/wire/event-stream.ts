/** One event of a text/event-stream (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). */
export interface StreamEvent {
  readonly type: string;
  readonly id: string;
  readonly data: string;
}

/** Text of one event. `data` must hold no line break, which JSON never does. */
export const formatEvent = (event: StreamEvent): string =>
  `${event.type === 'message' ? '' : `event: ${event.type}\n`}${event.id === '' ? '' : `id: ${event.id}\n`}data: ${event.data}\n\n`;

/** A parser fed with pieces of text, cut anywhere; comments and unknown fields are skipped. */
export function createEventParser(emit: (event: StreamEvent) => void): (text: string) => void {
  let pieces: string[] = [];
  let type = 'message';
  let id = '';
  let data: string[] = [];

  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) emit({ type, id, data: data.join('\n') });
      type = 'message';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(text.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') type = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  };

  return (text) => {
    // Pieces are joined once per line, so a payload of many chunks costs no more than its length.
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      pieces.push(text.slice(from, end));
      const whole = pieces.join('');
      pieces = [];
      line(whole.endsWith('\r') ? whole.slice(0, -1) : whole);
      from = end + 1;
    }
    if (from < text.length) pieces.push(text.slice(from));
  };
}
