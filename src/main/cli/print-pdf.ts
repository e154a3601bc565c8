import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Flags } from './verb.ts';

export const PDF_FLAGS: Flags = {
  chromium: { type: 'text', value: 'FILE', words: 'The Chromium, Chrome or Edge to print with; one that is installed unless named.' },
};

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The Chromium a person names, or one that is installed where they usually are. */
const findBrowser = (named: string | undefined): string | undefined => [...(named === undefined ? PLACES : [named])].find(runs);

const NEXT = 'Install Chromium, or name one with --chromium FILE; or write the HTML form and print it from any browser.';
/** A page of this size takes a second; a machine at its limit may take long. */
const TIMEOUT_MS = 120_000;

/** Prints a page that loads nothing with the Chromium of this machine. FileUnreadable where there is none, or it does not print. */
export async function printPdf(page: string, named: string | undefined, signal: AbortSignal): Promise<Result<Uint8Array>> {
  const browser = findBrowser(named);
  if (browser === undefined) {
    const where = named === undefined ? 'There is no Chromium on this machine' : `"${named}" is no program that runs`;
    return err(
      appError('FileUnreadable', `${where}, and a PDF is printed by one.`, { next: NEXT, ...(named === undefined ? {} : { file: named }) }),
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'isotherm-print-'));
  try {
    const [source, target] = [join(folder, 'page.html'), join(folder, 'page.pdf')];
    await writeFile(source, page);
    const printed = await runBrowser(browser, folder, source, target, signal);
    if (!printed.ok) return printed;
    const pdf = await readFile(target).catch(() => null);
    if (pdf === null || !pdf.subarray(0, 5).equals(Buffer.from('%PDF-'))) return err(notPrinted(browser, 'it ended without a PDF'));
    return ok(pdf);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const notPrinted = (file: string, detail: string) =>
  appError('FileUnreadable', 'Chromium did not print the page.', { file, detail, next: NEXT });

function runBrowser(browser: string, folder: string, source: string, target: string, signal: AbortSignal): Promise<Result<void>> {
  const flags = [
    '--headless',
    '--disable-gpu',
    '--no-first-run',
    '--no-pdf-header-footer',
    `--user-data-dir=${join(folder, 'profile')}`,
    // Chromium has no sandbox for root, and the page runs nothing.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--print-to-pdf=${target}`,
    pathToFileURL(source).href,
  ];
  return new Promise((resolve) => {
    const child = spawn(browser, flags, { stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL', signal });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
    child.once('error', (cause) => resolve(err(notPrinted(browser, String(cause)))));
    child.once('close', (status) => resolve(status === 0 ? ok(undefined) : err(notPrinted(browser, `status ${status}: ${said.trim()}`))));
  });
}
