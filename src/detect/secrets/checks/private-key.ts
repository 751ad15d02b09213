import type { CheckAnswer, SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { isPublished } from './support/file-kind.ts';
import { describeKey, type KeyFacts } from './support/private-key.ts';

/** Reads a private key without its mathematics: whether it is one at all, of which kind, and whether a passphrase guards it. */
export const check: SecretCheck = ({ value, path }) => {
  if (isPublished(path)) return none;
  const facts = describeKey(value);
  return facts === undefined ? none : answerFor(facts);
};

function answerFor({ kind, encrypted }: KeyFacts): CheckAnswer {
  if (encrypted === true) return sure(80, kind, 'the key is encrypted');
  return encrypted === false ? sure(97, kind, 'the key is not encrypted') : sure(90, kind);
}
