import { readFileSync } from 'node:fs';
import type { Compiled } from '../../src/contract/proposals.ts';
import { decodeManifestKey } from '../../src/core/jobs/manifest-line.ts';
import { type Deed, KeyStory, type OracleKey } from '../../src/core/simulate/oracle/oracle.ts';
import { AS_OF_MS } from './index-rows.ts';

export const AS_OF_DAY = Math.floor(AS_OF_MS / 86_400_000);

/** "key\nversion" of every version on the lists of a compilation, with its tag. */
function tagsOf({ manifests }: Compiled): Map<string, { Key: string; Value: string }> {
  const tags = new Map<string, { Key: string; Value: string }>();
  for (const { tag, file } of manifests) {
    for (const line of readFileSync(file ?? '', 'utf8')
      .split('\n')
      .slice(0, -1)) {
      const [, key = '', version = ''] = line.split(',');
      const id = `${decodeManifestKey(key)}\n${version}`;
      if (tags.has(id)) throw new Error(`${id} is on the lists twice`);
      tags.set(id, { Key: tag.key, Value: tag.value });
    }
  }
  return tags;
}

export const idOf = (key: string, versionId: string | null): string => `${key}\n${versionId ?? 'null'}`;

/** What S3 does to every version under a compilation, by the slow engine: who is tagged what is known. By version, in order. */
export function deedsOf(
  keys: Iterable<OracleKey>,
  compiled: Compiled,
  days: number,
): Map<string, { readonly day: number; readonly kind: Deed['kind'] }[]> {
  const tags = tagsOf(compiled);
  const deeds = new Map<string, { day: number; kind: Deed['kind'] }[]>();
  for (const { key, versions } of keys) {
    const tagged = versions.map((version) => {
      const tag = tags.get(idOf(key, version.versionId));
      return { ...version, tags: tag ? [tag] : [] };
    });
    const options = {
      asOfDay: AS_OF_DAY,
      lagDays: 0,
      versioning: 'enabled',
      minimumSize: 'all_storage_classes_128K',
      tags: 'none',
      tiers: 'stay',
    } as const;
    const story = new KeyStory({ key, versions: tagged }, compiled.policy, options);
    for (let day = AS_OF_DAY + 1; day <= AS_OF_DAY + days; day += 1) {
      for (const deed of story.run(day)) {
        if (deed.told.isMade) continue;
        const id = idOf(key, deed.told.version.versionId);
        deeds.set(id, [...(deeds.get(id) ?? []), { day, kind: deed.kind }]);
      }
    }
  }
  return deeds;
}
