import type { Classifier } from '../classify/classifier.ts';

/**
 * Folders that are one checkpoint with everything below them, whatever else a rule sees in it: a DeepSpeed step inside
 * checkpoint-500 is part of checkpoint-500 (s3-domain 6). By the name of the folder alone.
 */
const FOLDERS: readonly (readonly [ruleId: string, folder: RegExp])[] = [
  ['orbax_tmp', /^(?:[A-Za-z_]+_)?\d+\.orbax-checkpoint-tmp(?:-\d+)?$/],
  ['hf_tmp_checkpoint', /^tmp-checkpoint-\d+$/],
  ['deepspeed', /^global_step\d+(?:_universal)?$/],
  ['hf_checkpoint', /^checkpoint-\d+$/],
  ['megatron', /^iter_\d{7}$/],
  ['lightning_ckpt', /^[^/]+\.ckpt$/],
  ['composer', /^ep\d+-ba\d+(?:-rank\d+)?$/],
  ['ray', /^checkpoint_\d{6}$/],
];

/** Finds the rule of such a folder by its name; -1 for every other folder. */
export function encloserOf(classifier: Classifier): (folder: string) => number {
  const folders = FOLDERS.map(([id, pattern]) => ({ rule: classifier.rules.findIndex((rule) => rule.id === id), pattern }));
  const hint = /\d$|_universal$|\.ckpt$|-tmp$/;
  return (folder) => (hint.test(folder) ? (folders.find(({ pattern }) => pattern.test(folder))?.rule ?? -1) : -1);
}
