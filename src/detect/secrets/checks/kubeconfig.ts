import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { describeKey } from './support/private-key.ts';

/** The key of a client's certificate stands in base 64 in a kubeconfig. */
export const check: SecretCheck = ({ value }) => {
  const facts = describeKey(Buffer.from(value, 'base64').toString('latin1').trim());
  return facts === undefined ? none : sure(97, facts.kind);
};
