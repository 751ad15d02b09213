import type { Report } from './contract.ts';
import { jsonEvidence } from './kept/write-evidence.ts';
import { jsonVerdict } from './kept/write-verdict.ts';
import { jsonText } from './text-json.ts';

/** The JSON report, `sluice/v1`: its schema is `schema/sluice-v1.json`. No clock and no path of this machine is in it. */
export const report: Report = {
  id: 'json',
  doc: 'everything, by the schema sluice/v1',
  render: (evidence, verdict) =>
    jsonText({ schema: 'sluice/v1', ...jsonEvidence(evidence), verdict: jsonVerdict(verdict) }),
};
