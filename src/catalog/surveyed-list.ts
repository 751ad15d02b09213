import type { SurveyedFile } from '../model/survey.ts';
import { SluiceError } from '../util/error.ts';

/** The most that is kept of one layer. The largest real ones hold a tenth; more is made to use up memory. */
const surveyLimits = { files: 500_000, packages: 100_000, problems: 100_000, owned: 2_000_000 } as const;

/** The claimed files of one layer as they are read. */
export class SurveyedList {
  readonly #files: SurveyedFile[] = [];
  #packages = 0;
  #problems = 0;
  #owned = 0;

  /** Keeps what a file says. @throws SluiceError `layer/too-much` */
  push(file: SurveyedFile): void {
    this.#packages += file.packages.length;
    this.#problems += file.problems.length;
    for (const { paths } of file.owned ?? []) this.#owned += paths.length;
    if (this.#files.length >= surveyLimits.files) throw tooMuch(surveyLimits.files, 'package files');
    if (this.#packages > surveyLimits.packages) throw tooMuch(surveyLimits.packages, 'packages');
    if (this.#problems > surveyLimits.problems) throw tooMuch(surveyLimits.problems, 'files that cannot be read');
    if (this.#owned > surveyLimits.owned) throw tooMuch(surveyLimits.owned, 'files in lists of packages');
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

/** Whether anything was found in a file: in most that are read there is nothing. */
export function saysSomething({ packages, problems, distribution, owned, contentSets }: SurveyedFile): boolean {
  return (
    packages.length > 0 ||
    problems.length > 0 ||
    distribution !== undefined ||
    owned !== undefined ||
    contentSets !== undefined
  );
}

function tooMuch(most: number, what: string): SluiceError {
  return new SluiceError('layer/too-much', `it holds more than ${most} ${what}`);
}
