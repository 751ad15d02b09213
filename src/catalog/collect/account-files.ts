import type { AccountFact } from '../../model/collected.ts';
import { blinding, type Problem } from '../../model/problem.ts';
import { type BodyRequests, collector } from '../body-pass.ts';
import { type FileTree, visiblePath } from '../tree.ts';
import { readAccountFacts } from './accounts.ts';
import type { SeenEntry } from './entries.ts';

/** Largest file of accounts that is read, in bytes: tens of thousands of users. */
const accountLimit = 4 * 1024 * 1024;

const places = { passwd: 'etc/passwd', group: 'etc/group', shadow: 'etc/shadow' } as const;
const names = ['passwd', 'group', 'shadow'] as const;

/** Reads the users of an image from the files that its C library reads, over links as it does. */
export class AccountReader {
  readonly #bodies = new Map<string, Buffer>();
  readonly #asked = new Set<string>();
  #musl = false;

  /** Asks for the bodies of the files that there are. */
  request(tree: FileTree, entries: ReadonlyMap<string, SeenEntry>, wanted: BodyRequests): void {
    this.#musl = [...(tree.resolve('lib')?.children?.keys() ?? [])].some((name) => name.startsWith('ld-musl-'));
    for (const name of names) {
      const node = tree.resolve(places[name]);
      // What a link leads to outside of the image may be there when a container runs.
      if (!node && leadsAway(tree, places[name])) this.#asked.add(name);
      const path = node?.kind === 'file' ? visiblePath(node) : undefined;
      const entry = path === undefined ? undefined : entries.get(path);
      if (entry?.kind !== 'file') continue;
      this.#asked.add(name);
      const sink = collector(accountLimit, (bytes) => this.#bodies.set(name, bytes));
      if (entry.size === 0) sink.end();
      else wanted.add({ ...entry, kind: 'file' }, sink);
    }
  }

  /** Sorted by name; undefined, with the reason, when the files could not be read whole. */
  facts(onProblem: (problem: Problem) => void): AccountFact[] | undefined {
    const unread = names.find((name) => this.#asked.has(name) && !this.#bodies.has(name));
    if (unread !== undefined) {
      const message = `the users can't be told: the file can't be read, is not in the image, or is larger than ${accountLimit} bytes`;
      onProblem(blinding('files/accounts', message, `/${places[unread]}`));
      return undefined;
    }
    const [passwd, group, shadow] = names.map((name) => this.#bodies.get(name));
    const facts = readAccountFacts({ passwd, group, shadow, musl: this.#musl });
    if (!facts) onProblem(blinding('files/accounts', "the users can't be told: there are too many of them"));
    return facts;
  }
}

/** Whether a path ends at a link that leads to nothing, itself or on the way. */
function leadsAway(tree: FileTree, path: string): boolean {
  const segments = path.split('/');
  return segments.some((_, at) => {
    const part = segments.slice(0, at + 1).join('/');
    const node = tree.find(part);
    return node?.kind === 'symlink' && node.link !== '/dev/null' && tree.resolve(part) === undefined;
  });
}
