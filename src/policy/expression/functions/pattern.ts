import { type Severity, severities } from '../../../model/severity.ts';
import { messageOf, SluiceError } from '../../../util/error.ts';
import { compileGlob, type Matcher } from '../../../util/glob.ts';
import { nearest } from '../../../util/nearest.ts';
import { EvaluationFailure } from '../contract.ts';
import { faultOfRegular, regularMatcher } from '../regular.ts';
import { type FunctionGroup, remembering } from './contract.ts';

/** Globs of which the matcher is kept. */
const mostGlobs = 1000;

const ranks: ReadonlyMap<string, number> = new Map(severities.map((name, index) => [name, index]));

/** What texts are held against: severities, globs and regular expressions. */
export const patternFunctions: FunctionGroup = {
  docs: [
    {
      signature: 'string.atLeast(string): bool',
      doc: 'whether a severity is as bad as another one or worse; nothing is as bad as `never`',
      example: "finding.severity.atLeast('high')",
    },
    {
      signature: 'string.glob(string): bool',
      doc: 'whether a glob matches: `*` any run without `/`, `**` any run, `?` one character, `{a,b}` either',
      example: "file.path.glob('/etc/**/*.key')",
    },
    {
      signature: 'string.matches(string): bool',
      doc: 'whether a regular expression (RE2 syntax) is found in the text; `^` and `$` hold it to the whole',
      example: "image.tag.matches(r'^v\\d+\\.\\d+$')",
      native: true,
    },
  ],
  handlers: {
    atLeast: {
      run: (severity: string, threshold: string) => reaching(threshold)(severity),
      prepare: reaching,
      fault: faultOfSeverity,
      fails: 'unprepared',
    },
    glob: {
      run: (text: string, glob: string) => globOf(glob)(text),
      prepare: globOf,
      fault: faultOfGlob,
      fails: 'unprepared',
      costs: true,
    },
    matches: {
      run: (text: string, regular: string) => regularMatcher(regular)(text),
      prepare: regularMatcher,
      fault: faultOfRegular,
      fails: 'unprepared',
      costs: true,
    },
  },
};

function reaching(threshold: string): (severity: string) => boolean {
  if (threshold === 'never') return () => false;
  const least = ranks.get(threshold);
  if (least === undefined) throw new EvaluationFailure(`${threshold.slice(0, 40)} is no severity`);
  const reached: ReadonlySet<string> = new Set(severities.slice(0, least + 1));
  return (severity) => reached.has(severity as Severity);
}

function faultOfSeverity(text: string): { message: string; hint: string } | undefined {
  if (ranks.has(text) || text === 'never') return undefined;
  const near = nearest(text, [...severities, 'never']);
  return {
    message: `there is no severity ${text.slice(0, 40)}`,
    hint: near === undefined ? `use one of ${severities.join(', ')}` : `did you mean ${near}?`,
  };
}

const knownGlob = remembering(mostGlobs, compileGlob);

function globOf(glob: string): Matcher {
  try {
    return knownGlob(glob);
  } catch (error) {
    if (error instanceof SluiceError) throw new EvaluationFailure(error.message);
    throw error;
  }
}

function faultOfGlob(text: string): { message: string } | undefined {
  try {
    compileGlob(text);
    return undefined;
  } catch (error) {
    return { message: messageOf(error) };
  }
}
