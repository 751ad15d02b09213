import type { Evidence } from '../../model/evidence.ts';
import type { Problem } from '../../model/problem.ts';
import { harmless } from '../../util/harmless.ts';
import { lookedText } from '../text-looked.ts';
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

/** What was not looked for: nothing found of it says nothing. */
export function lookedLines(evidence: Evidence, width: number, paint: Paint): string[] {
  const text = lookedText(evidence);
  return text === undefined ? [] : [...hanging(paint('aside', 'Look  '), 6, text, width), ''];
}
