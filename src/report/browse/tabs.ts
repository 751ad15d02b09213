import type { Evidence } from '../../model/evidence.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Tab } from './entry.ts';
import { findingEntries } from './finding-entries.ts';
import { layerEntries, packageEntries, reasonEntries } from './other-entries.ts';
import { sorts } from './rows.ts';

/** A report as lists to go through: findings, packages, layers, reasons. */
export function browseTabs(evidence: Evidence, verdict: Verdict): Tab[] {
  return [
    {
      title: 'Findings',
      entries: findingEntries(evidence, verdict),
      sorts: [{ name: 'worst' }, sorts.urgent, sorts.name, sorts.layer],
      grouped: true,
    },
    {
      title: 'Packages',
      entries: [...packageEntries(evidence)].sort(sorts.worst.compare),
      sorts: [{ name: 'worst' }, sorts.name, sorts.layer],
      grouped: false,
    },
    {
      title: 'Layers',
      entries: layerEntries(evidence),
      sorts: [{ name: 'place' }, sorts.worst, sorts.size],
      grouped: false,
    },
    { title: 'Reasons', entries: reasonEntries(verdict), sorts: [{ name: 'gravity' }], grouped: false },
  ];
}
