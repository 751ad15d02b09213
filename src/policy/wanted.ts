import type { FileQuery, Wanted } from '../model/collected.ts';
import type { Evidence } from '../model/evidence.ts';
import { hasNamedUser, needsOf } from './needs.ts';
import type { Policy } from './policy.ts';

/**
 * What a policy asks for beyond what every scan finds out; undefined when that is nothing. `evidence`: what is known of
 * the image already, which spares looking up a user that is a number anyway.
 */
export function wantedOf({ custom }: Policy, evidence?: Evidence): Wanted | undefined {
  const files = new Map<string, FileQuery>();
  const wanted = { accounts: false, packageFiles: false, certificates: false, baseTag: false };
  for (const rule of custom?.rules ?? []) {
    if (rule.outcome === 'off') continue;
    const needs = needsOf(rule);
    for (const query of needs.files) files.set(query.id, query);
    wanted.accounts ||=
      needs.accountsNeeded || (needs.accounts && (rule.on === 'file' || !evidence || hasNamedUser(evidence)));
    wanted.packageFiles ||= needs.packageFiles;
    wanted.certificates ||= needs.certificates;
    wanted.baseTag ||= needs.baseTag;
  }
  const any = files.size > 0 || Object.values(wanted).some(Boolean);
  return any ? { files: [...files.values()], ...wanted } : undefined;
}
