import type { Evidence } from '../../model/evidence.ts';
import type { Problem } from '../../model/problem.ts';
import type { Verdict } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import { partlyReadText } from '../text-partly-read.ts';
import { hanging } from './hanging.ts';
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

/** How much of the image was left unread. */
export function partlyReadLines({ target }: Evidence, width: number, paint: Paint): string[] {
  const text = partlyReadText(target);
  return text === undefined ? [] : [...hanging(paint('aside', 'Read  '), 6, text, width), ''];
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
