import type { Evidence } from '../../model/evidence.ts';
import { formatReference, parseReference } from '../../model/reference.ts';
import { wrongDay } from '../../policy/file/day.ts';
import { Faults, type Place, placeText } from '../../policy/file/fault.ts';
import type { Value } from '../../policy/file/value.ts';
import { readYaml } from '../../policy/file/yaml.ts';
import {
  below,
  flag,
  listOf,
  may,
  must,
  object,
  oneOf,
  type Read,
  recordOf,
  text,
  WrongValue,
} from '../../report/kept/values.ts';
import { readEvidence } from '../../report/read-report.ts';
import { SluiceError } from '../../util/error.ts';
import { knownKey } from '../baseline.ts';
import { fillEvidence } from './fill-evidence.ts';

/** What a rule may be expected to say. */
export const verdictWords = ['stop', 'warn', 'track', 'undecided', 'silent'] as const;

/** One of {@link verdictWords}. */
export type RuleWord = (typeof verdictWords)[number];

/** Evidence, and what the policy must say of it. */
export interface PolicyCase {
  readonly name: string;
  /** Where it stands. */
  readonly place: string;
  readonly now: Date;
  readonly evidence: Evidence | { readonly report: string };
  readonly baseline?: { readonly evidence: Evidence; readonly since: string; readonly known?: ReadonlySet<string> };
  /** As a waiver file has them. */
  readonly waivers: readonly unknown[];
  readonly environment: string;
  readonly names: readonly string[];
  readonly expect: Expectation;
}

/** What must hold; what is not named may be anything. */
export interface Expectation {
  readonly decision?: 'pass' | 'warn' | 'stop' | 'undecided';
  readonly rules: ReadonlyMap<string, RuleWord>;
  /** Whether rules that are not named must be silent. */
  readonly only: boolean;
}

/** The cases of one file. */
export interface PolicyCases {
  /** As written: a file or a pack; absent: the policy beside it. */
  readonly policy?: string;
  readonly cases: readonly PolicyCase[];
}

/** The day as of which a case is judged that names none. */
const defaultDay = '2026-01-01';

interface WrittenCase {
  readonly name: string;
  readonly at?: string;
  readonly evidence?: unknown;
  readonly report?: string;
  readonly baseline?: { readonly evidence?: unknown; readonly since?: string; readonly known?: readonly string[] };
  readonly waivers?: readonly unknown[];
  readonly environment?: string;
  readonly names?: readonly string[];
  readonly expect: {
    readonly decision?: Expectation['decision'] & string;
    readonly rules?: unknown;
    readonly only?: boolean;
  };
}

const anything: Read<unknown> = (value) => value;

const fileShape = object<{ readonly version: number; readonly policy?: string; readonly cases: readonly unknown[] }>({
  version: must((value) => {
    if (value === 1) return value;
    throw new WrongValue('must be 1');
  }),
  policy: may(text),
  cases: must(listOf(anything)),
});

const caseShape = object<WrittenCase>({
  name: must(text),
  at: may(text),
  evidence: may(anything) as never,
  report: may(text),
  baseline: may(
    object<NonNullable<WrittenCase['baseline']>>({
      evidence: may(anything) as never,
      since: may(text),
      known: may(listOf(text)),
    }),
  ),
  waivers: may(listOf(anything)),
  environment: may(text),
  names: may(listOf(text)),
  expect: must(
    object<WrittenCase['expect']>({
      decision: may(oneOf(['pass', 'warn', 'stop', 'undecided'])),
      rules: may(anything) as never,
      only: may(flag),
    }),
  ),
});

/** Reads a file of cases (`NAME.test.yaml`). @throws SluiceError `policy/case` with file, line and column */
export function readCases(bytes: Buffer, file: string): PolicyCases {
  const faults = new Faults();
  const root = readYaml(bytes, file, faults);
  const [fault] = faults.all;
  if (fault || !root) {
    const where = fault ? placeText(fault.place) : file;
    throw new SluiceError('policy/case', `${where}: ${fault?.message ?? 'there are no cases'}`, fault?.hint);
  }
  try {
    const { policy, cases } = fileShape(plainOf(root), true);
    const read = cases.map((one, i) => {
      try {
        return caseIn(one, placeText(placeAt(root, ['cases', String(i)])));
      } catch (thrown) {
        throw below('cases', below(i, thrown));
      }
    });
    if (read.length === 0) throw new WrongValue('there are none').below('cases');
    return { ...(policy === undefined ? {} : { policy }), cases: read };
  } catch (thrown) {
    if (!(thrown instanceof WrongValue)) throw thrown;
    const tokens = thrown.place
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const { place, wrong } = thrown;
    throw new SluiceError('policy/case', `${placeText(placeAt(root, tokens))}: ${place}: ${wrong}`);
  }
}

function caseIn(value: unknown, place: string): PolicyCase {
  const written = caseShape(value, true);
  const { name, environment = '', names = [], waivers = [], baseline, expect } = written;
  const now = momentIn(written.at ?? defaultDay, 'at');
  return {
    name,
    place,
    now,
    evidence: evidenceIn(written, now),
    ...(baseline ? { baseline: baselineIn(baseline, now) } : {}),
    waivers,
    environment,
    names: names.map(nameIn),
    expect: expectationIn(expect),
  };
}

/** As a scan would have it: `shop/web` is another name for docker.io's. */
function nameIn(name: string, i: number): string {
  try {
    return formatReference(parseReference(name));
  } catch (thrown) {
    throw thrown instanceof SluiceError ? new WrongValue(thrown.message).below(i).below('names') : thrown;
  }
}

function evidenceIn({ evidence, report }: WrittenCase, now: Date): PolicyCase['evidence'] {
  if (report === undefined) return wholeEvidence(evidence ?? {}, now);
  if (evidence === undefined) return { report };
  throw new WrongValue('there is evidence as well').below('report');
}

function wholeEvidence(given: unknown, now: Date): Evidence {
  try {
    return readEvidence(fillEvidence(given, now), true);
  } catch (thrown) {
    throw below('evidence', thrown);
  }
}

function baselineIn(
  { evidence, since, known }: NonNullable<WrittenCase['baseline']>,
  now: Date,
): NonNullable<PolicyCase['baseline']> {
  try {
    const from = since === undefined ? now : momentIn(since, 'since');
    const whole = wholeEvidence(evidence ?? {}, now);
    return { evidence: whole, since: from.toISOString(), ...(known ? { known: new Set(known.map(knownIn)) } : {}) };
  } catch (thrown) {
    throw below('baseline', thrown);
  }
}

/** `CVE-2024-1 openssl`: a flaw by any of its names, and the package that it was found in. */
function knownIn(written: string, i: number): string {
  const [flaw, name, ...more] = written.split(' ');
  if (flaw && name && more.length === 0) return knownKey(flaw, name);
  throw new WrongValue('must be a flaw and a package, such as CVE-2024-1 openssl').below(i).below('known');
}

function expectationIn({ decision, rules = {}, only = false }: WrittenCase['expect']): Expectation {
  try {
    if (decision === undefined && Object.keys(recordOf(rules)).length === 0 && !only)
      throw new WrongValue('expects nothing: say decision, rules or only');
    const word = oneOf(verdictWords);
    const expected = Object.entries(recordOf(rules)).map(([rule, said]): [string, RuleWord] => {
      try {
        return [rule, word(said, true)];
      } catch (thrown) {
        throw below('rules', below(rule, thrown));
      }
    });
    return { ...(decision === undefined ? {} : { decision }), rules: new Map(expected), only };
  } catch (thrown) {
    throw below('expect', thrown);
  }
}

/** A day, whose first moment it is, or a time. */
function momentIn(written: string, member: string): Date {
  const form = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(written);
  const time = new Date(written);
  if (form && wrongDay(form[1] ?? '') === undefined && !Number.isNaN(time.getTime())) return time;
  throw new WrongValue('must be a day such as 2026-01-31, or a time').below(member);
}

/** The place of a value by the names that lead to it; of the last one that is there. */
function placeAt(root: Value, tokens: readonly string[]): Place {
  let found = root;
  for (const token of tokens) {
    const next =
      found.kind === 'map'
        ? found.entries.get(token)?.value
        : found.kind === 'list'
          ? found.items[Number(token)]
          : undefined;
    if (!next) break;
    found = next;
  }
  return found.place;
}

/** Permission bits as people write them, `'0755'`. 755 or 0755 without quotes is another number than is meant. */
function octalIn(value: Value): Value {
  const { place } = value;
  if (value.kind === 'plain' && /^0(?:o[0-7]{1,4})?$/.test(value.source)) return value;
  if (value.kind === 'text' && /^[0-7]{1,4}$/.test(value.text)) {
    const mode = Number.parseInt(value.text, 8);
    return { kind: 'plain', value: mode, source: `0o${value.text}`, place };
  }
  throw new SluiceError('policy/case', `${placeText(place)}: mode is in octal`, "write 0o755 or '0755'");
}

/** As deep as YAML may be nested, which is limited. */
function plainOf(value: Value, parent = ''): unknown {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'plain') return value.value;
  if (value.kind === 'list') return value.items.map((item) => plainOf(item, parent));
  return Object.fromEntries(
    [...value.entries].map(([name, { value: of }]) => {
      return [name, plainOf(parent === 'files' && name === 'mode' ? octalIn(of) : of, name)];
    }),
  );
}
