import type { CheckAnswer, SecretCheck } from './contract.ts';
import { none } from './support/answers.ts';
import { isPublic } from './support/examples.ts';
import { expiryOf, readToken, type TokenFacts } from './support/jwt.ts';

/** Bytes of a signature by the algorithm (RFC 7518, 3.1); RSA's are those of the key. */
const signatureSizes: ReadonlyMap<string, number> = new Map([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
  ['ES256', 64],
  ['ES384', 96],
  ['ES512', 132],
  ['EdDSA', 64],
]);
/** Least bytes of an RSA signature. */
const leastRsa = 128;

/** Names in tokens that documentation and tutorials print. */
const nobodies = new Set([
  'john doe',
  'jane doe',
  'john',
  'test',
  'test user',
  'testuser',
  'foo',
  'bar',
  'alice',
  'bob',
  'user',
  'joe',
]);

/** Reads a token without its key: whether it is one, whom it is for, and when it ends. */
export const check: SecretCheck = ({ value, path }) => {
  const token = readToken(value);
  if (token === undefined || !isSigned(token) || isPublic(value, path) || isExample(token)) return none;
  const expires = expiryOf(token);
  return { ...scoreOf(token), ...(expires === undefined ? {} : { expires }) };
};

function isSigned({ algorithm, signature }: TokenFacts): boolean {
  const size = signatureSizes.get(algorithm);
  if (size !== undefined) return signature === size;
  return /^(?:RS|PS)(?:256|384|512)$/.test(algorithm) && signature >= leastRsa;
}

function isExample({ claims }: TokenFacts): boolean {
  if (claims.get('sub') === '1234567890' || isNobody(claims.get('name')) || isNobody(claims.get('sub'))) return true;
  // What Supabase gives to browsers, on purpose.
  if (claims.get('role') === 'anon') return true;
  // The first example of RFC 7519.
  return (
    claims.get('iss') === 'joe' ||
    [...claims.keys()].some((name) => name === 'foo' || name === 'hello' || name === 'some')
  );
}

function isNobody(claim: unknown): boolean {
  return typeof claim === 'string' && nobodies.has(claim.toLowerCase());
}

function scoreOf({ claims }: TokenFacts): CheckAnswer {
  const issuer = claims.get('iss');
  if (issuer === 'kubernetes/serviceaccount') return { score: 95, notes: ['of a Kubernetes service account'] };
  if (claims.get('role') === 'service_role') return { score: 95, notes: ['it passes all rules of the database'] };
  if (!claims.has('exp')) return { score: 80, notes: ['it does not end'] };
  return { score: 72, notes: [] };
}
