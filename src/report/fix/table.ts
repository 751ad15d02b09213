import type { Change, FixedFlaw, FixPlan, Remaining } from '../../match/fix/contract.ts';
import { parsePurl } from '../../model/parse-purl.ts';
import { harmless } from '../../util/harmless.ts';
import { hanging } from '../table/hanging.ts';
import { type Paint, painter, type Role } from '../table/style.ts';
import { count } from '../text-fix.ts';
import { targetTexts } from '../text-target.ts';
import { wrap } from '../text-width.ts';

/** How a plan is laid out. */
export interface FixLayout {
  /** What the user called the target. */
  readonly name: string;
  readonly colour: boolean;
  readonly width: number;
  /** Whether the patches have been written to the files. */
  readonly written: boolean;
}

/** Fewest and most columns that are laid out for. */
const narrowest = 60;
const widest = 120;

/** Most flaws of one change, reasons why something remains, and packages of one such reason that are named. */
const flawsShown = 6;
const groupsShown = 20;
const packagesShown = 10;

interface Page {
  readonly width: number;
  readonly paint: Paint;
  /** What stands for the target itself: said once, at the top. */
  readonly own: ReadonlySet<string>;
}

/** A plan for people: what to change, what each change ends, what remains and why, and the verdict before and after. */
export function fixTable(plan: FixPlan, { name, colour, width, written }: FixLayout): string {
  const { digest, id } = plan.target;
  const own = new Set([name, digest ?? '', id ?? '']);
  const page = {
    own,
    width: Math.min(widest, Math.max(narrowest, Math.floor(width) || narrowest)),
    paint: painter(colour),
  };
  const lines = [
    ...wrap([harmless(name), ...targetTexts(plan.target)].join(' · '), page.width),
    '',
    ...changesPart(plan.changes, page),
    ...remainsPart(plan.remains, page),
    ...plan.notes.flatMap((note) => hanging('note: ', 6, harmless(note), page.width)),
    ...patchPart(plan, written, page),
    ...verdictPart(plan, page),
  ];
  return `${lines.join('\n')}\n`;
}

function changesPart(changes: readonly Change[], page: Page): string[] {
  if (changes.length === 0) return [];
  return [page.paint('name', 'CHANGE'), ...changes.flatMap((change) => changeLines(change, page)), ''];
}

function changeLines({ what, ends, brings, files, commands, notes }: Change, { width, paint }: Page): string[] {
  const title = what.kind === 'base' ? baseTitle(what) : bumpTitle(what);
  const lines = hanging('  ', 4, harmless(title), width).map((line) => paint('fix', line));
  const detail = (label: string, text: string, role?: Role): void => {
    const mark = `      ${label.padEnd(7)}`;
    const [first = '', ...more] = hanging(mark, mark.length, text, width);
    lines.push(first.replace(mark, paint('aside', mark)), ...more.map((line) => (role ? paint(role, line) : line)));
  };
  if (ends.length > 0) detail('ends', flawText(ends));
  if (brings.length > 0) detail('brings', flawText(brings), 'warn');
  if (files.length > 0) detail('patch', harmless(files.join(', ')));
  for (const command of commands) detail(files.length > 0 ? 'then' : 'run', harmless(command));
  for (const note of notes) detail('note', harmless(note));
  return lines;
}

function baseTitle({ from, to }: { from: string; to: string }): string {
  return from === '' ? `build on ${to}` : `build on ${to} instead of ${from}`;
}

function bumpTitle(what: Change['what'] & { kind: 'package' }): string {
  const { ecosystem, name, packages, from, to, leavesMajor, place } = what;
  const [only] = packages;
  const where = place === '' ? (packages.length > 1 || only !== name ? packages.join(', ') : '') : `in ${place}`;
  const breaks = leavesMajor ? ', a version that may break what uses it' : '';
  return `update ${name} ${from} to ${to} (${[ecosystem, where].filter((part) => part !== '').join(', ')})${breaks}`;
}

/** `CVE-2023-1234 critical, CVE-2023-1235 high and 3 more (2 stop the gate)`. */
function flawText(all: readonly FixedFlaw[]): string {
  // The same flaw is in several packages of one source; one that stops comes first.
  const flaws = [...new Map([...all].reverse().map((flaw) => [flaw.id, flaw])).values()].reverse();
  const shown = flaws.slice(0, flawsShown).map(({ id, severity }) => `${harmless(id)} ${severity}`);
  const more = flaws.length - shown.length;
  const stops = flaws.filter((flaw) => flaw.stops).length;
  const stopping =
    stops === 0
      ? ' (none stops the gate)'
      : stops === flaws.length
        ? ''
        : ` (${stops} of ${flaws.length} stop the gate)`;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '') + stopping;
}

function remainsPart(remains: readonly Remaining[], page: Page): string[] {
  if (remains.length === 0) return [];
  const groups = new Map<string, Remaining[]>();
  for (const one of remains) {
    const key = JSON.stringify([one.decision, one.says]);
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  const more = groups.size - groupsShown;
  return [
    page.paint('name', 'REMAINS'),
    ...[...groups.values()].slice(0, groupsShown).flatMap((group) => remainingLines(group, page)),
    ...(more > 0 ? [page.paint('aside', `  and ${more} more: -o json tells all`)] : []),
    '',
  ];
}

/** What stays for one reason: the reason, then the packages with what is in each. */
function remainingLines(group: readonly Remaining[], { width, paint, own }: Page): string[] {
  const [{ decision, says }] = group as [Remaining];
  const byPackage = new Map<string, Remaining[]>();
  for (const one of group) {
    const key = one.package ?? '';
    const known = byPackage.get(key);
    if (known) known.push(one);
    else byPackage.set(key, [one]);
  }
  const more = byPackage.size - packagesShown;
  const lines = hanging(`  ${decision}  `, decision.length + 4, harmless(says), width);
  lines[0] = lines[0]!.replace(decision, paint(decision, decision));
  for (const [purl, those] of [...byPackage].slice(0, packagesShown)) {
    const ids = those.map(({ id }) => id).filter((id) => !own.has(id));
    const text = those[0]!.severity === undefined ? ids.join(', ') : remainingText(those);
    const what = [purl === '' ? '' : packageText(purl), text].filter((part) => part !== '').join(': ');
    if (what !== '') lines.push(...hanging('      ', 8, harmless(what), width));
  }
  if (more > 0) lines.push(paint('aside', `      and ${count(more, 'package')} more: -o json tells all`));
  return lines;
}

function remainingText(those: readonly Remaining[]): string {
  const shown = those.slice(0, flawsShown).map(({ id, severity }) => `${id} ${severity}`);
  const fixes = [...new Set(those.map(({ fixed }) => fixed?.at(-1) ?? ''))].filter((version) => version !== '');
  const more = those.length > flawsShown ? ` and ${those.length - flawsShown} more` : '';
  return `${shown.join(', ')}${more}${fixes.length === 0 ? '' : ` (fixed in ${fixes.slice(-1)})`}`;
}

/** `glibc 2.28-225.el8` of a package URL. */
function packageText(purl: string): string {
  const parts = parsePurl(purl);
  if (!parts) return purl;
  const name =
    parts.type === 'npm' || parts.type === 'composer' || parts.type === 'golang'
      ? [parts.namespace, parts.name]
      : [parts.name];
  return `${name.filter((part) => part !== undefined).join('/')} ${parts.version ?? ''}`.trim();
}

function patchPart({ patches }: FixPlan, written: boolean, { paint }: Page): string[] {
  if (patches.length === 0) return [];
  const files = count(patches.length, 'file');
  const text = written
    ? `The patch of ${files} has been applied.`
    : `There is a patch of ${files}: -o patch prints it, --write applies it.`;
  return [paint('aside', text), ''];
}

function verdictPart({ before, after, changes, outcome, others }: FixPlan, { width, paint }: Page): string[] {
  const words = `${before.decision.toUpperCase()} → ${after.decision.toUpperCase()}`;
  const painted = `${paint(before.decision, before.decision.toUpperCase())} → ${paint(after.decision, after.decision.toUpperCase())}`;
  const rest = others === 0 ? '' : `; ${count(others, 'finding')} that ${others === 1 ? 'does' : 'do'} not stop it`;
  const says = {
    green: 'the gate would pass',
    stop: 'the gate would still stop',
    undecided: 'the gate would be undecided',
  }[outcome];
  // What this is sought for are packages: nobody is to take it for the whole of the gate.
  const only = outcome === 'green' ? ', as far as packages go (sluice scan asks for secrets and settings as well)' : '';
  const made =
    changes.length === 0
      ? outcome === 'green'
        ? 'nothing need be changed'
        : 'no change helps'
      : `after ${count(changes.length, 'change')} ${says}`;
  return hanging(`${painted}  `, words.length + 2, made + only + rest, width);
}
