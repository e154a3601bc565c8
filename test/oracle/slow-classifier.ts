import type { ClassificationRule, RuleSet } from '../../src/core/classify/rule-set.ts';

/** What a key is: the rule, and where a marker rather than the key itself says so, the root of what it marks. */
export interface Slow {
  readonly rule: ClassificationRule | null;
  readonly claimedFrom: string | null;
}

/** The obvious way to classify a bucket: every key against every rule, and every key against every marker. */
export function classifySlowly(rules: RuleSet, keys: readonly string[]): Slow[] {
  const patterns = rules.map(({ regex }) => new RegExp(regex));
  const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);
  const markers = keys.flatMap((key) =>
    rules.flatMap((rule, index) => {
      const { claims } = rule;
      if (!claims || !patterns[index]?.test(key)) return [];
      const marks =
        claims.suffixes.some((suffix) => key.endsWith(suffix)) ||
        claims.segments.some((segment) => `/${folderOf(key)}`.includes(`/${segment}/`));
      return marks ? [{ rule, index, scope: claims.scope, root: folderOf(unitOf(rule, patterns[index] as RegExp, key)) }] : [];
    }),
  );
  return keys.map((key) => {
    const here = markers
      .filter(({ root, scope }) => (scope === 'beside' ? folderOf(key) === root : key.startsWith(root)))
      .sort((a, b) => a.root.length - b.root.length || a.index - b.index);
    const strong = here.find(({ scope }) => scope === 'table' || scope === 'store');
    if (strong) return { rule: strong.rule, claimedFrom: strong.root };
    const own = rules.find((_, index) => patterns[index]?.test(key)) ?? null;
    const deepest = here.filter(({ scope }) => scope === 'below').at(-1)?.root;
    const weak = here.find(({ scope }) => scope === 'beside') ?? here.find(({ scope, root }) => scope === 'below' && root === deepest);
    const yields = weak && (own === null || own.yieldsTo.includes(weak.rule.kind));
    return yields ? { rule: weak.rule, claimedFrom: weak.root } : { rule: own, claimedFrom: null };
  });
}

function unitOf({ unit }: ClassificationRule, pattern: RegExp, key: string): string {
  const groups = pattern.exec(key)?.groups ?? {};
  const filled = unit.replace(/\{(\w+)\}/g, (_, name: string) => groups[name] ?? '');
  return filled.startsWith('/') && !key.startsWith('/') ? filled.slice(1) : filled;
}
