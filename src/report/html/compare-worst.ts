import { compareSeverity } from '../../model/severity.ts';
import type { PageFinding } from './data.ts';

/**
 * Orders findings for people: what counts first, the worst of it first; of one severity what is exploited, then what the
 * gate stops at, then secrets, which need no exploit, then what is the likeliest to be exploited.
 */
export function compareWorst(a: PageFinding, b: PageFinding): number {
  return (
    Number(a.aside !== undefined) - Number(b.aside !== undefined) ||
    compareSeverity(a.severity, b.severity) ||
    Number(b.exploited !== undefined) - Number(a.exploited !== undefined) ||
    Number(b.decision === 'stop') - Number(a.decision === 'stop') ||
    Number(b.kind === 'secret') - Number(a.kind === 'secret') ||
    (b.risk ?? -1) - (a.risk ?? -1) ||
    (b.score ?? -1) - (a.score ?? -1)
  );
}
