import { statSync } from 'node:fs';
import { readRulesInput, rulesForm } from '../../configuration/file/load-rules.ts';
import { readRules, type TestedRule } from '../../configuration/file/read-rules.ts';
import { lackingTests, runTests, type TestOutcome } from '../../configuration/test/run.ts';
import { filesIn } from '../../pipeline/files-in.ts';
import { type Fault, Faults, placeText } from '../../policy/file/fault.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Action } from '../actions.ts';
import type { Flags } from '../flags.ts';
import { print } from '../print.ts';

/** What became of a file. */
interface Tally {
  rules: number;
  tests: number;
  failed: number;
}

/** `sluice rules test PATH`: runs the tests that stand in rules. */
export const action: Action = {
  examples: [{ line: 'sluice rules test my-rules.yaml', doc: 'rules of your own, by their own tests' }],
  flags: [{ name: 'quiet', short: 'q', doc: 'only what fails' }],
  operands: Number.POSITIVE_INFINITY,
  more: `PATH is a file of rules on configuration (YAML), or a folder of such files.
Ends 1 when a test does not hold, a rule is wrong, or a rule has no test that fires and one that is silent.`,
  run: test,
};

async function test(given: Flags): Promise<number> {
  if (given.operands.length === 0) throw new SluiceError('usage/rules', 'rules test needs files of rules, or folders');
  const tally: Tally = { rules: 0, tests: 0, failed: 0 };
  const files = [...new Set(given.operands.flatMap(rulesFiles))];
  for (const file of files) print(await testFile(file, tally, given.on('quiet')));
  if (tally.failed > 0 || !given.on('quiet')) print(summary(tally, files.length));
  return tally.failed > 0 ? 1 : 0;
}

/** The file itself, or the files of rules in a folder. @throws SluiceError `rules/...` */
function rulesFiles(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new SluiceError('rules/unreadable', `${path} does not exist`);
  if (!found.isDirectory()) return [path];
  const files = filesIn(path, (name) => /\.ya?ml$/.test(name));
  if (files.length === 0)
    throw new SluiceError('rules/unreadable', `${path} holds no rules`, 'they are in files that end with .yaml');
  return files;
}

async function testFile(file: string, tally: Tally, quiet: boolean): Promise<string> {
  const { bytes } = readRulesInput(file);
  if (rulesForm(bytes) === 'toml') {
    const hint = 'sluice rules list --rules FILE says whether it can be read';
    throw new SluiceError('rules/form', `${file} has rules for secrets, which have no tests inside`, hint);
  }
  const faults = new Faults();
  const rules = readRules(bytes, file, file, faults);
  const lines = faults.all.map(faultText);
  let tests = 0;
  for (const one of rules) {
    const outcomes = await runTests(one);
    tests += outcomes.length;
    lines.push(...outcomes.flatMap(missText), ...lackText(one));
  }
  tally.rules += rules.length;
  tally.tests += tests;
  tally.failed += lines.length;
  const text = lines.map((line) => `${line}\n`).join('');
  return lines.length > 0 || quiet
    ? text
    : `ok    ${harmless(file)}: ${counted(rules.length, 'rule')}, ${counted(tests, 'test')}\n`;
}

function faultText({ place, message, hint }: Fault): string {
  const line = `FAIL  ${harmless(placeText(place))}: ${harmless(message)}`;
  return hint === undefined ? line : `${line}\n        ${harmless(hint)}`;
}

function missText({ rule, test: { name, place }, miss }: TestOutcome): readonly string[] {
  return miss === undefined ? [] : [`FAIL  ${harmless(`${placeText(place)}: ${rule}: ${name}: ${miss}`)}`];
}

/** A rule that never fires in its tests, or always, is not tested. */
function lackText(one: TestedRule): readonly string[] {
  const { id, place = '' } = one.rule;
  return lackingTests(one).map((word) => `FAIL  ${harmless(`${place}: ${id} has no test that expects: ${word}`)}`);
}

function summary({ rules, tests, failed }: Tally, files: number): string {
  const of = `${counted(rules, 'rule')} with ${counted(tests, 'test')} in ${counted(files, 'file')}`;
  return `${of}: ${failed === 0 ? 'all hold' : `${counted(failed, 'fault')}`}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
