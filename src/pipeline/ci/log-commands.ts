import type { FindingNote } from '../../report/annotations/notes.ts';

/** Most notes of each level that GitHub shows of one step; what comes after them is dropped without a word. */
const mostOfLevel = 10;

/** Longest message, in characters: GitHub cuts at 4 KiB, and whoever reads more reads the report. */
const longestMessage = 1000;

/** Longest title, in characters. */
const longestTitle = 200;

/**
 * Notes as commands of GitHub's runner, the first of each level. What would end a value is written as the runner reads it
 * back: no name of an image can add a property or another command.
 */
export function githubCommands(notes: readonly FindingNote[]): string[] {
  return firstOf(notes).map(({ level, title, message, file, line }) => {
    const properties: [string, string | undefined][] = [
      ['file', file],
      ['line', file === undefined || line === undefined ? undefined : String(line)],
      ['title', cut(title, longestTitle)],
    ];
    const written = properties.flatMap(([name, value]) => (value ? [`${name}=${githubProperty(value)}`] : []));
    return `::${level} ${written.join(',')}::${githubData(cut(message, longestMessage))}`;
  });
}

/** Notes as commands of Azure's agent, which knows errors and warnings alone. */
export function azureCommands(notes: readonly FindingNote[]): string[] {
  return firstOf(notes).map(({ level, title, message, file, line }) => {
    const properties: [string, string | undefined][] = [
      ['type', level === 'error' ? 'error' : 'warning'],
      ['sourcepath', file],
      ['linenumber', file === undefined || line === undefined ? undefined : String(line)],
    ];
    return azureCommand('task.logissue', properties, cut(`${title}: ${message}`, longestMessage));
  });
}

/** A command of Azure's agent. */
export function azureCommand(
  name: string,
  properties: readonly (readonly [string, string | undefined])[],
  data: string,
): string {
  const written = properties.flatMap(([key, value]) => (value ? [`${key}=${azureProperty(value)};`] : []));
  return `##vso[${[name, written.join('')].join(' ').trim()}]${azureData(data)}`;
}

function firstOf(notes: readonly FindingNote[]): FindingNote[] {
  const left: Record<FindingNote['level'], number> = { error: mostOfLevel, warning: mostOfLevel, notice: mostOfLevel };
  return notes.filter(({ level }) => left[level]-- > 0);
}

function githubData(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function githubProperty(text: string): string {
  return githubData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function azureData(text: string): string {
  return visible(text).replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function azureProperty(text: string): string {
  return azureData(text).replaceAll(';', '%3B').replaceAll(']', '%5D');
}

/** Without what a terminal or a log would act on; line ends are the command's own business. */
function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(
      /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      ' ',
    );
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}
