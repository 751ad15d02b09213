import { hash } from 'node:crypto';

/** What a run hands on to later steps, by name: `verdict`, `exit-code`. */
export type StepOutputs = ReadonlyMap<string, string>;

/**
 * Outputs as GitHub's runner reads them from `GITHUB_OUTPUT`: each between two lines that stand nowhere in it, so that no
 * value, such as a folder's name with a line end, can add an output of its own.
 */
export function githubOutputs(outputs: StepOutputs): string {
  return [...outputs]
    .map(([name, value]) => {
      let limit = `sluice-${hash('sha256', value).slice(0, 16)}`;
      while (value.includes(limit)) limit = `sluice-${hash('sha256', limit)}`;
      return `${name}<<${limit}\n${value}\n${limit}\n`;
    })
    .join('');
}

/** Outputs as variables of a `dotenv` file, which GitLab hands to later jobs: values of one line, without quotes to misread. */
export function dotenvOutputs(outputs: StepOutputs): string {
  return [...outputs].map(([name, value]) => `${variableName(name)}=${oneLine(value)}\n`).join('');
}

/** The variable that an output is where it has to be one: `SLUICE_EXIT_CODE`. */
export function variableName(output: string): string {
  return `SLUICE_${output.replaceAll('-', '_').toUpperCase()}`;
}

/** A value without line ends and control characters. */
export function oneLine(value: string): string {
  return value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
