import { realpathSync, statSync } from 'node:fs';
import type { SecretRuleSet } from '../detect/secrets/contract.ts';
import { RunGate } from '../pipeline/run-gate.ts';
import { type Known, readBaseline, readIgnored } from '../pipeline/secrets/known.ts';
import { type SearchedPart, searchSource } from '../pipeline/secrets/search-source.ts';
import { readInput } from '../policy/file/input.ts';
import { SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { cacheDirFlag, cacheDirOf } from './cache-dir.ts';
import type { Command, Example } from './command.ts';
import { exampleHelp } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { type Flag, type Flags, flagHelp, readFlags } from './flags.ts';
import { secretsAreShown } from './look-flags.ts';
import { formatHelp, outputFlag, parseOutputs, writeReports } from './outputs.ts';
import { policyFlags, policySetOf } from './policy-flags.ts';
import { writeText } from './standard-streams.ts';

const flags: readonly Flag[] = [
  outputFlag,
  ...policyFlags,
  {
    name: 'since',
    value: 'REV',
    doc: 'search what commits since REV have added, not the files; beginning: all commits',
  },
  { name: 'staged', doc: 'search the lines that are staged, as a hook before a commit does' },
  { name: 'rules', value: 'FILE', multiple: true, doc: "more rules, in gitleaks' form (TOML); may be repeated" },
  {
    name: 'baseline',
    value: 'REPORT',
    multiple: true,
    doc: "an earlier JSON report, sluice's or gitleaks': what is in it does not count; may be repeated",
  },
  { name: 'show-secrets', doc: 'show secrets as they are, in every report' },
  cacheDirFlag,
  { name: 'quiet', short: 'q', doc: 'no warnings, no table' },
];

/** Largest list or report that is read (bytes). */
const mostOfList = 16 * 1024 * 1024;
const mostOfReport = 256 * 1024 * 1024;
const ignoreFile = '.gitleaksignore';

const examples: readonly Example[] = [
  { line: 'sluice secrets', doc: 'the working folder: what git would commit' },
  { line: 'sluice secrets . --since v1.0', doc: 'what commits since then have added' },
  { line: 'sluice secrets . --since beginning -o json=secrets.json', doc: 'the whole history, kept as a report' },
  { line: 'sluice secrets . --baseline secrets.json', doc: 'only what is new since that report' },
];

/** `sluice secrets`: searches a source tree, its history or what is staged for secrets. */
export const command: Command = {
  takes: '[PATH]',
  flags,
  examples,
  async run(invocation) {
    const { env, version, build } = invocation;
    const given = readFlags(invocation.args, flags, env);
    const [path = '.', ...more] = given.operands;
    if (more.length > 0) throw new SluiceError('usage/operands', `one folder at a time, not also ${more.join(' ')}`);
    const outputs = parseOutputs(given.list('output'), given.on('quiet'));
    const part = partOf(given);
    const folder = folderAt(path);
    if (given.on('show-secrets') && !given.on('quiet')) {
      writeText(2, `sluice: warning: ${secretsAreShown}\n`);
    }
    const policies = await policySetOf(given, { cacheDir: cacheDirOf(given, env), build });
    const gate = new RunGate(policies, new Date(), build);
    const found = await searchSource({
      repository: { folder, env },
      part,
      rules: await rulesOf(given.list('rules')),
      values: given.on('show-secrets'),
      known: knownOf(folder, given.list('baseline')),
    });
    const { evidence, verdict, judgedBy } = await gate.judge(found, []);
    await writeReports(outputs, evidence, verdict, { name: harmless(path), version, env, judgedBy });
    return exitCodes[verdict.decision];
  },
  help() {
    return `Usage: sluice secrets [PATH] [flags]

${exampleHelp(examples)}Searches the files of a source tree for secrets; in a git repository those that are committed or would be (.gitignore is
kept to). --since REV searches what commits have added since then, and names the commit that brought each secret: a
secret that was taken out later is in the history all the same. --staged searches the lines that the next commit adds:
  sluice secrets --staged --quiet -o table

Lines with sluice:allow or gitleaks:allow are left alone, and so is what ${ignoreFile} in PATH lists.

${flagHelp(flags)}

${formatHelp}

Every flag can be set as SLUICE_<FLAG>, such as SLUICE_POLICY.
Exit codes: 0 pass or warn · 1 could not do the work · 2 the gate says stop · 3 undecided
`;
  },
};

function partOf(given: Flags): SearchedPart {
  const since = given.text('since');
  if (!given.on('staged')) return since === undefined ? { of: 'tree' } : { of: 'history', since };
  if (since === undefined) return { of: 'staged' };
  throw new SluiceError('usage/since', '--since and --staged do not go together');
}

function folderAt(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new SluiceError('file/missing', `${path} does not exist`);
  if (stat.isDirectory()) return realpathSync(path);
  throw new SluiceError('file/kind', `${path} is no folder`, 'usage: sluice secrets [PATH] [flags]');
}

async function rulesOf(files: readonly string[]): Promise<readonly SecretRuleSet[]> {
  if (files.length === 0) return [];
  // Only with rules of one's own the reader of TOML is loaded.
  const { secretRulesAt } = await import('./rules/secret-rules.ts');
  return Promise.all(files.map(secretRulesAt));
}

function knownOf(folder: string, baselines: readonly string[]): readonly Known[] {
  const known = baselines.map((file) => readBaseline(textOf(file, mostOfReport), file));
  const ignored = `${folder}/${ignoreFile}`;
  if (statSync(ignored, { throwIfNoEntry: false })?.isFile())
    known.push(readIgnored(textOf(ignored, mostOfList), ignoreFile));
  return known;
}

function textOf(file: string, most: number): string {
  const read = readInput(file, most);
  if (typeof read === 'string') throw new SluiceError('file/unreadable', `${file} ${read}`);
  return read.bytes.toString('utf8');
}
