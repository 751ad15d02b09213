import type { Evidence } from '../../model/evidence.ts';
import { scan } from '../../pipeline/scan.ts';
import type { RegistryAccess } from '../../source/registry-image.ts';
import { identifyTarget, type Target } from '../../source/target.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import { cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import { chooseData, snapshotFlag } from '../data-flags.ts';
import type { Flag, Flags } from '../flags.ts';
import { lookFlags, lookOptions } from '../looking.ts';
import { targetName } from '../scan-caches.ts';
import { writeText } from '../standard-streams.ts';
import { Progress } from '../terminal.ts';

/** The flags of how a target is scanned. */
export const scanFlags: readonly Flag[] = [snapshotFlag, ...lookFlags];

/** A target that was scanned, and how it was reached. */
export interface LookedAt {
  readonly target: Target;
  /** What the user called it. */
  readonly name: string;
  readonly evidence: Evidence;
  readonly access: RegistryAccess;
}

/** Scans a target as `sluice scan` does, and judges nothing. @throws SluiceError when it can't be read */
export async function lookAt(text: string, given: Flags, invocation: Invocation): Promise<LookedAt> {
  const target = identifyTarget(text);
  const name = targetName(target, text);
  const progress = new Progress(invocation.env, given.on('quiet'));
  const options = lookOptions(given, invocation, progress, name);
  const { data } = await chooseData(given, cacheDirOf(given, invocation.env), invocation.env);
  const evidence = await scan(target, { ...options, data }).finally(() => progress.clear());
  return { target, name, evidence, access: options.access };
}

/** The target, which is the last operand. @throws SluiceError `usage/no-target` */
export function targetOf(given: Flags, usage: string): string {
  const target = given.operands.at(-1);
  if (target === undefined)
    throw new SluiceError('usage/no-target', 'there is no target', `usage: sluice vex ${usage}`);
  return target;
}

/** Says something beside the result, on standard error; nothing when quiet. */
export function remark(given: Flags, text: string): void {
  if (!given.on('quiet')) writeText(2, `sluice: ${harmless(text)}\n`);
}
