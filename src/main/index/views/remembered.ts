const MOST = 64;
const kept = new WeakMap<object, Map<string, unknown>>();

/** Makes something of a cube once for as long as the cube is held: the same questions are asked again and again. Nobody changes the answer. */
export function remembered<T>(cube: object, key: string, make: () => T): T {
  let answers = kept.get(cube);
  if (!answers) {
    answers = new Map();
    kept.set(cube, answers);
  }
  if (answers.has(key)) return answers.get(key) as T;
  const made = make();
  const oldest = answers.size >= MOST ? answers.keys().next().value : undefined;
  if (oldest !== undefined) answers.delete(oldest);
  answers.set(key, made);
  return made;
}
