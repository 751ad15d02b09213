/** Longest value that a variable can get; a variable may hold another one twice, and that again. */
const longest = 4_096;

/** Longest text in which variables are replaced, and most that all values in it add. */
const mostText = 16_384;

/** `$NAME`, `${NAME}`, `${NAME:-word}`, and a `$` that is escaped. */
const form = /[\\`]?\$(?:([A-Za-z_]\w{0,200})|\{([A-Za-z_]\w{0,200})(?:(:?[-+])([^{}]{0,1000}))?\})/gs;

/**
 * Puts the values of variables in (Dockerfile reference, "Environment replacement"). What is not known, and forms that
 * are not, stay as they are. `escaper`: the character that makes a `$` none.
 */
export function substituted(text: string, variables: ReadonlyMap<string, string>, escaper: string): string {
  if (!text.includes('$') || text.length > mostText) return text;
  let room = mostText;
  return text.replace(form, (whole, plain, braced, operator = '', word = '') => {
    const before = whole.startsWith('$') ? '' : whole[0]!;
    if (before === escaper) return whole.slice(1);
    const value = variables.get(plain ?? braced);
    const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'));
    const out =
      operator === '' ? (value ?? whole.slice(before.length)) : isSet === operator.endsWith('+') ? word : (value ?? '');
    room -= out.length;
    return room > 0 ? before + out : whole;
  });
}

/** The variables that a stage knows. */
export class Variables {
  readonly known = new Map<string, string>();
  readonly #environment = new Set<string>();

  /** `below`: the environment of the stage that this one starts from. */
  constructor(below?: Variables) {
    if (!below) return;
    for (const name of below.#environment) this.#put(name, below.known.get(name) ?? '');
    for (const name of below.#environment) this.#environment.add(name);
  }

  /** A build argument: what the environment says of the same name counts more. */
  argument(name: string, value: string | undefined): void {
    if (value !== undefined && !this.#environment.has(name)) this.#put(name, value);
  }

  environment(name: string, value: string): void {
    this.#put(name, value);
    this.#environment.add(name);
  }

  #put(name: string, value: string): void {
    this.known.set(name, value.slice(0, longest));
  }
}
