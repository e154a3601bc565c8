import * as v from 'valibot';

/** The answer to a statement. Whole numbers beyond 2^53 are text, bytes are hex digits. */
export const SqlAnswerSchema = v.strictObject({
  columns: v.array(v.string()),
  rows: v.array(v.array(v.nullable(v.union([v.string(), v.number()])))),
  /** Whether there are more rows than were asked for. */
  isCut: v.boolean(),
});
export type SqlAnswer = v.InferOutput<typeof SqlAnswerSchema>;
