import type { FeedId } from '../advisory/contract.ts';
import { ecosystemKinds } from '../advisory/ecosystem-kinds.ts';

/** What feeds are called in reports and policies. */
export const feedTitles: Readonly<Record<FeedId, string>> = {
  kev: 'KEV',
  epss: 'EPSS',
  debian: 'Debian Security Tracker',
  redhat: 'Red Hat VEX',
  alpine: 'Alpine secdb',
};

/** The sources of data that a policy can give ages of their own. */
export const sourceNames: readonly string[] = [...ecosystemKinds.keys(), ...Object.values(feedTitles)];
