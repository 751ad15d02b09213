import type { Evidence } from '../../model/evidence.ts';
import type { Reason, ReasonSubject, Verdict } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import { count } from '../text-fix.ts';
import { subjectText } from '../text-reason.ts';
import { wrap } from '../text-width.ts';
import { flow, hanging } from './hanging.ts';
import type { Paint } from './style.ts';

/** Columns before a reason's text. */
const indent = 13;
/** Columns of the word before what a rule says: `why`, `fix`, `look`. */
const wordColumns = 6;
/** Most days of which each lists what is due. */
const daysShown = 5;
/** Most subjects that are named of one day. */
const subjectsShown = 5;

/**
 * Why the gate says what it says, worst first, with what to do; then what is only tracked. Where to begin with the
 * updates stands in the summary; what blinds stands with the problems, so here it is only counted.
 */
export function reasonLines(evidence: Evidence, verdict: Verdict, name: string, width: number, paint: Paint): string[] {
  const said = new Set(evidence.problems.filter(({ blinding }) => blinding).map(({ code }) => code as string));
  const layout: Layout = {
    ...{ width, paint, name, taught: verdict.policy !== undefined },
    decision: verdict.decision,
    told: new Set(),
  };
  const counting = verdict.reasons.filter(({ decision }) => decision !== 'track');
  const tracked = verdict.reasons.filter(({ decision }) => decision === 'track');
  const blinding = counting.filter(({ rule }) => said.has(rule));
  const lines: string[] = [];
  for (const reason of counting) {
    if (blinding.length < 2 || !said.has(reason.rule)) lines.push(...reasonText(reason, layout));
    else if (reason === blinding[0]) {
      const text = `${blinding.length} problems that may hide something (above)`;
      lines.push(...hanging(markOf(reason, paint), indent, text, width));
    }
  }
  return [
    ...(lines.length === 0 ? [] : ['Why', ...lines, '']),
    ...(tracked.length === 0 ? [] : ['Tracked', ...tracked.flatMap((one) => trackedText(one, layout)), '']),
  ];
}

interface Layout {
  readonly width: number;
  readonly paint: Paint;
  /** What the user called the target. */
  readonly name: string;
  /** Whether rules are told with what they teach: a policy that somebody wrote is one that others have to learn. */
  readonly taught: boolean;
  /** The reasons that decide are told with it whatever the policy: they are what has to be ended. */
  readonly decision: Verdict['decision'];
  /** What was said of days and of where to look, which several rules have in common. */
  readonly told: Set<string>;
}

function markOf({ decision }: Reason, paint: Paint): string {
  return `  ${paint(decision, decision)}${' '.repeat(9 - decision.length)}  `;
}

function reasonText(reason: Reason, layout: Layout): string[] {
  const { width, paint, taught, decision } = layout;
  const { rule, message, action } = reason;
  if (taught || (reason.decision === decision && reason.why !== undefined)) return taughtText(reason, layout);
  const lines = hanging(markOf(reason, paint), indent, harmless(message), width);
  // Where to begin with updates stands in the summary.
  if (action === undefined || rule.startsWith('vulnerability/')) return lines;
  return [...lines, ...hanging(' '.repeat(indent), indent, harmless(action), width)];
}

/** With the rule, why it exists, what ends it, what shows more, and what it serves: a line or two each. */
function taughtText(reason: Reason, { width, paint, name, taught, told }: Layout): string[] {
  const { rule, message, why, action, look, controls = [], place } = reason;
  const line = (word: string, text: string | undefined): string[] => {
    if (text === undefined || text === '') return [];
    const mark = ' '.repeat(indent) + paint('aside', word.padEnd(wordColumns));
    return hanging(mark, indent + wordColumns, harmless(text), width);
  };
  const where = place === undefined ? rule : `${rule}, ${place}`;
  return [
    ...hanging(markOf(reason, paint), indent, harmless(taught ? `${message} [${where}]` : message), width),
    ...line('why', why),
    ...line('fix', action),
    ...line(
      'look',
      once(told, look)?.replace(/\bTARGET\b/, () => shellText(name)),
    ),
    ...line('for', controls.join(', ')),
  ];
}

/** What was told already need not be told again. */
function once(told: Set<string>, text: string | undefined): string | undefined {
  if (text === undefined || told.has(text)) return undefined;
  told.add(text);
  return text;
}

/** A name as a shell takes it for one word. */
function shellText(name: string): string {
  return /^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

/** What counts for nothing yet, and the days on which it will. */
function trackedText(reason: Reason, { width, paint, taught, told }: Layout): string[] {
  const text = taught ? `${reason.message} [${reason.rule}]` : reason.message;
  const lines = hanging(markOf(reason, paint), indent, harmless(text), width);
  const byDay = new Map<string, ReasonSubject[]>();
  for (const subject of reason.subjects ?? []) {
    if (subject.due === undefined) continue;
    const known = byDay.get(subject.due);
    if (known) known.push(subject);
    else byDay.set(subject.due, [subject]);
  }
  if (byDay.size > 0 && once(told, JSON.stringify([...byDay])) === undefined)
    return [...lines, paint('aside', `${' '.repeat(indent)}due on the same days as above`)];
  const days = [...byDay].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [day, subjects] of days.slice(0, daysShown)) lines.push(...dueLines(day, subjects, width, paint));
  const later = days.slice(daysShown);
  if (later.length > 0) {
    const more = later.reduce((sum, [, subjects]) => sum + subjects.length, 0);
    lines.push(paint('aside', `${' '.repeat(indent)}and ${count(more, 'other')} due later: -o json shows all`));
  }
  return lines;
}

/** `due 2026-07-01  CVE-2026-1 in openssl · CVE-2026-2 in zlib · and 3 more`. */
function dueLines(day: string, subjects: readonly ReasonSubject[], width: number, paint: Paint): string[] {
  const more = subjects.length - subjectsShown;
  const texts = subjects.slice(0, subjectsShown).map((subject) => harmless(subjectText(subject)));
  if (more > 0) texts.push(`and ${more} more`);
  const mark = `due ${harmless(day)}  `;
  const columns = Math.max(20, width - indent - mark.length);
  const [first = '', ...rest] = flow(texts, columns).flatMap((line) => wrap(line, columns));
  return [
    ' '.repeat(indent) + paint('track', mark) + first,
    ...rest.map((line) => ' '.repeat(indent + mark.length) + line),
  ];
}
