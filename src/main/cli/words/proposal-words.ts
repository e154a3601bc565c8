import type { Duplicates } from '../../../contract/duplicates.ts';
import type { Basket, Compiled, Proposal, Proposals } from '../../../contract/proposals.ts';
import { formatBytes, formatCount, formatMoney } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { facts, list, paragraphs, table } from './table.ts';

const money = (nanoUsd: string | null): string => (nanoUsd === null ? 'unknown' : formatMoney(nanoUsd));

/** "expire 30 days after they were written, for good after 14 more". */
function actionWords({ action }: Proposal): string {
  switch (action.do) {
    case 'expire':
      return action.undoDays === null
        ? `remove at ${action.days} days`
        : `hide at ${action.days} days, remove ${action.undoDays} days later`;
    case 'move':
      return action.steps.map(({ days, storageClass }) => `to ${storageClass} at ${days} days`).join(', ');
    case 'expireNoncurrent':
      return `remove ${action.days} days after they were replaced`;
    case 'removeMarkers':
      return 'remove';
    case 'abortUploads':
      return `abort at ${action.days} days`;
    case 'rewrite':
      return 'rewrite packed';
  }
}

export function proposalsWords(answer: Proposals): string {
  const { sums, proposals, total, caveats, prices } = answer;
  const said = sums.filter(({ count }) => count > 0 || sums.length === 1);
  return paragraphs(
    said.length === 0 ? 'Nothing is proposed.' : said.map(({ sentence }) => sentence).join('\n'),
    proposals.length === 0
      ? ''
      : table(
          [
            { title: 'Proposal', of: ({ id }) => id },
            { title: 'Count', align: 'right', of: ({ count }) => formatCount(count) },
            { title: 'Bytes', align: 'right', of: ({ bytes }) => formatBytes(bytes) },
            { title: 'Saves a month', align: 'right', of: ({ monthlyNanoUsd }) => money(monthlyNanoUsd) },
            { title: 'First year', align: 'right', of: ({ firstYearNanoUsd }) => money(firstYearNanoUsd) },
            { title: 'Pays from', of: ({ paybackDay }) => paybackDay ?? '' },
            { title: 'Risk', of: ({ risk }) => risk },
            { title: 'Would', of: actionWords },
            {
              title: 'Stays',
              of: ({ protected: parts }) => parts.map(({ reason, units }) => `${formatCount(units)} ${reason}`).join(', '),
            },
          ],
          proposals,
        ),
    total > proposals.length ? `${formatCount(proposals.length)} of ${formatCount(total)} shown; see --offset and --limit.` : '',
    list('Mind', caveats),
    pricedAt(prices),
  );
}

export function compiledWords(compiled: Compiled, basket: Basket): string {
  const { proof, rules, manifests, deleteList } = compiled;
  return paragraphs(
    facts([
      ['Proposals', formatCount(basket.proposals)],
      ['Versions', `${formatCount(basket.versions)}, ${formatBytes(basket.bytes)}`],
      [
        'Saves',
        `${money(basket.monthlyNanoUsd)} a month, ${money(basket.firstYearNanoUsd)} in the first year after ${money(basket.feesNanoUsd)} of fees`,
      ],
      ['Risk', basket.risk],
      [
        'Proof',
        proof.isExact
          ? `exact: the rules and lists reach the ${formatCount(proof.intended)} versions that are meant and no other of ${formatCount(proof.rows)} rows`
          : `NOT exact: ${formatCount(proof.intended)} are meant, ${formatCount(proof.compiled)} reached, and there are witnesses below`,
      ],
    ]),
    rules.length === 0
      ? ''
      : table(
          [
            { title: 'Rule', of: ({ ruleId }) => ruleId },
            { title: 'Versions now', align: 'right', of: ({ versions }) => formatCount(versions) },
            { title: 'Bytes', align: 'right', of: ({ bytes }) => formatBytes(bytes) },
            { title: 'Would', of: ({ words }) => words },
          ],
          rules,
        ),
    list(
      'Lists for S3 Batch Operations, to be tagged',
      manifests.map(
        ({ tag, rows, file }) =>
          `${tag.key}=${tag.value}: ${formatCount(rows)} versions${file === null ? '; name a folder with --lists to write it' : `, ${file}`}`,
      ),
    ),
    deleteList === null
      ? ''
      : `For review: ${formatCount(deleteList.rows)} versions${deleteList.file === null ? '; name a folder with --lists to write them' : `, ${deleteList.file}`}`,
    list('Meant, but not reached', proof.missed.map(witnessWords)),
    list('Reached, but not meant', proof.unwanted.map(witnessWords)),
    list('Mind', compiled.warnings),
    pricedAt(basket.prices),
  );
}

const witnessWords = ({ key, versionId, words }: Compiled['proof']['missed'][number]): string =>
  `${key}${versionId === null ? '' : ` (${versionId})`}: ${words}`;

export function duplicatesWords(answer: Duplicates): string {
  const { contents, copies, bytes, monthlyNanoUsd, groups, total, compared, withoutETag, caveats, prices } = answer;
  return paragraphs(
    `${formatCount(copies)} copies of ${formatCount(contents)} contents beyond the one that stays, ${formatBytes(bytes)}, ${money(monthlyNanoUsd)} a month, among ${formatCount(compared)} objects${withoutETag > 0 ? `; ${formatCount(withoutETag)} have no ETag` : ''}.`,
    groups.length === 0
      ? ''
      : table(
          [
            { title: 'Copies', align: 'right', of: ({ copies: own }) => formatCount(own) },
            { title: 'Bytes', align: 'right', of: ({ bytes: own }) => formatBytes(own) },
            { title: 'A month', align: 'right', of: ({ monthlyNanoUsd: own }) => money(own) },
            {
              title: 'In',
              of: ({ places, morePlaces }) =>
                [
                  ...places.map(({ path, stays }) => `${path === '' ? '/' : path}${stays ? ' (stays)' : ''}`),
                  ...(morePlaces > 0 ? [`${formatCount(morePlaces)} more`] : []),
                ].join(', '),
            },
          ],
          groups,
        ),
    total > groups.length ? `${formatCount(groups.length)} of ${formatCount(total)} groups shown; see --offset and --limit.` : '',
    list('Mind', caveats),
    pricedAt(prices),
  );
}
