import { basename } from 'node:path';
import type { Target } from '../source/target.ts';

/** What a target is called in what people read: never a path of this machine. */
export function targetName(target: Target, text: string): string {
  return target.kind === 'registry' ? target.reference : basename(text.replace(/\/+$/, '')) || text;
}
