import { defaultExportUrl } from '../../advisory/contract.ts';
import {
  discardUpdate,
  type UpdateFailure,
  type UpdateProgress,
  type UpdateResult,
  updateAdvisories,
} from '../../advisory/update.ts';
import { feedTitles } from '../../policy/source-names.ts';
import { sizeText } from '../../report/text-size.ts';
import { harmless } from '../../util/harmless.ts';
import { keepHeapLean } from '../../util/lean-heap.ts';
import type { Action } from '../actions.ts';
import { cacheDirFlag, cacheDirOf } from '../cache-dir.ts';
import { columns } from '../columns.ts';
import type { Invocation } from '../command.ts';
import type { Flag, Flags } from '../flags.ts';
import { onInterruption } from '../interruption.ts';
import { print } from '../print.ts';
import { writeText } from '../standard-streams.ts';
import { Progress } from '../terminal.ts';
import { feedFlags, feedWarnings, updateGivenFeeds } from './feeds.ts';
import { keepFlag, keepMsOf } from './keep.ts';
import { failureLines, isBearable } from './update-failures.ts';

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
  { name: 'offline', doc: 'open no connection: then --from must name a folder' },
  { name: 'insecure', doc: 'allow plain HTTP to other machines' },
  ...feedFlags,
  keepFlag,
  { name: 'strict', doc: 'end with 1 when any ecosystem failed, also when its data in force is good enough' },
  cacheDirFlag,
  { name: 'quiet', short: 'q', doc: 'no progress' },
];

/** `sluice db update`: brings the data up to date. */
export const action: Action = {
  examples: [
    { line: 'sluice db update', doc: 'the public export, what has changed since' },
    { line: 'sluice db update --ecosystem Debian --ecosystem npm', doc: 'these alone' },
    { line: 'sluice db update --from ./mirror --offline', doc: 'from a copy in a folder, without a network' },
  ],
  flags,
  operands: 0,
  run: update,
};

async function update(given: Flags, { env }: Invocation): Promise<number> {
  const progress = new Progress(env, given.on('quiet'), { lines: true });
  const cacheDir = cacheDirOf(given, env);
  onInterruption(() => {
    progress.clear();
    discardUpdate(cacheDir);
  });
  const now = new Date();
  keepHeapLean();
  const result = await updateAdvisories({
    from: given.text('from') ?? defaultExportUrl,
    cacheDir,
    ecosystems: given.list('ecosystem'),
    offline: given.on('offline'),
    allowInsecure: given.on('insecure'),
    env,
    keepMs: keepMsOf(given),
    now: () => new Date(),
    onProgress: showing(progress),
  }).finally(() => progress.clear());
  const feeds = await updateFeedsOf(given, cacheDir, env, progress);
  if (!given.on('quiet')) print(summary(result) + feedSummary(feeds));
  for (const { ecosystem, error } of result.notes)
    warn(`${ecosystem}: ${error.message}; the whole export was asked for`, error);
  if (feeds) for (const line of feedWarnings(feeds)) writeText(2, `sluice: warning: ${line}\n`);
  for (const line of failureLines(result, now)) writeText(2, line);
  return result.failed.length === 0 || (!given.on('strict') && isBearable(result, now)) ? 0 : 1;
}

/** Brings the feeds up to date: those that are named, and with the public export those that come by themselves. */
function updateFeedsOf(given: Flags, cacheDir: string, env: NodeJS.ProcessEnv, progress: Progress) {
  const from = given.text('from');
  return updateGivenFeeds(given, {
    cacheDir,
    env,
    offline: given.on('offline'),
    allowInsecure: given.on('insecure'),
    now: () => new Date(),
    publicExport: from === undefined || from === defaultExportUrl,
    onProgress: ({ feed, bytes }) => progress.say(`${feedTitles[feed]} ${sizeText(bytes ?? 0)}`),
  }).finally(() => progress.clear());
}

/** One line on the feeds that are in force. */
function feedSummary(feeds: Awaited<ReturnType<typeof updateFeedsOf>>): string {
  if (!feeds || feeds.feeds.length === 0) return '';
  const each = feeds.feeds.map(({ id, records, newest }) => {
    const failed = feeds.failed.some(({ feed }) => feed === id);
    const state = feeds.replaced.includes(id) ? 'updated' : failed ? 'failed' : 'unchanged';
    return `${feedTitles[id]}: ${records} entries of ${newest.slice(0, 10) || 'no date'}, ${state}`;
  });
  return `${harmless(each.join('; '))}\n`;
}

function warn(message: string, { code }: UpdateFailure['error']): void {
  writeText(2, `sluice: warning: ${harmless(message)} [${code}]\n`);
}

/** Says of the ecosystems under way what is done about each, and how much of it has come. */
function showing(progress: Progress): (told: UpdateProgress) => void {
  const underWay = new Map<string, string>();
  return ({ step, ecosystem, done, total, bytes }) => {
    if (step === 'done' || step === 'failed') underWay.delete(ecosystem);
    else if (ecosystem !== '') underWay.set(ecosystem, step === 'index' ? 'indexing' : sizeText(bytes ?? 0));
    const each = [...underWay].map(([name, what]) => `${name} ${what}`).join(', ');
    if (ecosystem === '') progress.say(step === 'list' ? 'asking what there is' : 'putting the data in force');
    else progress.say(`${done} of ${total} up to date${each === '' ? '' : `; ${each}`}`);
  };
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
  const kept = failed.length > 0 ? `; ${failed.length} failed` : '';
  return `${table}${records} records for ${sources.length} ecosystems: ${replaced.length} updated, ${unchanged.length} unchanged${kept}\n`;
}

function stateOf(ecosystem: string, replaced: readonly string[]): string {
  return replaced.includes(ecosystem) ? 'updated' : '';
}
