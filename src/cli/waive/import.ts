import { basename } from 'node:path';
import { readInput } from '../../policy/file/input.ts';
import { latestExpiry } from '../../policy/waiver/days.ts';
import { selectorKey } from '../../policy/waiver/duplicates.ts';
import type { ForeignRemark, ForeignWaiver } from '../../policy/waiver/foreign/contract.ts';
import { type ForeignKind, foreignKindOf, foreignKinds, readForeign } from '../../policy/waiver/foreign/read.ts';
import type { NewWaiver } from '../../policy/waiver/write.ts';
import { compareText } from '../../util/compare-text.ts';
import { dayText } from '../../util/day.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Command, Example } from '../command.ts';
import { exampleHelp } from '../examples.ts';
import { type Flag, type Flags, flagHelp, readFlags } from '../flags.ts';
import { print } from '../print.ts';
import { appendWaivers, checkedText, openWaiverFile } from './file.ts';
import { expiresOf, neededText, termFlags } from './terms.ts';

/** Largest file of another tool that is read, in bytes. */
const largest = 4 << 20;

const flags: readonly Flag[] = [
  ...termFlags,
  {
    name: 'path',
    value: 'GLOB',
    multiple: true,
    doc: 'only at these places in the image: needed for osv-scanner.toml, which speaks of its own folder',
  },
  { name: 'reason', value: 'TEXT', doc: 'why, for entries that give no reason' },
  {
    name: 'from',
    value: 'KIND',
    choices: foreignKinds,
    doc: `the kind of file where its name does not tell: ${foreignKinds.join(', ')}`,
  },
  { name: 'write', doc: 'write into the waiver file instead of printing' },
  { name: 'quiet', doc: 'say nothing of what is not taken over' },
];

const examples: readonly Example[] = [
  { line: 'sluice waive import .trivyignore --owner web --expires 90d', doc: 'look at what it comes to' },
  {
    line: "sluice waive import osv-scanner.toml --path '/app/**' --owner web --expires 90d --write",
    doc: 'and write it',
  },
];

/** `sluice waive import FILE…`: takes over what other tools ignore, and tells line by line what can't be. */
export const importing: Command = {
  takes: 'FILE...',
  flags,
  examples,
  async run({ args, env }) {
    const given = readFlags(args, flags, env);
    if (given.operands.length === 0)
      throw new SluiceError(
        'usage/operands',
        'which files are to be taken over?',
        'such as sluice waive import .trivyignore --owner NAME',
      );
    const now = new Date();
    const owner = neededText(given, 'owner', 'say who answers for what is taken over, or set SLUICE_OWNER');
    const imported = given.operands.map((path) => foreignFile(path, given));
    const remarks = imported.flatMap(({ remarks: all }) => [...all]);
    const terms: Terms = { owner, expires: expiresOf(given, now), today: dayText(now), given };
    const file = openWaiverFile(given, now);
    const known = new Map(file.waivers.map((one) => [selectorKey(one), one.place]));
    const waivers: NewWaiver[] = [];
    for (const entry of imported.flatMap((one) => one.waivers)) {
      const waiver = waiverOf(entry, terms);
      const key = typeof waiver === 'string' ? '' : selectorKey(waiver);
      const twice = known.get(key);
      if (typeof waiver === 'string') remarks.push({ place: entry.place, message: waiver });
      else if (twice !== undefined) remarks.push({ place: entry.place, message: `waived already by ${twice}` });
      else {
        known.set(key, entry.place);
        waivers.push(waiver);
      }
    }
    const told = given.on('quiet') ? [] : [...remarks].sort(byLine);
    for (const { place, message } of told) process.stderr.write(`${harmless(`${place}: ${message}`)}\n`);
    if (!given.on('write')) print(checkedText({ path: '', name: file.name, waivers: [] }, waivers, now));
    else if (waivers.length > 0) appendWaivers(file, waivers, now);
    if (!given.on('quiet'))
      process.stderr.write(`${summary(waivers.length, remarks, given.on('write') ? file.name : undefined)}\n`);
    return 0;
  },
  help: () => `Usage: sluice waive import FILE... --owner NAME [flags]

${exampleHelp(examples)}Takes over what other tools ignore: .trivyignore, .trivyignore.yaml, .grype.yaml, osv-scanner.toml, .gitleaksignore. A
waiver that comes of it never answers more than the entry did: what can't be said is told on standard error, line by
line. The waivers are printed, or written behind those of the waiver file with --write.

${flagHelp(flags)}

Exit codes: 0 done · 1 could not do the work
`,
};

/** By file, and by line in it. */
function byLine(a: ForeignRemark, b: ForeignRemark): number {
  const [fileA = '', lineA = ''] = a.place.split(/:(?=\d+$)/);
  const [fileB = '', lineB = ''] = b.place.split(/:(?=\d+$)/);
  return fileA === fileB ? Number(lineA) - Number(lineB) : compareText(fileA, fileB);
}

interface Terms {
  readonly owner: string;
  readonly expires: string | undefined;
  readonly today: string;
  readonly given: Flags;
}

/** An entry as a waiver; a text where it is over, or says nothing. @throws SluiceError `usage/expires` */
function waiverOf(entry: ForeignWaiver, { owner, expires: usual, today, given }: Terms): NewWaiver | string {
  const { ids, packages, place } = entry;
  if (entry.expires !== undefined && entry.expires < today) return `its last day was ${entry.expires}`;
  const end = entry.expires ?? usual;
  if (end === undefined)
    throw new SluiceError(
      'usage/expires',
      `${place} has no end, and a waiver must have one`,
      'give --expires DATE|90d for what has none',
    );
  const last = latestExpiry(today);
  const everywhere = given.list('path').includes('**');
  const own = everywhere ? [] : given.list('path');
  if (entry.paths.length > 0 && own.length > 0) return 'it has paths of its own, which --path would replace';
  return {
    ids,
    packages,
    paths: entry.paths.length > 0 ? entry.paths : own,
    rules: [],
    images: given.list('image'),
    reason: entry.reason?.slice(0, 1500) ?? given.text('reason') ?? `taken over from ${place}, which gives no reason`,
    owner,
    // Earlier is never more.
    expires: end < last ? end : last,
    until: {},
    comment: `from ${place}`,
  };
}

/** @throws SluiceError `waive/...`, `usage/...` */
function foreignFile(
  path: string,
  given: Flags,
): { waivers: readonly ForeignWaiver[]; remarks: readonly ForeignRemark[] } {
  const name = basename(path);
  const kind = kindOf(name, given.text('from'));
  const input = readInput(path, largest);
  if (typeof input === 'string') throw new SluiceError('waive/unreadable', `${name} ${input}`);
  const foreign = readForeign(kind, input.bytes, name);
  if (foreign.ofFolder && foreign.waivers.length > 0 && given.list('path').length === 0)
    throw new SluiceError(
      'waive/scope',
      `${name} speaks only of what is in its own folder`,
      "say where that is in the image, such as --path '/app/**'; --path '**' is everywhere",
    );
  return foreign;
}

function kindOf(name: string, given: string | undefined): ForeignKind {
  const kind = given === undefined ? foreignKindOf(name) : foreignKinds.find((one) => one === given);
  if (kind !== undefined) return kind;
  const what =
    given === undefined ? `${name} is no file of waivers that is known by its name` : `--from knows no ${given}`;
  throw new SluiceError('usage/from', what, `give --from ${foreignKinds.join('|')}`);
}

function summary(taken: number, remarks: readonly ForeignRemark[], file: string | undefined): string {
  const left = remarks.length === 0 ? '' : `, ${remarks.length} told above`;
  return `${taken} taken over${file === undefined ? '' : ` into ${file}`}${left}`;
}
