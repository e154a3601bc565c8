/** Cutting paths into what people call runs, datasets and services. All paths are of directories, with their last "/". */

const segmentsOf = (path: string): string[] => path.split('/').slice(0, -1);
const pathOf = (segments: readonly string[]): string => (segments.length === 0 ? '' : `${segments.join('/')}/`);

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/', path.length - 2) + 1);
}

/** Last segment without its "/". */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/', path.length - 2) + 1, path.endsWith('/') ? -1 : undefined);
}

const HOLDERS = new Set([
  'checkpoints',
  'checkpoint',
  'ckpts',
  'ckpt',
  'weights',
  'saved_models',
  'snapshots',
  'states',
  'models',
  'artifacts',
]);

/** The run that checkpoints lying in a directory belong to: without the folders that only hold them. */
export function runOf(directory: string): string {
  let path = directory;
  while (HOLDERS.has(lastSegment(path).toLowerCase()) && parentOf(path) !== '') path = parentOf(path);
  return path;
}

/** The project of a run: what holds it, without folders that tools put between. */
export function projectOf(run: string): string {
  let path = parentOf(run);
  while (
    /^(?:lightning_logs|tb_logs|logs|runs|wandb|checkpoints|ckpts?|outputs|output|\d+)$/i.test(lastSegment(path)) &&
    parentOf(path) !== ''
  )
    path = parentOf(path);
  return path;
}

const VERSION =
  /^(?:(?:v|ver|version|rev|release|r)[-_.=]?\d+(?:[._-]\d+)*|\d+\.\d+\.\d+(?:[-+].*)?|\d{1,3}\.\d{1,3}|\d{4}-\d{2}-\d{2}|snapshot[-_=].+)$/i;
/** Folders that divide one dataset. */
const DIVISION =
  /^(?:train|training|val|valid|validation|dev|test|testing|eval|split[-_=].*|train\d+|val\d+|test\d+|images?|labels?|annotations|masks|captions|transcripts|audio|clips|wavs|frames|videos|JPEGImages|data|shards?|parts?|segments|warc|wet|wat|raw|processed|\d+|\d+\.\d+|[^=]+=.*)$/i;

export interface DatasetPath {
  /** What is kept or deleted whole: one version of it. */
  readonly version: string;
  /** What the versions are versions of. */
  readonly dataset: string;
}

/** The dataset and version that files lying in a directory belong to. */
export function datasetOf(directory: string): DatasetPath {
  const segments = segmentsOf(directory);
  for (let at = 1; at < segments.length; at++) {
    if (VERSION.test(segments[at] as string)) return { version: pathOf(segments.slice(0, at + 1)), dataset: pathOf(segments.slice(0, at)) };
  }
  let end = segments.length;
  while (end > 1 && DIVISION.test(segments[end - 1] as string)) end -= 1;
  const path = pathOf(segments.slice(0, end));
  return { version: path, dataset: path };
}

export interface LogPath {
  /** What delivers the log. */
  readonly service: string;
  /** The folder of one day, or the service where no folder is of a day. */
  readonly place: string;
  /** UTC day as "2024-05-01"; null where no folder is of a day. */
  readonly day: string | null;
}

const iso = (year: string, month: string, day: string): string | null => {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const ms = Date.parse(`${text}T00:00:00.000Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : text;
};

/** The service and the day of logs lying in a directory. */
export function logOf(directory: string): LogPath {
  const segments = segmentsOf(directory);
  for (let at = segments.length - 1; at >= 0; at--) {
    const segment = (back: number): string => segments[at - back] ?? '';
    const whole =
      /^(?:(?:dt|date|day|ds)=)?(\d{4})-(\d{2})-(\d{2})$/.exec(segment(0)) ??
      /^(?:(?:dt|date|day|ds)=)?(\d{4})(\d{2})(\d{2})$/.exec(segment(0));
    const parts = [
      /^(?:y(?:ear)?=)?(\d{4})$/.exec(segment(2)),
      /^(?:m(?:onth)?=)?(\d{1,2})$/.exec(segment(1)),
      /^(?:d(?:ay)?=)?(\d{1,2})$/.exec(segment(0)),
    ];
    const found = whole?.slice(1) ?? (parts.every((part) => part !== null) ? parts.map((part) => part?.[1]) : null);
    const day = found && iso(found[0] as string, found[1] as string, found[2] as string);
    if (!day) continue;
    return { service: pathOf(segments.slice(0, whole ? at : at - 2)), place: pathOf(segments.slice(0, at + 1)), day };
  }
  return { service: directory, place: directory, day: null };
}
