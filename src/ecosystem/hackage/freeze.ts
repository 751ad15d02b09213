import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { order } from '../../version/hackage.ts';
import { packageLimit, type Records, usableField } from './records.ts';

const constraints = 'constraints:';
const anyStage = 'any.';

/**
 * What a cabal.project.freeze names (Cabal's documentation, "cabal freeze"): the constraints of the form
 * `any.name ==1.2.3`. Flags and ranges name no version.
 * @throws SluiceError `hackage/unreadable` when it isn't one.
 */
export function readFreeze(bytes: Buffer): Records {
  const text = bytes.toString('utf8');
  const records = new Map<string, PackageRecord>();
  let inConstraints = false;
  let known = false;
  for (const line of textLines(text)) {
    if (!line.startsWith(' ') && !line.startsWith('\t') && line !== '') {
      inConstraints = line.startsWith(constraints);
      known ||= inConstraints || line.startsWith('active-repositories:') || line.startsWith('index-state:');
    }
    if (!inConstraints) continue;
    for (const constraint of (line.startsWith(constraints) ? line.slice(constraints.length) : line).split(',')) {
      const record = pinned(constraint.trim());
      if (record === undefined) continue;
      if (records.size >= packageLimit) return { records: [...records.values()], full: true };
      records.set(`${record.name} ${record.version}`, record);
    }
  }
  if (!known && text.trim() !== '') throw new SluiceError('hackage/unreadable', 'this is not a cabal.project.freeze');
  return { records: [...records.values()], full: false };
}

function pinned(constraint: string): PackageRecord | undefined {
  const cut = constraint.indexOf('==');
  if (cut <= 0) return undefined;
  const scoped = constraint.slice(0, cut).trim();
  const name = scoped.startsWith(anyStage) ? scoped.slice(anyStage.length) : scoped;
  const version = constraint.slice(cut + 2).trim();
  // `setup.name` or `a:setup.b` is about what builds a package, and names hold neither a dot nor a colon.
  if (!usableField(name) || name.includes('.') || name.includes(':') || name.includes(' ')) return undefined;
  return usableField(version) && order.valid(version) ? { name, version, presence: 'declared' } : undefined;
}
