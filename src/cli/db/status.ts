import { type DataStatus, dataStatus } from '../../advisory/status.ts';
import type { Action } from '../actions.ts';
import { cacheDirFlag, cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { print } from '../print.ts';
import { statusText } from './status-text.ts';

/** `sluice db status`: shows what data there is, how old it is, what went wrong with it, and what is kept of before. */
export const action: Action = {
  examples: [{ line: 'sluice db status', doc: 'what there is, and how old it is' }],
  flags: [{ name: 'json', doc: 'print JSON' }, cacheDirFlag],
  operands: 0,
  run: status,
};

async function status(given: Flags, { env }: Invocation): Promise<number> {
  const found = dataStatus(cacheDirOf(given, env));
  print(given.on('json') ? statusJson(found) : statusText(found, Date.now()));
  return 0;
}

/** `sluice/db-status/v1`: what docs/formats.md describes. */
function statusJson({ sources, feeds, snapshots }: DataStatus): string {
  return `${JSON.stringify({ schema: 'sluice/db-status/v1', sources, feeds, snapshots }, null, 2)}\n`;
}
