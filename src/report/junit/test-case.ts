/** Why a test case is no pass. The kind is ours, never text from outside: GitLab reads some words there as types of data. */
export interface Outcome {
  readonly kind: 'vulnerability' | 'secret' | 'misconfiguration' | 'external' | 'policy' | 'undecided';
  /** In one line. */
  readonly message: string;
  /** What else is to be said, line by line. */
  readonly lines: readonly string[];
}

/** One test case; without failures and errors it has passed, or was skipped. */
export interface TestCase {
  /** In parts with dots between: the last is what Jenkins calls the class, those before it are its package. */
  readonly classname: string;
  /** Without versions and lines where it can be: by it and the class a test is known in the next run. */
  readonly name: string;
  /** What stops. */
  readonly failures: readonly Outcome[];
  /** What could not be decided. */
  readonly errors: readonly Outcome[];
  /** Why nobody need look at it. */
  readonly skipped?: string;
  /** What is told, line by line. */
  readonly out: readonly string[];
}

/** Gives each test case a name of its own: of those with one name GitLab shows the first alone. */
export function withOwnNames(cases: readonly TestCase[]): TestCase[] {
  const seen = new Set<string>();
  const times = new Map<string, number>();
  return cases.map((one) => {
    const key = keyOf(one, one.name);
    let name = one.name;
    let time = times.get(key) ?? 1;
    while (seen.has(keyOf(one, name))) name = `${one.name} (${++time})`;
    times.set(key, time);
    seen.add(keyOf(one, name));
    return name === one.name ? one : { ...one, name };
  });
}

function keyOf({ classname }: TestCase, name: string): string {
  return `${classname}\0${name}`;
}
