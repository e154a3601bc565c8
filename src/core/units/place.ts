import type { Kind } from '../../contract/vocabulary.ts';
import type { Classifier } from '../classify/classifier.ts';
import type { ClassificationRule } from '../classify/rule-set.ts';
import { datasetOf, lastSegment, logOf, parentOf } from './paths.ts';

/**
 * Where the unit of a key is: a whole directory; keys of one directory that begin with the same text, or hold the
 * same number; or nowhere, because the key belongs to nothing that is kept or deleted.
 */
export type Place =
  | { readonly type: 'directory'; readonly path: string }
  | { readonly type: 'stem'; readonly directory: string; readonly stem: string }
  | { readonly type: 'numbered'; readonly directory: string; readonly number: number }
  | null;

/** Rules whose keys serve a whole run: they name a checkpoint or hold the state of a run, and are none themselves. */
const SUPPORT = new Set(['pointer_file', 'run_state', 'composer_latest', 'mlflow_experiment']);
const NUMBERED = 'ckpt_generic';
/** Logs that lie with what wrote them, where a folder named by a day is of a run and not of its logs. */
const UNDATED = new Set(['log_generic', 'wandb_debug', 'sagemaker_debug']);
const STEP_FOLDER = /(?:^|[-_=.])(?:step|steps|iter|epoch|ckpt|checkpoint|global_step)[-_=]?\d+$|^\d+$/i;

export const isSupport = (ruleId: string): boolean => SUPPORT.has(ruleId);

/** The place of a directory that a rule found or claimed: for datasets and logs what people mean by it. */
export function directoryPlace(kind: Kind, ruleId: string, path: string): Place {
  if (kind === 'dataset') return { type: 'directory', path: datasetOf(path).version };
  if (kind === 'log' && !UNDATED.has(ruleId)) return { type: 'directory', path: logOf(path).place };
  if (ruleId.startsWith('torch_dcp')) return { type: 'directory', path: stepFolder(path) };
  return { type: 'directory', path };
}

/** The parts of a checkpoint may lie in folders of their own below the folder of the step. */
function stepFolder(path: string): string {
  const parent = parentOf(path);
  return !/\d/.test(lastSegment(path)) && STEP_FOLDER.test(lastSegment(parent)) ? parent : path;
}

/** Whether the place of a rule's keys can depend on their names, and not on their directory alone. */
export function isByName({ id, kind, unit }: ClassificationRule): boolean {
  if (SUPPORT.has(id)) return false;
  if (id === NUMBERED) return true;
  if (unit === 'self') return kind === 'checkpoint' || kind === 'model';
  return !unit.endsWith('/') && kind !== 'dataset';
}

/** The place of a key that a rule matches by its own pattern; undefined where it does not. */
export function placeOf(classifier: Classifier, rule: number, key: string): Place | undefined {
  const match = classifier.match(rule, key);
  if (match === null) return undefined;
  const { id, kind } = classifier.rules[rule] as ClassificationRule;
  if (SUPPORT.has(id)) return null;
  const directory = key.slice(0, key.lastIndexOf('/') + 1);
  const name = key.slice(directory.length);
  if (id === NUMBERED) {
    const digits = match.groups.n ?? '';
    return digits.length > 15 ? { type: 'stem', directory, stem: name } : { type: 'numbered', directory, number: Number(digits) };
  }
  const path = match.unit;
  if (path === null) {
    if (kind === 'system') return null;
    if (kind === 'checkpoint' || kind === 'model') return { type: 'stem', directory, stem: name };
    return directoryPlace(kind, id, directory);
  }
  if (path.endsWith('/') || path === '') return directoryPlace(kind, id, path);
  if (kind === 'dataset') return directoryPlace(kind, id, path.slice(0, path.lastIndexOf('/') + 1));
  // A file of a directory that has the name of the unit is in it.
  if (key.startsWith(`${path}/`)) return { type: 'directory', path: `${path}/` };
  return { type: 'stem', directory, stem: path.slice(directory.length) };
}
