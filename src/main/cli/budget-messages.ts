import type { BudgetReport } from '../../contract/budget.ts';
import { formatInstant } from '../../core/report/format.ts';

/** One line that says whether somebody has to look. */
export function headline({ bucket, alerts }: BudgetReport): string {
  const over = alerts.filter(({ level }) => level === 'over').length;
  if (alerts.length === 0) return `Budgets of ${bucket}: nothing to report`;
  const warnings = alerts.length - over;
  const parts = [
    ...(over > 0 ? [`${over} over`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return `Budgets of ${bucket}: ${parts.join(', ')}`;
}

function body(report: BudgetReport): string {
  const { alerts, asOf, assumptions, warnings } = report;
  return [
    `${headline(report)}, as of ${formatInstant(asOf)}.`,
    ...(alerts.length === 0 ? [] : ['', ...alerts.map(({ level, words }) => `${level === 'over' ? 'OVER' : 'WARNING'}: ${words}`)]),
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
    '',
    ...assumptions,
  ].join('\n');
}

/** What a webhook is to be sent: a text that chat services show, and all that was found. */
export const webhookBody = (report: BudgetReport): string => `${JSON.stringify({ text: body(report), report })}\n`;

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** Text of a header line in words of at most 75 characters (RFC 2047 2); nothing in it can end the line. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (base64(word + character).length > 60) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${base64(part)}?=`).join('\r\n ');
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Tue, 24 Nov 2026 06:00:00 +0000" (RFC 5322 3.3). */
function mailDate(instant: string): string {
  const date = new Date(instant);
  const two = (part: number): string => String(part).padStart(2, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`;
}

/** An address as it may stand in a header: nothing but visible ASCII around one "@". */
export const isMailAddress = (text: string): boolean =>
  /^[!-;=?A-~]+@[!-;=?A-~]+$/.test(text) && !/[,;:<>()[\]"\\]/.test(text) && text.split('@').length === 2;

/** A whole message (RFC 5322) that a scheduler can hand to any mail program. `writtenAt` is an ISO instant. */
export function mailMessage(
  report: BudgetReport,
  { from, to, writtenAt }: { from: string; to: readonly string[]; writtenAt: string },
): string {
  const text = base64(`${body(report).replaceAll('\n', '\r\n')}\r\n`);
  return [
    `From: ${from}`,
    `To: ${to.join(',\r\n ')}`,
    `Subject: ${encodedWords(headline(report))}`,
    `Date: ${mailDate(writtenAt)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    'Auto-Submitted: auto-generated',
    '',
    ...(text.match(/.{1,76}/g) ?? []),
    '',
  ].join('\r\n');
}
