import type { Reason } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import type { Paint } from '../table/style.ts';
import { count, listed } from '../text-fix.ts';
import { wrap } from '../text-width.ts';
import type { FleetRow } from './row.ts';

/** Most reasons that are shown of each decision; the rows and the reports have the rest. */
const mostShown = 20;

/** Most images that are named with one reason. */
const mostNamed = 4;

/** Columns before a reason's text. */
const indent = 13;

/** One reason, and the images that have it. */
interface Shared {
  readonly text: string;
  readonly action?: string | undefined;
  readonly names: string[];
}

/** Why images stop, could not be read or are undecided: a reason that several images share is told once. */
export function fleetReasons(sorted: readonly FleetRow[], width: number, paint: Paint): string[] {
  const lines: string[] = [];
  for (const decision of ['stop', 'error', 'undecided'] as const) {
    const shared = sharedReasons(sorted.filter((row) => row.decision === decision));
    const mark = `  ${paint(decision === 'error' ? 'alarm' : decision, decision)}${' '.repeat(9 - decision.length)}  `;
    for (const reason of shared.slice(0, mostShown)) lines.push(...reasonText(mark, reason, width, paint));
    const more = shared.length - mostShown;
    if (more > 0)
      lines.push(`${mark}${paint('aside', `and ${count(more, 'other reason')}: each image's report has its own`)}`);
  }
  return lines.length === 0 ? [] : ['Why', ...lines, ''];
}

function sharedReasons(rows: readonly FleetRow[]): Shared[] {
  const shared = new Map<string, Shared>();
  for (const row of rows) {
    const name = row.failure ? `${row.name} (line ${row.line})` : row.name;
    for (const { text, action } of textsOf(row)) {
      const key = `${text}\0${action ?? ''}`;
      const found = shared.get(key);
      if (!found) shared.set(key, { text, action, names: [name] });
      else if (found.names.at(-1) !== name) found.names.push(name);
    }
  }
  // Rows are sorted, so that reasons as widely shared stay with the worst image first.
  return [...shared.values()].sort((a, b) => b.names.length - a.names.length);
}

function textsOf(row: FleetRow): { text: string; action?: string | undefined }[] {
  if (!row.failure) return row.reasons.map(reasonOf);
  const { code, message, hint } = row.failure;
  return [{ text: `${message} [${code}]`, action: hint }];
}

/** How many vulnerabilities an image has stands in its row; what to begin with is often the same for many. */
function reasonOf({ rule, message, action }: Reason): { text: string; action?: string | undefined } {
  if (rule.startsWith('vulnerability/') && action !== undefined) return { text: action };
  return { text: message, action };
}

function reasonText(mark: string, { text, action, names }: Shared, width: number, paint: Paint): string[] {
  const room = Math.max(20, width - indent);
  const others = names.length - mostNamed;
  const named = names.slice(0, mostNamed);
  const images = others > 0 ? `${named.join(', ')} and ${others} more` : listed(named, 'and');
  const who = names.length > 1 ? `${count(names.length, 'image')}: ${images}` : images;
  const below = [
    ...(action === undefined ? [] : wrapped(action, room)),
    ...wrapped(who, room).map((line) => paint('aside', line)),
  ];
  const [first = '', ...rest] = wrapped(text, room);
  return [`${mark}${first}`, ...[...rest, ...below].map((line) => ' '.repeat(indent) + line)];
}

function wrapped(text: string, room: number): string[] {
  return wrap(harmless(text), room);
}
