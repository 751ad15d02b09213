import { createHash } from 'node:crypto';
import type { LayerLook } from '../../catalog/looking/contract.ts';
import type { SecretRuleSet } from '../../detect/secrets/contract.ts';
import type { LookedFor } from '../../model/survey.ts';
import type { Look } from '../options.ts';

/** Raised when the same bytes would be looked at otherwise for another reason than the rules. */
const revisions = { secrets: 1, documents: 1, licences: 1 } as const;

/** What layers are looked into for, with what stands for the rules; undefined when for packages alone. */
export async function layerLookOf(look: Look | undefined): Promise<LayerLook | undefined> {
  if (!look) return undefined;
  const { kinds, secretRules = [], showSecrets = false } = look;
  const secrets = kinds.includes('secrets') || kinds.includes('configuration') ? await builtInSecrets() : undefined;
  const sets = secrets ? [secrets, ...secretRules].map(({ digest }) => digest) : [];
  const looked: LookedFor = {
    ...(kinds.includes('secrets') ? { secrets: versionOf(revisions.secrets, sets) } : {}),
    // What is kept of settings is kept without secrets, so it depends on their rules.
    ...(kinds.includes('configuration') ? { documents: versionOf(revisions.documents, sets) } : {}),
    ...(kinds.includes('licences') ? { licences: versionOf(revisions.licences, []) } : {}),
  };
  return Object.keys(looked).length === 0 ? undefined : { secretRules, values: showSecrets, looked };
}

/** The rules for secrets that come with sluice. */
export async function builtInSecrets(): Promise<SecretRuleSet> {
  return (await import('../../detect/secrets/rules.gen.ts')).secretRules;
}

function versionOf(revision: number, digests: readonly string[]): string {
  return createHash('sha256')
    .update([revision, ...digests].join(' '))
    .digest('hex')
    .slice(0, 16);
}
