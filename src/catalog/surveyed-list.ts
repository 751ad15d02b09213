import type { SurveyedFile } from '../model/survey.ts';
import { SluiceError } from '../util/error.ts';

/** The most that is kept of one layer. The largest real ones hold a tenth; more is made to use up memory. */
const surveyLimits = { files: 500_000, packages: 100_000, problems: 100_000 } as const;

/** The claimed files of one layer as they are read. */
export class SurveyedList {
  readonly #files: SurveyedFile[] = [];
  #packages = 0;
  #problems = 0;

  /** Keeps what a file says. @throws SluiceError `layer/too-much` */
  push(file: SurveyedFile): void {
    this.#packages += file.packages.length;
    this.#problems += file.problems.length;
    if (this.#files.length >= surveyLimits.files) throw tooMuch(surveyLimits.files, 'package files');
    if (this.#packages > surveyLimits.packages) throw tooMuch(surveyLimits.packages, 'packages');
    if (this.#problems > surveyLimits.problems) throw tooMuch(surveyLimits.problems, 'files that cannot be read');
    this.#files.push(file);
  }

  /** In the order in which they were read. */
  get files(): readonly SurveyedFile[] {
    return this.#files;
  }

  /** Those that say something, in the order of their entries: nearly all programs were not built by Go. */
  saying(): SurveyedFile[] {
    return this.#files.filter(saysSomething).sort((a, b) => a.entry - b.entry);
  }
}

function saysSomething({ packages, problems, distribution }: SurveyedFile): boolean {
  return packages.length > 0 || problems.length > 0 || distribution !== undefined;
}

function tooMuch(most: number, what: string): SluiceError {
  return new SluiceError('layer/too-much', `it holds more than ${most} ${what}`);
}
