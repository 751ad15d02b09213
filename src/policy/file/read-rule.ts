import { type Severity, severities } from '../../model/severity.ts';
import type { Grace, Rule } from '../rule.ts';
import { subjectKinds } from '../subject/contract.ts';
import { dayIn } from './day.ts';
import { type Faults, placeText } from './fault.ts';
import { readExpression } from './read-expression.ts';
import { readFileQuery } from './read-files.ts';
import { messageIn, ruleIdIn } from './rule-parts.ts';
import { printableIn, recordIn, textsIn, wholeIn, wordIn } from './shape.ts';
import type { MapValue, Value } from './value.ts';

const keys = [
  ...['id', 'title', 'why', 'fix', 'on', 'when', 'outcome', 'from', 'until', 'grace', 'controls', 'files', 'says'],
];
const mandatory = ['id', 'title', 'why', 'on', 'when', 'outcome'];
/** What can stand in a message. */
const saidNames = ['found', 'failOn'];
/** Most days of grace: ten years. */
const mostDays = 3660;

/** Reads a rule; undefined, and faults, when something of it is wrong. `pack`: the pack or file that it is of. */
export function readRule(value: Value, pack: string, faults: Faults): Rule | undefined {
  const before = faults.all.length;
  const map = recordIn(value, 'a rule', keys, 'a rule', faults, 'such as - id: team/no-root');
  if (!map) return undefined;
  const part = (key: string): Value | undefined => map.entries.get(key)?.value;
  const missing = mandatory.filter((key) => !part(key));
  if (missing.length > 0) faults.add(map.place, `the rule has no ${missing.join(', no ')}`);
  const outcome = part('outcome');
  if (outcome?.kind === 'text' && outcome.text === 'off') {
    const hint = 'take it out, or switch it off where it is used, under override:';
    faults.add(outcome.place, 'a rule is not off where it is written', hint);
    return undefined;
  }
  const read = {
    ...head(part, faults),
    ...condition(map, faults),
    outcome: (outcome && wordIn(outcome, 'outcome', ['stop', 'warn', 'track'] as const, faults)) ?? 'stop',
    ...readTerms(part, faults),
    ...controlsOf(part('controls'), faults),
    place: placeText(map.place),
    pack,
  };
  if (read.grace && read.on !== 'finding') {
    const at = map.entries.get('grace')?.key ?? map.place;
    faults.add(at, `grace is of rules on findings, and this one is on ${read.on}`, 'leave it out');
  }
  if (faults.all.length > before) return undefined;
  return read as Rule;
}

type Part = (key: string) => Value | undefined;

function head(part: Part, faults: Faults): Pick<Rule, 'id' | 'title' | 'why' | 'fix' | 'says'> {
  const [id, title, why, fix, says] = ['id', 'title', 'why', 'fix', 'says'].map(part);
  const fixed = fix && printableIn(fix, 'fix', faults);
  const said = says && messageIn(says, saidNames, faults);
  return {
    id: (id && ruleIdIn(id, faults)) ?? '',
    title: (title && printableIn(title, 'title', faults)) ?? '',
    why: (why && printableIn(why, 'why', faults)) ?? '',
    ...(fixed ? { fix: fixed } : {}),
    ...(said ? { says: said } : {}),
  };
}

/** What the rule is evaluated on, and when it fires. */
function condition(map: MapValue, faults: Faults): Partial<Pick<Rule, 'on' | 'when' | 'files'>> {
  const [on, when, files] = ['on', 'when', 'files'].map((key) => map.entries.get(key)?.value);
  const kind = on && wordIn(on, 'on', subjectKinds, faults);
  if (kind === undefined) return {};
  if (files && kind !== 'file') {
    faults.add(map.entries.get('files')?.key ?? map.place, `files is of rules on files, and this one is on ${kind}`);
  }
  if (!files && kind === 'file') {
    const hint = "which files it looks at: files: { paths: ['/etc/**'] }";
    faults.add(on?.place ?? map.place, 'a rule on files needs files', hint);
  }
  const query = files && kind === 'file' ? readFileQuery(files, faults) : undefined;
  const expression = when && readExpression(when, kind, faults);
  return { on: kind, ...(expression ? { when: expression } : {}), ...(query ? { files: query } : {}) };
}

function controlsOf(value: Value | undefined, faults: Faults): { controls: readonly string[] } {
  const found = value ? (textsIn(value, 'controls', faults) ?? []) : [];
  const controls = found.map((text) => printableIn(text, 'controls', faults)).filter((line) => line !== undefined);
  return { controls: [...new Set(controls)].sort() };
}

/** What rules and overrides have alike: when it is in force, and what is only tracked. */
export function readTerms(part: Part, faults: Faults): Pick<Rule, 'from' | 'until' | 'grace'> {
  const [from, until, grace] = ['from', 'until', 'grace'].map(part);
  const first = from && dayIn(from, 'from', faults);
  const last = until && dayIn(until, 'until', faults);
  if (until && first && last && first > last) {
    faults.add(until.place, `until ${last} is before from ${first}: it is never in force`);
  }
  const days = grace && readGrace(grace, faults);
  return { ...(first ? { from: first } : {}), ...(last ? { until: last } : {}), ...(days ? { grace: days } : {}) };
}

/** Days by severity. */
export function readGrace(value: Value, faults: Faults): Grace | undefined {
  const words: readonly (Severity | 'default')[] = [...severities, 'default'];
  const map = recordIn(value, 'grace', words, 'grace', faults, 'such as { critical: 7, default: 30 }');
  if (!map) return undefined;
  const days: Partial<Record<Severity | 'default', number>> = {};
  for (const word of words) {
    const given = map.entries.get(word);
    const number = given && wholeIn(given.value, `grace: ${word}`, 0, mostDays, faults);
    if (number !== undefined) days[word] = number;
  }
  return days;
}
