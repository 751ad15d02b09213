import { defaultExportUrl } from '../advisory/contract.ts';
import { advisoryStatus, type SourceStatus } from '../advisory/status.ts';
import { discardUpdate, type UpdateResult, updateAdvisories } from '../advisory/update.ts';
import { SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { cacheDirFlag, cacheDirOf } from './cache-dir.ts';
import { age, columns } from './columns.ts';
import type { Command, Invocation } from './command.ts';
import { type Flag, type Flags, flagHelp, readFlags } from './flags.ts';
import { onInterruption } from './interruption.ts';
import { print } from './print.ts';
import { writeText } from './standard-streams.ts';
import { Progress } from './terminal.ts';

const flags: readonly Flag[] = [
  {
    name: 'from',
    value: 'URL|DIR',
    doc: `where the data comes from, laid out as the public OSV export (${defaultExportUrl})`,
  },
  {
    name: 'ecosystem',
    value: 'NAME',
    multiple: true,
    doc: 'only this ecosystem, such as Debian or npm; may be repeated',
  },
  { name: 'json', doc: 'status: print JSON' },
  { name: 'offline', doc: 'open no connection: then --from must name a folder' },
  { name: 'insecure', doc: 'allow plain HTTP to other machines' },
  cacheDirFlag,
  { name: 'quiet', short: 'q', doc: 'no progress' },
];

/** `sluice db`: fetches vulnerability data, shows what there is. */
export const command: Command = {
  async run(invocation) {
    const [action, ...args] = invocation.args;
    if (action === 'update') return update(readFlags(args, flags, invocation.env), invocation);
    if (action === 'status') return status(readFlags(args, flags, invocation.env), invocation);
    const what = action === undefined ? 'db needs to be told what to do' : `db knows no ${action}`;
    throw new SluiceError('usage/db', what, 'sluice db update, or sluice db status');
  },
  help() {
    return `Usage: sluice db update [--from URL|DIR] [--ecosystem NAME …]
       sluice db status [--json]

update takes the public OSV export by ecosystem and makes the index that scans look into. It takes effect all at
once; an update that is interrupted leaves the old data in force. status shows what there is, and how old it is.

${flagHelp(flags)}
`;
  },
};

async function update(given: Flags, { env }: Invocation): Promise<number> {
  refuseOperands(given);
  const progress = new Progress(env, given.on('quiet'));
  const cacheDir = cacheDirOf(given, env);
  // Half a download may have gigabytes.
  onInterruption(() => {
    progress.clear();
    discardUpdate(cacheDir);
  });
  const result = await updateAdvisories({
    from: given.text('from') ?? defaultExportUrl,
    cacheDir,
    ecosystems: given.list('ecosystem'),
    offline: given.on('offline'),
    allowInsecure: given.on('insecure'),
    env,
    now: () => new Date(),
    onProgress: ({ step, ecosystem, done, total }) => progress.say(`${step} ${ecosystem} (${done} of ${total})`),
  }).finally(() => progress.clear());
  if (!given.on('quiet')) print(summary(result));
  for (const { ecosystem, error } of result.failed) {
    writeText(2, `sluice: ${harmless(`${ecosystem}: ${error.message}`)} [${error.code}]\n`);
    if (error.hint) writeText(2, `        ${harmless(error.hint)}\n`);
  }
  return result.failed.length === 0 ? 0 : 1;
}

function summary({ sources, replaced, unchanged, failed }: UpdateResult): string {
  const records = sources.reduce((sum, source) => sum + source.records, 0);
  const rows = sources.map((source) => [
    source.ecosystem,
    String(source.records),
    source.newest.slice(0, 10),
    stateOf(source.ecosystem, replaced),
  ]);
  const table = columns(['ECOSYSTEM', 'RECORDS', 'NEWEST', ''], rows, [1]);
  const kept = failed.length > 0 ? `; ${failed.length} failed, their old data stays in force` : '';
  return `${table}${records} records for ${sources.length} ecosystems: ${replaced.length} updated, ${unchanged.length} unchanged${kept}\n`;
}

function stateOf(ecosystem: string, replaced: readonly string[]): string {
  return replaced.includes(ecosystem) ? 'updated' : '';
}

async function status(given: Flags, { env }: Invocation): Promise<number> {
  refuseOperands(given);
  const sources = advisoryStatus(cacheDirOf(given, env));
  if (given.on('json')) {
    print(`${JSON.stringify({ schema: 'sluice/db-status/v1', sources }, null, 2)}\n`);
    return 0;
  }
  if (sources.length === 0) {
    print('There is no vulnerability data yet; scans use the small built-in starter set.\nrun: sluice db update\n');
    return 0;
  }
  const now = Date.now();
  print(
    columns(
      ['ECOSYSTEM', 'RECORDS', 'NEWEST', 'AGE', 'SIZE', 'DIGEST'],
      sources.map((source) => statusRow(source, now)),
      [1, 4],
    ),
  );
  for (const source of sources.filter((candidate) => candidate.unreadable > 0)) {
    const names = source.unreadableNames.join(', ');
    print(harmless(`${source.ecosystem}: ${source.unreadable} records could not be read: ${names}`));
    print('\n');
  }
  return 0;
}

function statusRow(source: SourceStatus, now: number): string[] {
  return [
    source.ecosystem,
    String(source.records),
    source.newest.slice(0, 10),
    age(now - Date.parse(source.checkedAt)),
    `${(source.size / 1024 / 1024).toFixed(1)} MB`,
    source.digest.slice(0, 19),
  ];
}

function refuseOperands(given: Flags): void {
  if (given.operands.length > 0) {
    throw new SluiceError('usage/operands', `db takes no ${given.operands.join(' ')}`, 'see sluice db --help');
  }
}
