/** For `node --import`: writes what a process used as the last line of standard error when its main thread ends. */
export const ACCOUNT = `data:text/javascript,${encodeURIComponent(`
import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write('\\n' + JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMib: maxRSS / 1024 }) + '\\n');
});`)}`;
