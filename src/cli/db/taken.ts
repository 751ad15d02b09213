import type { Taken, TakenPart, TakeOptions } from '../../advisory/artifact/take.ts';
import { sizeText } from '../../report/text-size.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import { cacheDirFlag } from '../cache-dir.ts';
import { age, columns } from '../columns.ts';
import type { Flag, Flags } from '../flags.ts';
import { print } from '../print.ts';
import { writeText } from '../standard-streams.ts';
import type { Progress } from '../terminal.ts';
import { keepFlag, keepMsOf } from './keep.ts';
import { keyFlag, noteUnchecked, verifierOf } from './keys.ts';

/** The flags of all that takes data. */
export const takeFlags: readonly Flag[] = [
  {
    name: 'ecosystem',
    value: 'NAME',
    multiple: true,
    doc: 'only this ecosystem, such as Debian or npm; may be repeated',
  },
  keyFlag,
  { name: 'allow-older', doc: 'take also what is older than the data in force' },
  keepFlag,
];
/** The flags of every action. */
export const commonFlags: readonly Flag[] = [
  cacheDirFlag,
  { name: 'quiet', short: 'q', doc: 'no progress and no notes' },
];

/** The one operand of an action. @throws SluiceError `usage/operands` */
export function operandOf(given: Flags, action: string, what: string): string {
  const [operand] = given.operands;
  if (operand !== undefined && operand !== '') return operand;
  throw new SluiceError('usage/operands', `db ${action} needs to be told ${what}`, 'see sluice db --help');
}

/** What the flags ask of taking. */
export function takeOptions(given: Flags, cacheDir: string, progress: Progress): TakeOptions {
  const verifier = verifierOf(given);
  return {
    cacheDir,
    ecosystems: given.list('ecosystem'),
    allowOlder: given.on('allow-older'),
    keepMs: keepMsOf(given),
    now: () => new Date(),
    onBytes: (bytes) => progress.say(`${sizeText(bytes)} of layers`),
    ...(verifier ? { verifier } : {}),
  };
}

/** Says what was taken: on standard output unless quiet, and on standard error what a user should know. */
export function tellTaken(given: Flags, name: string, taken: Taken): void {
  if (!given.on('quiet')) print(summary(name, taken));
  const kept = taken.parts.filter(({ outcome }) => outcome === 'kept').map((part) => part.name);
  if (kept.length > 0) {
    const more = kept.length > 3 ? ` and ${kept.length - 3} more` : '';
    const why = 'what is in force is newer than what was offered, and stays';
    writeText(
      2,
      `sluice: warning: ${kept.slice(0, 3).join(', ')}${more}: ${why}\n        --allow-older takes it all the same\n`,
    );
  }
  noteUnchecked(given);
}

const outcomes = { replaced: 'taken', checked: 'unchanged', kept: 'kept, is newer' } as const;

function summary(name: string, taken: Taken): string {
  const { parts, manifest, offered, inForce, layers, layerBytes } = taken;
  const now = Date.now();
  const rows = parts.map((part) => [
    part.name,
    String(part.records),
    part.newest.slice(0, 10),
    age(now - Date.parse(part.checkedAt)),
    outcomes[part.outcome],
  ]);
  const of = (outcome: TakenPart['outcome']) => parts.filter((part) => part.outcome === outcome).length;
  const moved = `${layers} ${layers === 1 ? 'layer' : 'layers'} read, ${sizeText(layerBytes)}`;
  const other = offered === inForce ? '' : `; ${offered} was offered`;
  return (
    columns(['DATA', 'RECORDS', 'NEWEST', 'AGE', ''], rows, [1]) +
    `${harmless(name)}: ${of('replaced')} taken, ${of('checked')} unchanged, ${of('kept')} kept; ${moved}\n` +
    `manifest ${manifest}\nsnapshot ${inForce}${other}\n`
  );
}

/** What is wrong with data that was offered, and that nothing came of it. */
export function refused(thrown: unknown): unknown {
  if (!(thrown instanceof SluiceError)) return thrown;
  return new SluiceError(thrown.code, `${thrown.message}; nothing was taken, the data in force stays`, thrown.hint);
}
