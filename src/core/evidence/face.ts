import type { EvidenceManifest, ScopeCounts } from '../../contract/evidence.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Counterexample, Proof, ProofFacts, ProofPart } from '../../contract/prove.ts';
import { ruleInWords } from '../policy/words.ts';
import { formatBytes, formatCount, formatInstant } from '../report/format.ts';
import { type Html, html, page } from '../report/html.ts';

/** What the face of a bundle shows: the manifest but for the hash of the face itself. */
export interface FaceInput {
  readonly manifest: Omit<EvidenceManifest, 'files'>;
  readonly proofs: readonly Proof[];
  readonly scopes: readonly ScopeCounts[];
  readonly configuration: LifecycleConfiguration | null;
}

const STYLE = `
:root{color-scheme:light}
body{font:14px/1.45 system-ui,sans-serif;color:#1c1917;margin:32px auto;max-width:960px;padding:0 24px}
h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 8px;border-bottom:1px solid #d6d3d1;padding-bottom:4px}
h3{font-size:14px;margin:0 0 4px}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid #e7e5e4}
th{font-weight:600;color:#57534e}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:12px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
section.s{break-inside:avoid;border-left:4px solid #a8a29e;padding:4px 0 4px 12px;margin:12px 0}
section.PROVED{border-color:#166534}section.COUNTEREXAMPLE{border-color:#b91c1c}section.INSUFFICIENT{border-color:#a16207}
.v{font-weight:700;letter-spacing:.02em}.PROVED .v{color:#166534}.COUNTEREXAMPLE .v{color:#b91c1c}.INSUFFICIENT .v{color:#854d0e}
.t{color:#57534e}ul{margin:4px 0;padding-left:20px}
@media print{body{margin:0;max-width:none;padding:0;font-size:11px}@page{margin:14mm}}
`;

const row = (title: string, value: string | Html): Html => html`<tr><th>${title}</th><td>${value}</td></tr>`;

function lockInWords(lock: ProofFacts['objectLock']): string {
  if (lock === 'none') return 'not enabled';
  if (lock === 'unknown') return 'not known';
  return lock.defaultRetentionDays === null
    ? 'enabled, without a default retention'
    : `enabled, default retention ${formatCount(lock.defaultRetentionDays)} days`;
}

function example(shown: Counterexample): Html {
  const size = shown.sizeFrom === shown.sizeTo ? formatBytes(shown.sizeFrom) : `${formatBytes(shown.sizeFrom)} or more`;
  const hasSize = shown.state !== 'marker' && shown.state !== 'upload';
  return html`<ul>
<li>${shown.keyShape === null ? 'Key' : 'Any key such as'} <code>${shown.key}</code>${shown.versionId === null ? '' : html`, version <code>${shown.versionId}</code>`}</li>
<li>${shown.state}${hasSize ? `, ${size}` : ''}${shown.tags.map(({ Key, Value }) => html`, tagged <code>${Key}=${Value}</code>`)}</li>
<li>${shown.words}</li>
${shown.versions === undefined ? '' : html`<li>${formatCount(shown.versions)} of them, ${formatBytes(shown.bytes ?? 0)}</li>`}
</ul>`;
}

function part(title: string, decided: ProofPart | null): Html | string {
  if (decided === null) return '';
  return html`<div class="${decided.verdict}"><span class="v">${decided.verdict}</span> for ${title}: ${decided.basis}.
${decided.counterexample === null ? '' : example(decided.counterexample)}
${decided.missing.length === 0 ? '' : html`<ul>${decided.missing.map((what) => html`<li>Missing: ${what}</li>`)}</ul>`}</div>`;
}

function scopeLine(counts: ScopeCounts | undefined): Html | string {
  if (counts === undefined) return '';
  const { locks } = counts;
  const lock =
    locks === null
      ? 'retention and holds not in the report'
      : `${formatCount(locks.retained)} under retention${locks.firstEnd === null ? '' : ` (${locks.firstEnd} to ${locks.lastEnd})`}, ${formatCount(locks.held)} under a hold, ${formatCount(locks.notLocked)} not locked`;
  const written = counts.oldestWrite === null ? '' : `; written ${counts.oldestWrite} to ${counts.newestWrite}`;
  return html`<p class="t">${formatCount(counts.versions)} versions (${formatCount(counts.noncurrentVersions)} noncurrent), ${formatCount(counts.deleteMarkers)} delete markers, ${formatBytes(counts.bytes)}${written}; ${lock}; ${counts.replicationBlocked === null ? 'replication not in the report' : `${formatCount(counts.replicationBlocked)} waiting for replication`}. Rules that reach there: ${counts.rules.length === 0 ? 'none' : counts.rules.join(', ')}.</p>`;
}

function statement(proof: Proof, scopes: readonly ScopeCounts[]): Html {
  const { id, title, source } = proof.statement;
  return html`<section class="s ${proof.verdict}">
<h3><span class="v">${proof.verdict}</span> ${id}${title === undefined ? '' : ` · ${title}`}${source === undefined ? '' : ` (${source})`}</h3>
<p>${proof.words}</p>
${scopeLine(scopes.find(({ statementId }) => statementId === id))}
${part('any key', proof.any)}
${part('existing versions', proof.existing)}
${proof.notes.map((note) => html`<p class="t">${note}</p>`)}
</section>`;
}

/** `report.html` of a bundle: what a reviewer reads. It holds no figure that is not in the other files. */
export function evidenceFace({ manifest, proofs, scopes, configuration }: FaceInput): string {
  const { snapshot, facts, counts } = manifest;
  const assumptions = [...new Set(proofs.flatMap((proof) => proof.assumptions))];
  const rules = configuration?.Rules ?? [];
  const body = html`<h1>${manifest.title}</h1>
<p class="t">${manifest.bucket}${manifest.region === null ? '' : `, ${manifest.region}`}${manifest.account === null ? '' : `, account ${manifest.account}`} · made ${formatInstant(manifest.createdAt)} by Isotherm ${manifest.appVersion}</p>
<p><b>${formatCount(counts.PROVED)}</b> proved, <b>${formatCount(counts.COUNTEREXAMPLE)}</b> with a counterexample, <b>${formatCount(counts.INSUFFICIENT)}</b> open for lack of facts.</p>
<h2>Statements</h2>
${proofs.map((proof) => statement(proof, scopes))}
<h2>What was looked at</h2>
<table>
${row('Configuration in force from', manifest.asOf)}
${row('Versioning', facts.versioning)}
${row('Object Lock', lockInWords(facts.objectLock))}
${row('Replication', facts.replication)}
${row('Minimum size for transitions', facts.minimumSize ?? 'none')}
${
  snapshot === null
    ? row('Inventory', 'none: only what any key could meet was decided')
    : html`${row('Inventory', html`<code>${snapshot.source}</code>`)}
${row('Inventory of', formatInstant(snapshot.asOf))}
${row('Rows', `${formatCount(snapshot.rows)}: ${formatCount(snapshot.versions)} versions, ${formatCount(snapshot.deleteMarkers)} delete markers, ${formatBytes(snapshot.bytes)}`)}
${row('Columns', snapshot.fields.join(', '))}`
}
${row('Reviewed by', manifest.reviewers.length === 0 ? 'nobody named' : manifest.reviewers.join(', '))}
${manifest.inputs.map(({ what, algorithm, hash }) => row(what, html`<code>${algorithm} ${hash}</code>`))}
${row('Bundle before', html`<code>${manifest.previousRoot ?? 'none: the first of its chain'}</code>`)}
</table>
<h2>Rules</h2>
${rules.length === 0 ? html`<p>The bucket has no lifecycle rules.</p>` : html`<ul>${rules.map((rule) => html`<li><b>${rule.ID ?? '(no ID)'}</b>: ${ruleInWords(rule)}.</li>`)}</ul>`}
<h2>Assumptions</h2>
<ul>${assumptions.map((line) => html`<li>${line}</li>`)}</ul>
<p class="t">Check this bundle anywhere: <code>isotherm verify-evidence FILE</code></p>`;
  return page(manifest.title, STYLE, body);
}
