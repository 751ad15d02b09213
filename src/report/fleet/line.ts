import { jsonText } from '../text-json.ts';
import type { Failure } from './row.ts';

/**
 * One line of a fleet's JSON, `sluice-fleet/v1`: what the list calls the image and its whole JSON report (`sluice/v1`,
 * as text), or why there is none. Its schema is `schema/sluice-fleet-v1.json`.
 */
export function fleetLine(line: number, target: string, outcome: { report: string } | { error: Failure }): string {
  if ('error' in outcome) {
    const { code, message, hint } = outcome.error;
    return `${compact(jsonText({ schema: 'sluice-fleet/v1', line, target, error: { code, message, hint } }))}\n`;
  }
  const head = compact(jsonText({ schema: 'sluice-fleet/v1', line, target }));
  return `${head.slice(0, -1)},"report": ${compact(outcome.report)}}\n`;
}

/** JSON on one line. Line ends in strings are escaped, so that all others are layout, and go with their indent. */
function compact(json: string): string {
  return json.replace(/\n */g, '');
}
