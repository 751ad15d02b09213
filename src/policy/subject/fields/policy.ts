import type { Fields } from '../contract.ts';

/** What the policy and the command line set. */
export const policySettingsFields: Fields = {
  failOn: { type: 'string', doc: "the severity of --fail-on, else the policy's, else `high`; `never`" },
  environment: { type: 'string', doc: 'what --environment says; else empty' },
};
