import type { Evidence } from '../model/evidence.ts';
import { explainTarget } from '../pipeline/explain/explain-target.ts';
import { RunGate } from '../pipeline/run-gate.ts';
import { explainJson } from '../report/explain/json.ts';
import { explainTable } from '../report/explain/table.ts';
import { identifyTarget } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import { cacheDirOf } from './cache-dir.ts';
import type { Command, Example } from './command.ts';
import { chooseData, snapshotFlag } from './data-flags.ts';
import { exampleHelp } from './examples.ts';
import { type Flag, type Flags, flagHelp, readFlags } from './flags.ts';
import { lookOf, lookFlags as rulesFlags } from './look-flags.ts';
import { lookFlags, lookOptions } from './looking.ts';
import { layout, writeWhole } from './outputs.ts';
import { plainOutput } from './plain-output.ts';
import { policyFlags, policySetOf } from './policy-flags.ts';
import { print } from './print.ts';
import { targetName } from './scan-caches.ts';
import { baseOf, nameFlag, namesOf } from './target-flags.ts';
import { Progress } from './terminal.ts';
import { vexFlag, vexOf } from './vex-flags.ts';

const flags: readonly Flag[] = [
  {
    name: 'output',
    short: 'o',
    value: 'FORMAT[=PATH]',
    choices: ['table', 'json'],
    doc: 'table (default) or json; to a file with =PATH',
  },
  ...policyFlags,
  nameFlag,
  { name: 'base', value: 'TARGET', doc: 'the image that this one was built on: every package says base or own' },
  snapshotFlag,
  vexFlag,
  ...rulesFlags,
  ...lookFlags,
];

const usage = 'usage: sluice explain ID TARGET [flags]';

/** What the known databases write in an id (OSV schema, `id`), and rules with their families before a slash. */
const idForm = /^[A-Za-z0-9][A-Za-z0-9._:+~/-]{0,199}$/;

/** What can't be a target: told from one, to say what is wrong where the two are given the other way round. */
const famousForm = /^(?:CVE-\d{4}-\d+|GHSA(?:-[0-9a-z]{4}){3})$/i;

const examples: readonly Example[] = [
  { line: 'sluice explain CVE-2024-3094 my-app.tar', doc: 'is it affected, and why?' },
  { line: 'sluice explain GHSA-jfh8-c2jp-5v3q app.tar -o json', doc: 'by any of its names, for machines' },
  { line: 'sluice explain secret/github-token my-app.tar', doc: 'where a secret is, and how to end it' },
];

/** `sluice explain`: the whole story of one flaw, secret or setting in one target. */
export const command: Command = {
  takes: 'ID TARGET',
  flags,
  examples,
  async run(invocation) {
    const given = readFlags(invocation.args, flags, invocation.env);
    const { id, text } = operandsOf(given);
    const { format, path } = plainOutput('explain', given.text('output'));
    const target = identifyTarget(text);
    const base = baseOf(given, target);
    const name = targetName(target, text);
    const cacheDir = cacheDirOf(given, invocation.env);
    const policies = await policySetOf(given, { cacheDir, build: invocation.build });
    const names = namesOf(given, target);
    const { data, now } = await chooseData(given, cacheDir, invocation.env);
    const gate = new RunGate(policies, now, invocation.build);
    const progress = new Progress(invocation.env, given.on('quiet'));
    const looking = lookOptions(given, invocation, progress, name);
    const look = await lookOf(given, looking.access.onWarning ?? (() => {}));
    const options = { ...looking, ...(await vexOf(given)), look, now: gate.now, data, base };
    const wanted = (found: Evidence) => gate.wanted(found, names);
    const goBy = (found: Evidence) => gate.goBy(found, names);
    const explanation = await explainTarget(id, target, { ...options, wanted }, goBy).finally(() => progress.clear());
    const layOut = layout(path, invocation.env);
    const written = format === 'json' ? explainJson(explanation) : explainTable(explanation, { name, ...layOut });
    if (path === undefined) print(written);
    else writeWhole(path, written);
    return 0;
  },
  help() {
    return `Usage: sluice explain ID TARGET [flags]

${exampleHelp(examples)}Tells the whole story of one flaw in one target: what it is and who says how bad it is; for every package whose
advisories name it whether it is affected and why (range, order of versions, source package, module stream, VEX); the
layer that brought it; and what the gate makes of it. ID is any of its names, in any case: CVE, GHSA, PYSEC, GO, RUSTSEC,
DSA, ALSA … Of a secret, a setting or what another tool says, ID is its rule (secret/github-token), another name of that
(DS-0002, CIS-DI-0001) or its fingerprint: where it is, why it matters, how to end it. It judges nothing: it exits 0 when
the story could be told, also when nothing here is concerned.

${flagHelp(flags)}
`;
  },
};

/** @throws SluiceError `usage/...` */
function operandsOf(given: Flags): { id: string; text: string } {
  const [id, text, ...more] = given.operands;
  if (id === undefined || text === undefined) {
    throw new SluiceError('usage/operands', 'explain takes the name of a finding and a target', usage);
  }
  if (more.length > 0) throw new SluiceError('usage/operands', `one target at a time, not also ${more.join(' ')}`);
  if (famousForm.test(text) && !famousForm.test(id)) {
    throw new SluiceError('usage/operands', `the name of the flaw comes first: explain ${text} ${id}`, usage);
  }
  if (!idForm.test(id)) throw new SluiceError('usage/flaw', `${id} is no name of a flaw`, usage);
  return { id, text };
}
