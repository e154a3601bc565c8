import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { csvRecords } from './csv.ts';

/** One run as an experiment tracker knows it. */
export interface TrackerRun {
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly state: 'open' | 'finished' | 'failed' | 'deleted' | 'unknown';
  /** Where its artifacts lie; null where the export does not say. */
  readonly artifactUri: string | null;
  /** Checkpoints that its parameters say it began from. */
  readonly startedFrom: readonly string[];
  readonly metrics: readonly { readonly name: string; readonly value: number; readonly step: number | null }[];
}

/** One version of a model in a registry, or an artifact with names that people rely on. */
export interface TrackerModel {
  readonly name: string;
  readonly version: string;
  /** Stages and aliases, such as Production or champion. */
  readonly aliases: readonly string[];
  readonly runId: string | null;
  readonly uris: readonly string[];
}

export interface TrackerExport {
  readonly tracker: 'mlflow' | 'wandb';
  readonly runs: readonly TrackerRun[];
  readonly models: readonly TrackerModel[];
}

type Bag = Readonly<Record<string, unknown>>;
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);
const bag = (value: unknown): Bag => (isBag(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
const texts = (value: unknown): string[] =>
  list(value)
    .map(text)
    .filter((one) => one !== '');

/** Names of parameters that say where training began from. */
const STARTED_FROM =
  /(?:^|[._/])(?:resume(?:_from)?(?:_checkpoint|_path)?|init_checkpoint|load(?:_checkpoint|_from|_path)?|ckpt_path|restore(?:_from)?(?:_path)?|pretrained(?:_model)?(?:_name_or_path|_path)?|checkpoint_path|model_name_or_path)$/i;

function startedFrom(parameters: Iterable<readonly [name: string, value: unknown]>): string[] {
  const found: string[] = [];
  for (const [name, value] of parameters) {
    const said = text(bag(value).value ?? value).trim();
    // "True" and "None" name no place; a hub name without a slash is no path.
    if (
      STARTED_FROM.test(name) &&
      /[/\\]|\.(?:ckpt|pt|pth|bin|safetensors)$|checkpoint|step/i.test(said) &&
      !/^(?:true|false|none|null)$/i.test(said)
    )
      found.push(said);
  }
  return found;
}

const MLFLOW_STATES: Readonly<Record<string, TrackerRun['state']>> = {
  RUNNING: 'open',
  SCHEDULED: 'open',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'failed',
};
const WANDB_STATES: Readonly<Record<string, TrackerRun['state']>> = {
  running: 'open',
  pending: 'open',
  preempting: 'open',
  preempted: 'open',
  finished: 'finished',
  failed: 'failed',
  crashed: 'failed',
  killed: 'failed',
};

function number(value: unknown): number | null {
  const given = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(given) ? given : null;
}

/** One element of `runs` of https://mlflow.org/docs/latest/api_reference/rest-api.html#search-runs. */
function mlflowRun(run: Bag): TrackerRun | null {
  const info = bag(run.info);
  const data = bag(run.data);
  const id = text(info.run_id) || text(info.run_uuid);
  if (id === '') return null;
  const pairs = (value: unknown) => list(value).map((pair) => [text(bag(pair).key), bag(pair).value] as const);
  return {
    id,
    name: text(info.run_name),
    experiment: text(info.experiment_id),
    state: text(info.lifecycle_stage) === 'deleted' ? 'deleted' : (MLFLOW_STATES[text(info.status)] ?? 'unknown'),
    artifactUri: text(info.artifact_uri) || null,
    startedFrom: startedFrom([...pairs(data.params), ...pairs(data.tags)]),
    metrics: list(data.metrics).flatMap((metric) => {
      const { key, value, step } = bag(metric);
      const given = number(value);
      return given === null ? [] : [{ name: text(key), value: given, step: number(step) }];
    }),
  };
}

function mlflowModels(json: Bag): TrackerModel[] {
  const version = (entry: Bag, more: readonly string[]): TrackerModel => ({
    name: text(entry.name),
    version: text(entry.version),
    aliases: [...new Set([...texts(entry.aliases), ...more, text(entry.current_stage)])].filter(
      (alias) => alias !== '' && alias !== 'None',
    ),
    runId: text(entry.run_id) || null,
    uris: [text(entry.source)].filter((uri) => uri !== ''),
  });
  const direct = list(json.model_versions)
    .filter(isBag)
    .map((entry) => version(entry, []));
  const registered = list(json.registered_models)
    .filter(isBag)
    .flatMap((model) => {
      const aliases = list(model.aliases).filter(isBag);
      return list(model.latest_versions)
        .filter(isBag)
        .map((entry) =>
          version(
            entry,
            aliases.filter((alias) => text(alias.version) === text(entry.version)).map((alias) => text(alias.alias)),
          ),
        );
    });
  return [...direct, ...registered].filter(({ name }) => name !== '');
}

/** One line of `mlflow.search_runs().to_csv()`. */
function mlflowCsvRun(record: Readonly<Record<string, string>>): TrackerRun {
  const under = (prefix: string) => Object.entries(record).filter(([name]) => name.startsWith(prefix));
  return {
    id: record.run_id ?? '',
    name: record['tags.mlflow.runName'] ?? '',
    experiment: record.experiment_id ?? '',
    state: MLFLOW_STATES[record.status ?? ''] ?? 'unknown',
    artifactUri: record.artifact_uri || null,
    startedFrom: startedFrom(
      [...under('params.'), ...under('tags.')].map(([name, value]) => [name.replace(/^(?:params|tags)\./, ''), value] as const),
    ),
    metrics: under('metrics.').flatMap(([name, value]) => {
      const given = number(value);
      return given === null ? [] : [{ name: name.slice('metrics.'.length), value: given, step: null }];
    }),
  };
}

/** A run of the W&B public API (https://docs.wandb.ai/ref/python/public-api/run/), as JSON or as a line of the table's CSV. */
function wandbRun(run: Bag): TrackerRun | null {
  const id = text(run.id) || text(run.ID) || text(run.run_id);
  if (id === '') return null;
  const config = typeof run.config === 'string' ? parsed(run.config) : run.config;
  const summary = typeof run.summary === 'string' ? parsed(run.summary) : run.summary;
  const values = bag(summary);
  return {
    id,
    name: text(run.name) || text(run.Name) || text(run.displayName),
    experiment: text(run.project) || text(run.Project),
    state: WANDB_STATES[(text(run.state) || text(run.State)).toLowerCase()] ?? 'unknown',
    artifactUri: null,
    startedFrom: startedFrom(Object.entries({ ...run, ...bag(config) })),
    metrics: Object.entries(values).flatMap(([name, value]) => {
      const given = typeof value === 'number' && Number.isFinite(value) ? value : null;
      return given === null || name.startsWith('_') ? [] : [{ name, value: given, step: number(values._step) }];
    }),
  };
}

function wandbArtifact(artifact: Bag): TrackerModel | null {
  const [name = '', version = ''] = text(artifact.name).split(':');
  if (name === '') return null;
  const entries = Array.isArray(artifact.entries)
    ? artifact.entries
    : Object.values(bag(artifact.entries ?? bag(artifact.manifest).entries));
  const uris = [
    ...texts(artifact.references),
    ...texts(artifact.refs),
    ...entries.map((entry) => text(bag(entry).ref)),
    text(artifact.uri),
  ];
  return {
    name,
    version: version || text(artifact.version),
    aliases: list(artifact.aliases)
      .map((alias) => (isBag(alias) ? text(alias.alias) : text(alias)))
      .filter((alias) => alias !== ''),
    runId: text(bag(artifact.createdBy).id) || text(artifact.run_id) || null,
    uris: [...new Set(uris.filter((uri) => uri !== ''))],
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** One JSON value, or one on every line. */
function jsonIn(content: string): unknown {
  const whole = parsed(content);
  if (whole !== undefined) return whole;
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map(parsed);
  return lines.length > 1 && values.every((value) => value !== undefined) ? values : undefined;
}

const some = <T>(values: readonly (T | null)[]): T[] => values.filter((value) => value !== null);

/**
 * Reads what a tracker exported: MLflow's answers to runs/search, model-versions/search and registered-models/search and its table as
 * CSV; W&B's runs and artifacts of the public API as JSON, and its table as CSV. TrackerUnreadable where it is none of them.
 */
export function parseTracker(content: string, file: string): Result<TrackerExport> {
  const refuse = (message: string) => err(appError('TrackerUnreadable', message, { file }));
  const json = jsonIn(content);
  if (json === undefined) {
    const records = csvRecords(content);
    const [first] = records;
    if (first === undefined) return refuse('The export is neither JSON nor a table.');
    if ('run_id' in first && ('artifact_uri' in first || 'experiment_id' in first)) {
      return ok({ tracker: 'mlflow', runs: records.filter((record) => record.run_id !== '').map(mlflowCsvRun), models: [] });
    }
    if ('ID' in first || ('Name' in first && 'State' in first))
      return ok({ tracker: 'wandb', runs: some(records.map(wandbRun)), models: [] });
    return refuse('The table has none of the columns that MLflow or Weights & Biases write.');
  }
  const top = isBag(json) ? json : {};
  const entries = (Array.isArray(json) ? json : list(top.runs)).filter(isBag);
  if (Array.isArray(top.model_versions) || Array.isArray(top.registered_models) || entries.some((entry) => isBag(entry.info))) {
    return ok({ tracker: 'mlflow', runs: some(entries.map(mlflowRun)), models: mlflowModels(top) });
  }
  const artifacts = [...entries, ...list(top.artifacts).filter(isBag)].filter((entry) => Array.isArray(entry.aliases));
  const runs = entries.filter((entry) => !Array.isArray(entry.aliases));
  if (runs.length + artifacts.length === 0) return refuse('The export holds no runs, models or artifacts.');
  const known = some(runs.map(wandbRun));
  if (known.length < runs.length) return refuse('The export holds runs without an id.');
  return ok({ tracker: 'wandb', runs: known, models: some(artifacts.map(wandbArtifact)) });
}
