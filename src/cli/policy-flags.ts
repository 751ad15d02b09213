import { parseSeverity } from '../model/severity.ts';
import { type DataAge, defaultPolicy, type Policy } from '../policy/policy.ts';
import { sourceNames } from '../policy/source-names.ts';
import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';
import type { Flag, Flags } from './flags.ts';

/** What a policy is told by. */
export const policyFlags: readonly Flag[] = [
  {
    name: 'fail-on',
    value: 'SEVERITY|never',
    doc: 'stop at critical, high (the default), medium, low or negligible; never takes the stops away',
  },
  {
    name: 'data-age',
    value: 'AGES',
    multiple: true,
    doc: 'WARN:UNDECIDED, above which age of the data to warn and to be undecided, by default 48h:120h; of one source as in Debian=12h:2d or KEV=3d:never; may be repeated',
  },
];

/** The policy that the flags ask for, on top of the default one. @throws SluiceError `usage/fail-on`, `usage/data-age` */
export function policyOf(given: Flags): Policy {
  return { failOn: failOnOf(given.text('fail-on')), dataAges: dataAgesOf(given.list('data-age')) };
}

function failOnOf(text: string | undefined): Policy['failOn'] {
  if (text === undefined) return defaultPolicy.failOn;
  if (text.toLowerCase() === 'never') return 'never';
  const severity = parseSeverity(text);
  if (severity && severity !== 'unknown') return severity;
  throw new SluiceError(
    'usage/fail-on',
    `--fail-on takes a severity or never, not ${text}`,
    'critical, high, medium, low, negligible or never',
  );
}

/** Each text may hold several, separated by commas: the environment can name the flag only once. The last word counts. */
function dataAgesOf(texts: readonly string[]): Policy['dataAges'] {
  let all = defaultPolicy.dataAges.default;
  const bySource = new Map(defaultPolicy.dataAges.bySource);
  for (const text of texts.flatMap((one) => one.split(',')).map((one) => one.trim())) {
    const equals = text.indexOf('=');
    const age = ageOf(text.slice(equals + 1), text);
    if (equals < 0) all = age;
    else bySource.set(sourceOf(text.slice(0, equals)), age);
  }
  return { default: all, bySource };
}

function ageOf(ages: string, text: string): DataAge {
  const [warn, undecided, ...more] = ages.split(':').map(hoursOf);
  if (warn === undefined || undecided === undefined || more.length > 0) {
    const hint = 'such as 48h:120h, Debian=12h:2d or KEV=3d:never';
    throw new SluiceError('usage/data-age', `--data-age takes [SOURCE=]WARN:UNDECIDED, not ${text}`, hint);
  }
  if (warn > undecided) {
    throw new SluiceError('usage/data-age', `--data-age ${text}: it would be undecided before it warns`);
  }
  return { warn, undecided };
}

/** `12h`, `3d`, `never` in hours; undefined when it is none of them. */
function hoursOf(text: string): number | undefined {
  if (text === 'never') return Number.POSITIVE_INFINITY;
  const match = /^(\d{1,5})([hd])$/.exec(text);
  return match ? Number(match[1]) * (match[2] === 'd' ? 24 : 1) : undefined;
}

/** The source as reports name it, in whatever case it was typed. */
function sourceOf(text: string): string {
  const name = text.trim();
  const known = new Map(sourceNames.map((one) => [one.toLowerCase(), one]));
  const found = known.get(name.toLowerCase());
  if (found !== undefined) return found;
  const close = known.get(nearest(name.toLowerCase(), [...known.keys()]) ?? '');
  const hint = close ? `did you mean ${close}?` : `such as ${['Debian', 'npm', 'KEV', 'EPSS'].join(', ')}`;
  throw new SluiceError('usage/data-age', `--data-age knows no source of data ${name}`, hint);
}
