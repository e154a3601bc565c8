/** Prints {"path"} or {"reason"}: where Chromium is, after installing it if need be. */
import { chromiumOrReason } from './chromium.ts';

process.stdout.write(JSON.stringify(chromiumOrReason((words) => process.stderr.write(`${words}\n`))));
