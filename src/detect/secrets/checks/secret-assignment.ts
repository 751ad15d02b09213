import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { assignmentOf, isHarmlessName } from './support/assignment.ts';
import { isPublic } from './support/examples.ts';
import { fileKind, isExamplePath, isInstalled } from './support/file-kind.ts';
import { isName } from './support/password.ts';
import { isPlaceholder } from './support/placeholder.ts';
import { isRandom } from './support/random.ts';

const word =
  /secret|api[_-]?key|(?:access|auth|signing|encryption|master|account|jwt|private)[_-]?key|token|credential/i;
/** A line longer than this was not written by people: UTF-16 units. */
const longestLine = 1_000;
/** What names content, not secrets: digests, ids. */
const digest =
  /^(?:sha\d{1,3}[-:=]|md5[-:=]|urn:|[\w-]{1,40}\/[\w./-]+$)|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A secret in some setting: believed only where a machine has drawn the value. */
export const check: SecretCheck = ({ value, path, line }) => {
  const { name, isQuoted, goesOn } = assignmentOf(line, value);
  // What a package has in its own source is known to everybody who can get the package.
  if (isInstalled(path) || line.length > longestLine || isHarmlessName(name, word)) return none;
  if (digest.test(value) || isPublic(value, path) || isPlaceholder(value) || isName(value) || !isRandom(value))
    return none;
  const kind = fileKind(path);
  if (kind === 'made' || kind === 'prose' || isExamplePath(path)) return none;
  // In source code, what has no quotes is a name or a call.
  if (!isQuoted && (goesOn || kind === 'code')) return none;
  if (kind === 'code') return value.length >= 20 ? sure(70) : none;
  return value.length >= 16 ? sure(80) : none;
};
