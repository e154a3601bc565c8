import { CostFrameFileSchema, type ManagerReport } from '../../../contract/manager-report.ts';
import { OWNER_DIMENSIONS, type OwnerDimension } from '../../../contract/owners.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { managerCsv } from '../../../core/report/manager/csv.ts';
import { managerPage, PAPERS, type Paper } from '../../../core/report/manager/page.ts';
import { readJsonFile, writeTextFile } from '../files.ts';
import { given } from '../flags.ts';
import { OWNERS_SAID, ownersOf } from '../owners-file.ts';
import { usageError } from '../parse.ts';
import { PDF_FLAGS, printPdf } from '../print-pdf.ts';
import { SIMULATION_FLAGS, toldOf } from '../simulation-flags.ts';
import type { Args, Verb, VerbContext } from '../verb.ts';
import { managerReportWords } from '../words/report-words.ts';

/** Writes the forms that are asked for. */
async function writeForms(args: Args, report: ManagerReport, { note, signal }: VerbContext): Promise<Result<void>> {
  const paper = (args.text('paper') ?? 'a4') as Paper;
  const forms: readonly (readonly [string, () => Promise<Result<string | Uint8Array>>])[] = [
    ['html', async () => ok(managerPage(report, paper))],
    ['csv', async () => ok(managerCsv(report))],
    ['pdf', () => printPdf(managerPage(report, paper), args.text('chromium'), signal)],
  ];
  for (const [flag, make] of forms) {
    const file = args.text(flag);
    if (file === undefined) continue;
    const made = await make();
    if (!made.ok) return made;
    const written = await writeTextFile(file, made.value);
    if (!written.ok) return written;
    note(`Wrote ${file}.`);
  }
  return ok(undefined);
}

const report: Verb = {
  name: 'report',
  summary: 'One page for a manager: what a plan would save in 12 and 36 months, its fees, when it pays back, whose cost it is.',
  usage: '--index FILE --policy FILE [--html FILE] [--pdf FILE] [--csv FILE] [--owners FILE] [--anonymise]',
  methods: ['report.manager'],
  positionals: 0,
  flags: {
    ...SIMULATION_FLAGS,
    html: { type: 'text', value: 'FILE', words: 'Write the page as HTML that loads and runs nothing.' },
    pdf: { type: 'text', value: 'FILE', words: 'Print the page to a PDF with the Chromium of this machine.' },
    csv: { type: 'text', value: 'FILE', words: 'Write every figure on a line of its own.' },
    paper: { type: 'text', value: 'SIZE', words: 'a4 or letter; a4 unless given.', choices: PAPERS },
    ...PDF_FLAGS,
    title: { type: 'text', value: 'TEXT', words: 'What stands at the top.' },
    ...OWNERS_SAID,
    by: { type: 'text', value: 'FIELD', words: `Owners by ${OWNER_DIMENSIONS.join(', ')}; team unless named.`, choices: OWNER_DIMENSIONS },
    'compare-with': { type: 'text', value: 'ID', words: 'The snapshot of last time; the newest one before unless named.' },
    'effort-usd': { type: 'text', value: 'USD', words: "What putting the plan costs in people's work; 0 unless given." },
    'cost-frame': { type: 'text', value: 'FILE', words: 'What training and inference cost, so that storage stands beside them.' },
    anonymise: { type: 'switch', words: 'Leave out the names of bucket, prefixes, rules, tags and owners.' },
  },
  run: async (args, context) => {
    const effort = args.text('effort-usd');
    if (effort !== undefined && !/^\d{1,12}(\.\d{1,2})?$/.test(effort)) {
      return err(usageError(`"--effort-usd" takes an amount such as 1200 or 49.50, not "${effort}".`, 'report'));
    }
    const told = await toldOf(args);
    if (!told.ok) return told;
    const frameFile = args.text('cost-frame');
    const frame =
      frameFile === undefined ? ok(undefined) : await readJsonFile(frameFile, CostFrameFileSchema, 'file of costs', 'PolicyInvalid');
    if (!frame.ok) return frame;
    const who =
      args.text('owners') === undefined && args.text('bucket-tag') === undefined ? ok(undefined) : await ownersOf(args, context, 'report');
    if (!who.ok) return who;
    const made = await context.call('report.manager', {
      ...told.value,
      ...given('title', args.text('title')),
      ...(who.value === undefined ? {} : { owners: { ...who.value, by: (args.text('by') ?? 'team') as OwnerDimension } }),
      ...given('compareWith', args.text('compare-with')),
      ...given('effortUsd', effort),
      ...(frame.value === undefined ? {} : { frame: frame.value }),
      anonymise: args.has('anonymise'),
    });
    if (!made.ok) return made;
    const written = await writeForms(args, made.value, context);
    return written.ok ? ok({ json: made.value, words: () => managerReportWords(made.value) }) : written;
  },
};

export const reportVerbs: readonly Verb[] = [report];
