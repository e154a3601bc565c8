import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser, formatEvent, type StreamEvent } from '../../../src/core/wire/event-stream.ts';

const parse = (pieces: readonly string[]): StreamEvent[] => {
  const events: StreamEvent[] = [];
  const parser = createEventParser((event) => events.push(event));
  for (const piece of pieces) parser(piece);
  return events;
};

test('events come out as they went in, however the text is cut', () => {
  const event = fc.record({ type: fc.constantFrom('message', 'session'), id: fc.constantFrom('1', '27'), data: fc.json() });
  fc.assert(
    fc.property(fc.array(event, { minLength: 1 }), fc.array(fc.nat(400)), (events, cuts) => {
      const text = events.map(formatEvent).join('');
      const at = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort((a, b) => a - b);
      const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
      expect(parse(pieces)).toEqual(events);
    }),
    { seed: 7 },
  );
});

test('comments, unknown fields and empty events are skipped, and CRLF ends a line too', () => {
  expect(parse([':\n\n', 'retry: 5\n\n', 'id: 3\r\ndata: {}\r\n\r\n'])).toEqual([{ type: 'message', id: '3', data: '{}' }]);
});
