import type { EvidenceSource } from '../../model/evidence.ts';
import { labelValue, type Metric, type Sample } from './exposition.ts';

/** Most sources that are told: each is a series of its own for as long as the server keeps data. */
const sourcesTold = 50;

/** Since when the advisory data was last known current. An age would be the clock's: `time()` less this is it. */
export function dataMetrics(sources: readonly EvidenceSource[], target: string): Metric[] {
  const told = distinct(sources).slice(0, sourcesTold);
  const samples = (value: (source: EvidenceSource) => number | undefined): Sample[] =>
    told.flatMap((source) => {
      const found = value(source);
      const { ecosystem, origin } = source;
      return found === undefined ? [] : [{ labels: { target, ecosystem, origin }, value: found }];
    });
  return [
    {
      name: 'sluice_data_checked_timestamp_seconds',
      help: 'When the advisory data was last known to be current.',
      samples: samples(({ checkedAt }) => seconds(checkedAt)),
    },
    {
      name: 'sluice_data_newest_timestamp_seconds',
      help: 'When the newest of its records was modified.',
      samples: samples(({ newest }) => seconds(newest)),
    },
    { name: 'sluice_data_records', help: 'Records of advisory data.', samples: samples(({ records }) => records) },
    {
      name: 'sluice_data_update_failed',
      help: 'Whether the last update of the data failed.',
      samples: samples(({ failed }) => (failed ? 1 : 0)),
    },
  ];
}

/** One source of each name: a series that stands twice makes the server refuse all. */
function distinct(sources: readonly EvidenceSource[]): EvidenceSource[] {
  const byName = new Map<string, EvidenceSource>();
  for (const source of sources) {
    const key = `${labelValue(source.ecosystem)}\0${source.origin}`;
    if (!byName.has(key)) byName.set(key, source);
  }
  return [...byName.values()];
}

function seconds(time: string): number | undefined {
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : at / 1000;
}
