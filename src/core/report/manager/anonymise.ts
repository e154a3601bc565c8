import type { Filter, LifecycleConfiguration, Rule, Tag } from '../../../contract/lifecycle.ts';

/** Gives every different text another name, in the order they come. */
function renamer(name: (at: number) => string): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text) ?? name(names.size + 1);
    names.set(text, known);
    return known;
  };
}

const LETTERS = 26;
/** 1 -> "A", 27 -> "AA". */
const letter = (at: number): string =>
  at <= LETTERS ? String.fromCharCode(64 + at) : letter(Math.floor((at - 1) / LETTERS)) + letter(((at - 1) % LETTERS) + 1);

/** "Owner A", "Owner B", in the order they come; nobody stays nobody. */
export function ownerRenamer(): (owner: string | null) => string | null {
  const rename = renamer((at) => `Owner ${letter(at)}`);
  return (owner) => (owner === null ? null : rename(owner));
}

/** The same configuration with rule 1, prefix 1, tag 1 for names; an empty prefix is no name. For words alone: it matches nothing. */
export function anonymousConfiguration({ Rules }: LifecycleConfiguration): LifecycleConfiguration {
  const prefix = renamer((at) => `prefix ${at}`);
  const tagKey = renamer((at) => `tag ${at}`);
  const tagValue = renamer((at) => `value ${at}`);
  const prefixed = (given: string | undefined) => (given === undefined ? {} : { Prefix: given === '' ? '' : prefix(given) });
  const tagged = ({ Key, Value }: Tag): Tag => ({ Key: tagKey(Key), Value: tagValue(Value) });
  const filtered = ({ Prefix, Tag: one, And, ...sizes }: Filter): Filter => ({
    ...sizes,
    ...prefixed(Prefix),
    ...(one === undefined ? {} : { Tag: tagged(one) }),
    ...(And === undefined
      ? {}
      : { And: { ...And, ...prefixed(And.Prefix), ...(And.Tags === undefined ? {} : { Tags: And.Tags.map(tagged) }) } }),
  });
  return {
    Rules: Rules.map(
      (rule, at): Rule => ({
        ...rule,
        ID: `rule ${at + 1}`,
        ...prefixed(rule.Prefix),
        ...(rule.Filter === undefined ? {} : { Filter: filtered(rule.Filter) }),
      }),
    ),
  };
}
