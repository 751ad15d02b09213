import type { Evidence, EvidenceSource } from '../../model/evidence.ts';
import type { Problem } from '../../model/problem.ts';
import type { Verdict } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import { count, listed } from '../text-fix.ts';
import { partlyReadText } from '../text-partly-read.ts';
import { wrap } from '../text-width.ts';
import type { Paint } from './style.ts';

/** Most problems that are listed; the blinding ones come first. */
const problemsShown = 20;

/** What could not be read or decided. */
export function problemLines({ problems }: Evidence, width: number, paint: Paint): string[] {
  if (problems.length === 0) return [];
  const lines = ['Could not be read or decided'];
  for (const problem of problems.slice(0, problemsShown)) lines.push(...problemText(problem, width, paint));
  const more = problems.length - problemsShown;
  if (more > 0) lines.push(paint('aside', `  and ${more} more: -o json shows all`));
  return [...lines, ''];
}

function problemText({ code, message, path, layer, blinding }: Problem, width: number, paint: Paint): string[] {
  const mark = blinding ? paint('alarm', 'blinding ') : paint('aside', 'partly   ');
  const where = [path, layer === undefined ? undefined : `layer ${layer}`]
    .filter((part) => part !== undefined)
    .join(', ');
  const text = harmless(`${where === '' ? '' : `${where}: `}${message} [${code}]`);
  return hanging(`  ${mark}  `, 13, text, width);
}

/** What does not count although it was found, and why. */
export function answeredLines({ findings }: Evidence, width: number, paint: Paint): string[] {
  const answered = findings.filter((finding) => finding.answered);
  if (answered.length === 0) return [];
  const packages = new Set(answered.map((finding) => finding.package)).size;
  const what = answered.length === 1 ? '1 finding does not count' : `${count(answered.length, 'finding')} do not count`;
  const text = `${what}: the files of ${packages === 1 ? 'its package belong' : `their ${count(packages, 'package')} belong`} to the distribution's, whose own advisories speak of them; -o json shows each`;
  return [...hanging(paint('aside', 'Same  '), 6, text, width), ''];
}

/** How much of the image was left unread. */
export function partlyReadLines({ target }: Evidence, width: number, paint: Paint): string[] {
  const text = partlyReadText(target);
  return text === undefined ? [] : [...hanging(paint('aside', 'Read  '), 6, text, width), ''];
}

/** The data that the result rests on, where that matters: nothing was found, or not all of it is what it should be. */
export function sourceLines(
  { sources, findings }: Evidence,
  { reasons }: Verdict,
  width: number,
  paint: Paint,
): string[] {
  const sound = sources.every((source) => source.origin === 'osv-export');
  if (sources.length === 0 || (sound && findings.length > 0 && !reasons.some(({ rule }) => rule.startsWith('data/'))))
    return [];
  const lines: string[] = [];
  const starter = sources.filter((source) => source.origin === 'starter');
  if (starter.length > 0) {
    const records = starter.reduce((sum, source) => sum + source.records, 0);
    const names = listed(
      starter.map((source) => source.ecosystem),
      'and',
    );
    const text = `${names}: only the starter set that is built into sluice, ${count(records, 'record')} on a few famous vulnerabilities. It can show that an image is bad, never that it is good.`;
    lines.push(...hanging(paint('warn', 'Data  '), 6, harmless(text), width));
  }
  for (const source of sources) {
    if (source.origin !== 'starter')
      lines.push(...hanging(paint('aside', 'Data  '), 6, harmless(sourceText(source)), width));
  }
  return [...lines, ''];
}

function sourceText({ ecosystem, origin, records, newest, checkedAt }: EvidenceSource): string {
  if (origin === 'none') return `${ecosystem}: there is none`;
  const when = checkedAt === '' ? '' : `, last known current ${checkedAt.slice(0, 16).replace('T', ' ')}`;
  return `${ecosystem}: ${count(records, 'record')}, newest of ${newest.slice(0, 10)}${when}`;
}

/**
 * Why the gate says what it says, worst first, with what to do. Where to begin with the updates stands in the summary;
 * what blinds stands with the problems, so here it is only counted.
 */
export function reasonLines({ problems }: Evidence, { reasons }: Verdict, width: number, paint: Paint): string[] {
  const said = new Set(problems.filter((problem) => problem.blinding).map((problem) => problem.code as string));
  const lines: string[] = [];
  const blinding = reasons.filter((reason) => said.has(reason.rule));
  let counted = false;
  for (const { rule, decision, message, action } of reasons) {
    const mark = `  ${paint(decision, decision)}${' '.repeat(9 - decision.length)}  `;
    if (said.has(rule) && blinding.length > 1) {
      if (counted) continue;
      counted = true;
      lines.push(...hanging(mark, 13, `${blinding.length} problems that may hide something (above)`, width));
      continue;
    }
    lines.push(...hanging(mark, 13, harmless(message), width));
    if (action !== undefined && !rule.startsWith('vulnerability/')) {
      lines.push(...hanging(' '.repeat(13), 13, harmless(action), width));
    }
  }
  return lines.length === 0 ? [] : ['Why', ...lines, ''];
}

/** A text behind a mark of so many columns; its further lines stand below its first. */
function hanging(mark: string, indent: number, text: string, width: number): string[] {
  const [first, ...rest] = wrap(text, Math.max(20, width - indent));
  return [`${mark}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
}
