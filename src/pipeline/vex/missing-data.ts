import type { Evidence } from '../../model/evidence.ts';

/** What a scan could not know for want of data, in a sentence; undefined when it had all. */
export function missingData({ sources }: Evidence): string | undefined {
  const without = sources
    .filter(({ origin }) => origin === 'none' || origin === 'starter')
    .map(({ ecosystem }) => ecosystem);
  if (without.length === 0) return undefined;
  return `there is no vulnerability data for ${without.join(', ')}, so not all flaws were found: run sluice db update`;
}
