import { harmless } from '../../util/harmless.ts';
import { markdownText } from '../sarif/text.ts';

/** Longest text of a code span, in characters: names and versions of packages are far shorter. */
const longestSpan = 300;

/** Longest `name` that the schemas take, in characters. */
const longestName = 255;

/** Text from outside for GitLab Flavored Markdown: shown as it is, never as markup or a reference to something in the project. */
export function flavoredText(text: string): string {
  // Milestones, snippets and alerts are references of GitLab alone; people, issues and labels are escaped already.
  return markdownText(text).replace(/[%$^]/g, '\\$&');
}

/** A name or version as a code span, in which GitLab sees no markup and no references; it reads well as plain text too. */
export function codeSpan(text: string): string {
  const shown = plainText(text, longestSpan).replaceAll('`', "'");
  return shown.trim() === '' ? '`(none)`' : `\`${shown}\``;
}

/** Text from outside on one line, without what a terminal obeys: for fields that are no Markdown. */
export function plainText(text: string, longest: number): string {
  const whole = text.toWellFormed();
  return cut(harmless(cut(whole, longest)), longest);
}

/** The name of a vulnerability: one line, within what the schemas take. */
export function nameText(text: string): string {
  return plainText(text, longestName);
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1).toWellFormed()}…` : text;
}
