import { parse } from 'smol-toml';
import { SluiceError } from '../../util/error.ts';

/** Largest text that is read, in characters. */
const longest = 1024 * 1024;

/** The table that a TOML text (TOML 1.0) is. @throws SluiceError `config/...`, or what the library throws */
export function readToml(text: string, deepest: number): unknown {
  if (text.length > longest) throw new SluiceError('config/too-large', `it is longer than ${longest} characters`);
  const value: unknown = parse(text, { maxDepth: deepest, integersAsBigInt: 'asNeeded' });
  if (nestsDeeper(value, deepest)) throw new SluiceError('config/too-deep', `it nests deeper than ${deepest} levels`);
  return value;
}

/** Whether a value nests deeper: a key of many dots makes as many tables. Level by level, without recursion. */
function nestsDeeper(value: unknown, deepest: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null || one instanceof Date) continue;
      for (const inner of Object.values(one)) next.push(inner);
    }
    level = next;
  }
  return false;
}
