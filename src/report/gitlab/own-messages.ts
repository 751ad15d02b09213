import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { LookKind } from '../../model/placed-finding.ts';
import { count } from '../text-fix.ts';
import type { Message } from './messages.ts';

/** What targets are, in words. */
const kinds: Readonly<Record<EvidenceTarget['kind'], string>> = {
  image: 'an image',
  rootfs: 'a root file system',
  source: 'a folder',
  sbom: 'a bill of materials',
  dockerfile: 'a Dockerfile',
};

/** A report on a target that its kind does not hold is no success: GitLab would close what other pipelines have found. */
export function otherKind({ kind }: EvidenceTarget, holds: string, other: string): Message {
  const value = `the target is ${kinds[kind]}, and this report holds ${holds}; ${other}`;
  return { level: 'fatal', value, code: 'report/other-kind' };
}

/** That nobody has looked for what the report is about. */
export function notLooked({ looked = ['packages'] }: Pick<Evidence, 'looked'>, kind: LookKind): Message[] {
  if (looked.includes(kind)) return [];
  return [{ level: 'fatal', value: `${kind} were not looked for: see --scanners`, code: 'report/not-looked-for' }];
}

/** How many findings are left out because somebody takes them as they are. */
export function waivedNote(n: number): Message[] {
  if (n === 0) return [];
  return [
    { level: 'info', value: `${count(n, 'finding')} waived and left out; -o json has all`, code: 'report/waived' },
  ];
}
