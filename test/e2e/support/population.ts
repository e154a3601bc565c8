import type { StorageClass } from '@aws-sdk/client-s3';

/** One request that fills the bucket: an object to put, or a key to delete (which leaves a delete marker). */
export type Filling =
  | { readonly kind: 'put'; readonly key: string; readonly sizeBytes: number; readonly storageClass: StorageClass }
  | { readonly kind: 'delete'; readonly key: string };

const CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
] as const satisfies readonly StorageClass[];

/** Names that break programs which take keys for paths, patterns, markup, formulas or addresses. */
export const HOSTILE_KEYS: readonly string[] = [
  '=HYPERLINK("http://example.invalid")',
  '+1-formula',
  '-dash first',
  '@at first',
  'a//b///c',
  '//leading/slashes',
  'trailing/slash/',
  'plus+and space and%2Fpercent%20twice%2520',
  'emoji/🧊❄️/模型.pt',
  'rtl/\u202egnp.exe',
  'rtl/نموذج/وزن.bin',
  'nfc/caf\u00e9',
  'nfd/cafe\u0301',
  'quotes/"double" \'single\' `back`',
  'comma,semi;colon:pipe|tab\tkey',
  'markup/<script>alert(1)</script>&amp;',
  'query?a=b&c=d#fragment',
  'back\\slash\\key',
  'new\nline',
  'curly/{a}/[b]/(c)/*?~!$^',
  'zero\u200bwidth',
  `long/${'k'.repeat(1019)}`,
  `wide/${'é'.repeat(509)}w`,
];

/** What a machine-learning bucket holds, in small: 2,000 requests, always the same. Hostile keys come with them. */
export function population(): { first: Filling[]; later: Filling[] } {
  const first: Filling[] = [];
  const later: Filling[] = [];
  let state = 20_261_124;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * limit);
  };
  const storageClass = (): StorageClass => CLASSES[below(CLASSES.length)] ?? 'STANDARD';
  const put = (list: Filling[], key: string, name: StorageClass = storageClass()) =>
    list.push({ kind: 'put', key, sizeBytes: 1 + below(2_000), storageClass: name });

  for (let i = 0; i < 700; i++) put(first, `datasets/imagenet/v${1 + (i % 3)}/train/shard-${String(i).padStart(5, '0')}.tar`);
  for (let run = 0; run < 10; run++) {
    for (let step = 1; step <= 6; step++) {
      for (let part = 1; part <= 5; part++) {
        const key = `checkpoints/run-${run}/checkpoint-${step * 1000}/model-0000${part}-of-00005.safetensors`;
        put(first, key, 'STANDARD');
        if (step > 4) put(later, key, 'STANDARD');
      }
    }
  }
  for (let i = 0; i < 200; i++) put(first, `mlruns/${i % 5}/${(0xabc0_0000 + i).toString(16).repeat(4)}/metrics/loss`);
  for (let i = 0; i < 250; i++) put(first, `logs/2026/11/${String(1 + (i % 24)).padStart(2, '0')}/worker-${i}.log.gz`);
  for (let i = 0; i < 150; i++) put(first, `features/user_embeddings/part-${String(i).padStart(5, '0')}.parquet`);
  for (let i = 0; i < 60; i++)
    later.push({ kind: 'delete', key: `logs/2026/11/${String(1 + (i % 24)).padStart(2, '0')}/worker-${i}.log.gz` });
  for (const key of HOSTILE_KEYS) put(first, key);
  for (const key of HOSTILE_KEYS.slice(0, 10)) put(later, key);
  for (const key of HOSTILE_KEYS.slice(5, 12)) later.push({ kind: 'delete', key });
  let filler = 0;
  while (first.length + later.length < 2_000) put(first, `misc/file-${filler++}.bin`);
  return { first, later };
}
