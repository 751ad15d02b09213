import { BodyRequests, collector } from '../../catalog/body-pass.ts';
import { readAccounts, type UserAccount } from '../../catalog/compare/accounts.ts';
import {
  certificateLimit,
  holdsCertificates,
  readCertificates,
  type TrustedCertificate,
} from '../../catalog/compare/certificates.ts';
import {
  type FileChanges,
  hashing,
  type Pair,
  pairFiles,
  type UserChange,
  withContent,
} from '../../catalog/compare/files.ts';
import type { VisibleFile } from '../../catalog/visible-files.ts';
import type { TargetFiles } from '../image-files.ts';

const passwd = 'etc/passwd';
const passwdLimit = 1024 * 1024;

/** What is read of one image's bodies. */
class Side {
  readonly target: TargetFiles;
  readonly hashes = new Map<string, string>();
  readonly certificates = new Map<string, TrustedCertificate>();
  readonly #wanted = new BodyRequests();
  accounts = new Map<string, UserAccount>();

  constructor(target: TargetFiles) {
    this.target = target;
  }

  /** Reads users, certificates, and the digests of these files. */
  async read(files: readonly VisibleFile[]): Promise<void> {
    const hashed = new Set(files.map(({ path }) => path));
    for (const file of this.target.files) {
      if (file.kind !== 'file') continue;
      if (hashed.has(file.path))
        this.#wanted.add(
          file,
          hashing((hex) => this.hashes.set(file.path, hex)),
        );
      if (file.path === passwd) {
        this.#wanted.add(
          file,
          collector(passwdLimit, (bytes) => {
            this.accounts = readAccounts(bytes);
          }),
        );
      }
      if (holdsCertificates(file.path)) {
        this.#wanted.add(
          file,
          collector(certificateLimit, (bytes) => readCertificates(file.path, bytes, this.certificates)),
        );
      }
    }
    await this.target.readBodies(this.#wanted.byLayer);
  }

  /** Those that the other side does not trust. */
  without(other: Side): TrustedCertificate[] {
    return [...this.certificates.values()]
      .filter(({ fingerprint }) => !other.certificates.has(fingerprint))
      .sort((a, b) => (a.subject + a.fingerprint < b.subject + b.fingerprint ? -1 : 1));
  }
}

/** Compares the files of two images. Bodies are read only where their place does not tell that they are the same. @throws SluiceError */
export async function compareFiles(before: TargetFiles, after: TargetFiles): Promise<FileChanges> {
  const { changes, unknown } = pairFiles(before.files, after.files, (pair) => isSameBody(pair, before, after));
  const [old, now] = [new Side(before), new Side(after)];
  await old.read(unknown.map((pair) => pair.before));
  await now.read(unknown.map((pair) => pair.after));
  const differing = unknown.filter(({ after: { path } }) => old.hashes.get(path) !== now.hashes.get(path));
  return {
    files: withContent(changes, differing),
    users: changedUsers(old.accounts, now.accounts),
    newCertificates: now.without(old),
    goneCertificates: old.without(now),
  };
}

/** The same entry of the same layer. A folder has no layers with a name. */
function isSameBody({ before: a, after: b }: Pair, before: TargetFiles, after: TargetFiles): boolean {
  if (!before.config || !after.config || a.bodyEntry !== b.bodyEntry) return false;
  const [one, other] = [before.surveys[a.bodyLayer], after.surveys[b.bodyLayer]];
  return one !== undefined && one.diffId === other?.diffId && one.read === undefined && other.read === undefined;
}

function changedUsers(before: ReadonlyMap<string, UserAccount>, after: ReadonlyMap<string, UserAccount>): UserChange[] {
  const changes: UserChange[] = [];
  for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [a, b] = [before.get(name), after.get(name)];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    changes.push({ name, ...(a ? { before: a } : {}), ...(b ? { after: b } : {}) });
  }
  return changes;
}
