import { closeSync } from 'node:fs';
import type { Signer, Verifier } from '../../advisory/artifact/contract.ts';
import { maxKeyBytes, readSigningKey, readVerifyingKey } from '../../attest/plain-key.ts';
import { simpleSigner, simpleVerifier } from '../../attest/simple-signing.ts';
import { openFile, readWholeRegion } from '../../source/file.ts';
import { SluiceError } from '../../util/error.ts';
import type { Flag, Flags } from '../flags.ts';
import { writeText } from '../standard-streams.ts';

/** The environment's passphrase of an encrypted private key: an argument would be seen by every user of the machine. */
const passphraseVariable = 'SLUICE_KEY_PASSPHRASE';

/** The flag of what is signed. */
export const signKeyFlag: Flag = {
  name: 'sign-key',
  value: 'FILE',
  doc: `sign with this private key (PEM); ${passphraseVariable} decrypts it`,
};

/** The flag of what is checked. */
export const keyFlag: Flag = {
  name: 'key',
  value: 'FILE',
  multiple: true,
  doc: 'take only what is signed by this public key (PEM); of several one suffices',
};

/** Who signs; undefined when no key is given. @throws SluiceError `key/...`, `file/...` */
export function signerOf(given: Flags, env: NodeJS.ProcessEnv): Signer | undefined {
  const path = given.text(signKeyFlag.name);
  if (path === undefined) return undefined;
  return simpleSigner(keyIn(path, (pem) => readSigningKey(pem, env[passphraseVariable])));
}

/** Whose signature is asked for; undefined when no key is given. @throws SluiceError `key/...`, `file/...` */
export function verifierOf(given: Flags): Verifier | undefined {
  const paths = given.list(keyFlag.name);
  return paths.length === 0 ? undefined : simpleVerifier(paths.map((path) => keyIn(path, readVerifyingKey)));
}

/** Without a key anybody who can write there decides what scans find: whoever takes data is told. */
export function noteUnchecked(given: Flags): void {
  if (given.on('quiet') || given.list(keyFlag.name).length > 0) return;
  writeText(2, 'sluice: note: the signature of the data was not checked: no --key was given\n');
}

/** What is wrong with a key names its file: several may be given. */
function keyIn<T>(path: string, read: (pem: Buffer) => T): T {
  const pem = readKey(path);
  try {
    return read(pem);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    throw new SluiceError(thrown.code, `${path}: ${thrown.message}`, thrown.hint);
  }
}

function readKey(path: string): Buffer {
  const file = openFile(path, path);
  try {
    if (file.size <= maxKeyBytes) return readWholeRegion(file.fd, 0, file.size);
  } finally {
    closeSync(file.fd);
  }
  throw new SluiceError('key/malformed', `${path} is too large for a key`);
}
