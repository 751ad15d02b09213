import { dirname, isAbsolute, join } from 'node:path';
import { findCases } from '../../pipeline/cases/find-cases.ts';
import { type PolicyCases, readCases } from '../../pipeline/cases/read-cases.ts';
import { type Miss, runCase } from '../../pipeline/cases/run-case.ts';
import { readKept } from '../../pipeline/kept-report.ts';
import { readInput } from '../../policy/file/input.ts';
import { documentBytes } from '../../policy/file/read-limits.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Action } from '../actions.ts';
import { cacheDirFlag, cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { type PolicySet, policySetOf } from '../policy-flags.ts';
import { print } from '../print.ts';
import { flagsWith } from './flags-with.ts';

/** What became of one case. */
interface Outcome {
  readonly name: string;
  readonly place: string;
  readonly misses: readonly Miss[];
}

/** `sluice policy test`: judges the cases beside policies, and shows those in which something else was said than expected. */
export const action: Action = {
  examples: [
    { line: 'sluice policy test', doc: 'all cases beside the policies of the working folder' },
    { line: 'sluice policy test policies --quiet', doc: 'of a folder; only what fails' },
  ],
  flags: [
    { name: 'policy', value: 'FILE|PACK', doc: 'judge all cases by this policy, not by those beside them' },
    cacheDirFlag,
    { name: 'quiet', short: 'q', doc: 'only what fails' },
  ],
  operands: Number.POSITIVE_INFINITY,
  more: `FILE is a file of cases (NAME.test.yaml) or the policy beside it (NAME.yaml); of a FOLDER all cases in it are taken.
Ends 1 when a case fails.`,
  async run(given, invocation) {
    const paths = given.operands.length > 0 ? given.operands : ['.'];
    const files = [...new Set(paths.flatMap(findCases))];
    const outcomes: Outcome[] = [];
    for (const file of files) {
      const of = await runFile(file, given, invocation);
      outcomes.push(...of);
      print(textOf(file, of, given.on('quiet')));
    }
    const failed = outcomes.filter(({ misses }) => misses.length > 0).length;
    if (failed > 0 || !given.on('quiet')) print(summary(outcomes.length, files.length, failed));
    return failed > 0 ? 1 : 0;
  },
};

async function runFile(file: string, given: Flags, invocation: Invocation): Promise<Outcome[]> {
  const input = readInput(file, documentBytes);
  if (typeof input === 'string') throw new SluiceError('policy/case', `${file} ${input}`);
  const read = readCases(input.bytes, file);
  const path = given.text('policy') ?? policyOf(read, file);
  const sets = new Map<string, PolicySet>();
  const outcomes: Outcome[] = [];
  for (const one of read.cases) {
    const { environment, name, place } = one;
    const set = sets.get(environment) ?? (await setFor(path, environment, given, invocation));
    sets.set(environment, set);
    const misses = await runCase(one, {
      choose: (image) => set.choose(image),
      report: (report) => readKept(isAbsolute(report) ? report : join(dirname(file), report)).evidence,
    });
    outcomes.push({ name, place, misses });
  }
  return outcomes;
}

/** The policy by its own word alone: what else the command line could say of it is for the cases to say. */
function setFor(path: string, environment: string, given: Flags, { env, build }: Invocation): Promise<PolicySet> {
  const said = { policy: [path], environment: environment === '' ? [] : [environment], waivers: [], at: [] };
  return policySetOf(flagsWith(given, { ...said, 'fail-on': [], 'data-age': [] }), {
    cacheDir: cacheDirOf(given, env),
    build,
  });
}

/** What the file names, beside it where it is a file; else the policy of the same name. */
function policyOf({ policy }: PolicyCases, file: string): string {
  if (policy === undefined) return file.replace(/\.test\.(ya?ml)$/, '.$1');
  return /^\.{0,2}\/|\.ya?ml$/.test(policy) && !isAbsolute(policy) ? join(dirname(file), policy) : policy;
}

/** A line for a file of which all holds; else each case that fails, with what was expected and what was said. */
function textOf(file: string, outcomes: readonly Outcome[], quiet: boolean): string {
  const failed = outcomes.filter(({ misses }) => misses.length > 0);
  if (failed.length === 0) return quiet ? '' : `ok    ${harmless(file)}: ${cases(outcomes.length)}\n`;
  return failed
    .map(({ name, place, misses }) => {
      const lines = misses.map(({ what, expected, said }) => `      ${what}: expected ${expected}, said ${said}`);
      return [`FAIL  ${place}: ${name}`, ...lines].map((line) => `${harmless(line)}\n`).join('');
    })
    .join('');
}

function summary(all: number, files: number, failed: number): string {
  const of = `${cases(all)} in ${files} ${files === 1 ? 'file' : 'files'}`;
  return `${of}: ${failed === 0 ? 'all hold' : `${failed} ${failed === 1 ? 'fails' : 'fail'}`}\n`;
}

function cases(count: number): string {
  return `${count} ${count === 1 ? 'case' : 'cases'}`;
}
