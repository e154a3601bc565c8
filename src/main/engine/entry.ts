/** The threads of the engine. Each is an entry of its own in the bundle, beside all its chunks. */
export type ThreadName = 'engine-thread' | 'job-thread';

/**
 * Where a thread's module lies, whether this code runs from its sources or bundled. In a packaged app it is the
 * copy outside the archive, since a thread reads its module without Electron's help.
 */
export const threadUrl = (name: ThreadName): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL(`./${name}.ts`, import.meta.url)
    : new URL(`./${name}.js`, import.meta.url.replace('/app.asar/', '/app.asar.unpacked/'));
