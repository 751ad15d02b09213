import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Collected, PackageFileFact, Wanted } from '../../model/collected.ts';
import type { Package } from '../../model/package.ts';
import { blinding, compareProblems, type Problem, warning } from '../../model/problem.ts';
import type { LayerSurvey } from '../../model/survey.ts';
import { compareText } from '../../util/compare-text.ts';
import type { ReadBodies } from '../accounting/account.ts';
import { BodyRequests } from '../body-pass.ts';
import type { FileTree } from '../tree.ts';
import { AccountReader } from './account-files.ts';
import { CertificateReader } from './certificate-files.ts';
import { ContentReader } from './content.ts';
import { type SeenEntry, seenEntries } from './entries.ts';
import { fileFacts } from './facts.ts';
import type { KnownOwners } from './known-owners.ts';
import { FileOwners } from './owners.ts';
import { PackageFileCheck } from './package-files.ts';
import { linksIntoProcesses } from './process-links.ts';
import { readyQueries, selectEntries } from './select.ts';

/** An image or folder that facts are collected of. */
export interface Collectable {
  /** With a node for each file. */
  readonly tree: FileTree;
  readonly surveys: readonly LayerSurvey[];
  readonly packages: readonly Package[];
  readonly ecosystems: readonly Ecosystem[];
  /** How many layers are the base's. */
  readonly baseLayers: number;
  /** @throws SluiceError when a layer can't be read */
  readonly readBodies: ReadBodies;
  /** Whose files are whose, where that is known without reading lists of files. */
  readonly owners?: KnownOwners;
}

/** What was collected, and what could not be: a query that is among these is not among {@link Collected.queries}. */
export interface CollectedWith {
  readonly collected: Collected;
  /** Sorted. */
  readonly problems: readonly Problem[];
}

/** Most problems that are told of one collection. */
const mostProblems = 100;

/**
 * Collects what a policy wants, but for what registries say. One pass over the layers that hold what is wanted, and a
 * second where files are compared with what packages list. @throws SluiceError when a layer can't be read
 */
export async function collect(of: Collectable, wanted: Wanted): Promise<CollectedWith> {
  const refused = new Refused();
  const entries = seenEntries(of.tree, of.surveys);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const queries = readyQueries(wanted.files, of.tree, entries, (id, problem) => refused.query(id, problem));
  const selected = selectEntries(entries, queries, of.tree, (id, problem) => refused.query(id, problem));
  if (wanted.files.length > 0) refused.parts(linksIntoProcesses(entries));
  const content = await ContentReader.open(queries, ({ query }, problem) => refused.query(query.id, problem));
  const owners = new FileOwners(of.tree, of.packages);
  const accounts = wanted.accounts ? new AccountReader() : undefined;
  const certificates = wanted.certificates ? new CertificateReader() : undefined;
  const bodies = new BodyRequests();
  for (const one of selected) content.request(one, bodies);
  if ((selected.length > 0 && !of.owners) || wanted.packageFiles) owners.request(entries, of.ecosystems, bodies);
  accounts?.request(of.tree, byPath, bodies);
  certificates?.request(of.tree, byPath, bodies);
  await of.readBodies(bodies.byLayer);
  content.finish();
  const users = accounts?.facts((problem) => refused.part(problem));
  const trusted = certificates?.facts((problem) => refused.part(problem));
  const packageFiles = wanted.packageFiles ? await changedFiles(of, byPath, owners, refused) : undefined;
  const files = fileFacts(selected, {
    found: content.found,
    baseLayers: of.baseLayers,
    ownerOf: (entry) => (of.owners ?? owners).of(entry),
    isAnswered: ({ query }) => !refused.queries.has(query.id),
  });
  const answered = queries.map(({ query }) => query.id).filter((id) => !refused.queries.has(id));
  return {
    collected: {
      queries: answered.sort(compareText),
      files,
      ...(users ? { accounts: users } : {}),
      ...(packageFiles ? { packageFiles } : {}),
      ...(trusted ? { certificates: trusted } : {}),
    },
    problems: refused.problems(),
  };
}

async function changedFiles(
  of: Collectable,
  entries: ReadonlyMap<string, SeenEntry>,
  owners: FileOwners,
  refused: Refused,
): Promise<PackageFileFact[] | undefined> {
  const { listed } = owners;
  const check = new PackageFileCheck({ listed, entries, tree: of.tree, ownerOf: (file) => owners.purlOf(file) });
  const bodies = new BodyRequests();
  check.request(bodies);
  await of.readBodies(bodies.byLayer);
  const [unread] = check.unread();
  const facts = unread === undefined ? check.facts() : undefined;
  if (facts) return facts;
  const cause = unread === undefined ? 'there are too many of them' : 'a file can not be read';
  const message = `the files that differ from their packages can't be told: ${cause}`;
  refused.part(blinding('files/packages', message, unread === undefined ? undefined : `/${unread}`));
  return undefined;
}

/** What could not be collected. */
class Refused {
  /** Ids of the queries that are not answered whole. */
  readonly queries = new Set<string>();
  readonly #problems = new Map<string, Problem>();

  query(id: string, problem: Problem): void {
    this.queries.add(id);
    this.part(problem);
  }

  parts(problems: readonly Problem[]): void {
    for (const problem of problems) this.part(problem);
  }

  part(problem: Problem): void {
    this.#problems.set(`${problem.code}\0${problem.path ?? ''}\0${problem.message}`, problem);
  }

  /** The first by their order; how many more there are stands in the last. */
  problems(): Problem[] {
    const all = [...this.#problems.values()].sort(compareProblems);
    if (all.length <= mostProblems) return all;
    const more = warning('files/unread', `${all.length - mostProblems} more files that rules ask for can't be read`);
    return [...all.slice(0, mostProblems), more].sort(compareProblems);
  }
}
