import type { Ecosystem } from '../ecosystem/contract.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Distribution } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { EntryTable, LayerSurvey, SurveyedFile } from '../model/survey.ts';
import { SluiceError } from '../util/error.ts';
import { SurveyedFiles } from './attribution.ts';
import { linkedBodies, repeatedPaths } from './hard-links.ts';
import { mergePackages, type PlacedPackage } from './merge.ts';
import type { NameFilter } from './name-filter.ts';
import { type OwnedByKind, ownedPackages } from './ownership.ts';
import { addReadAs, type ReadAs, type ReadAsPath } from './read-as.ts';
import { removedDatabases } from './removed-databases.ts';
import { keptNames, type OnFile, squash } from './squash.ts';
import { isRelease, releasePaths } from './surveyor.ts';
import { type FileTree, OmittedFile, type TreeNode, visiblePath } from './tree.ts';
import { unlistedPackages } from './unlisted-packages.ts';

/** Reads bodies of a layer as if they stood elsewhere: links to what another layer holds. The entry numbers in the answer are those that were asked with. */
export type ReadLate = (layer: number, readAs: ReadAs) => Promise<readonly SurveyedFile[]>;

/** Makes the inventory of an image from its layers' surveys. */
export async function takeInventory(
  surveys: readonly LayerSurvey[],
  ecosystems: readonly Ecosystem[],
  readLate: ReadLate,
): Promise<Inventory> {
  const paths = [...releasePaths, ...ecosystems.flatMap((ecosystem) => ecosystem.databasePaths ?? [])];
  try {
    return await take(new InventoryBuilder(surveys, ecosystems, keptNames(surveys, paths)), readLate);
  } catch (thrown) {
    if (!(thrown instanceof OmittedFile)) throw thrown;
    return take(new InventoryBuilder(surveys, ecosystems, undefined), readLate);
  }
}

async function take(building: InventoryBuilder, readLate: ReadLate): Promise<Inventory> {
  const late = building.wantedLate();
  await building.lookLate(late, readLate);
  return building.finish();
}

/** What is to be read late, by layer, and for which node: see {@link ReadLate}. */
interface WantedLate {
  readonly byLayer: Map<number, Map<string, ReadAsPath[]>>;
  readonly nodes: Map<string, TreeNode>;
}

class InventoryBuilder {
  readonly #surveys: readonly LayerSurvey[];
  readonly #ecosystems: readonly Ecosystem[];
  readonly #byId: ReadonlyMap<string, Ecosystem>;
  readonly #files: SurveyedFiles;
  readonly #tree: FileTree;
  /** Nodes of files that a plugin read, in any layer; some are hidden by now. */
  readonly #read = new Set<TreeNode>();
  /** Files whose path or body was not known when their layer was surveyed: links of its own or of others lead to it. */
  readonly #unread = new Set<TreeNode>();
  readonly #linkedBodies = new Map<number, ReadonlyMap<number, number>>();
  readonly #repeatedPaths = new Map<number, ReadonlySet<string>>();

  /** With `kept`, only files of these names and those that were read have nodes. @throws OmittedFile when that is not enough */
  constructor(surveys: readonly LayerSurvey[], ecosystems: readonly Ecosystem[], kept: NameFilter | undefined) {
    this.#surveys = surveys;
    this.#ecosystems = ecosystems;
    this.#byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
    this.#files = new SurveyedFiles(surveys);
    const onFile: OnFile = (node, moved) => {
      const surveyed = this.#hasSurveyedBody(node);
      if (!surveyed) this.#files.drop(node);
      if (this.#files.of(node).length > 0) this.#read.add(node);
      else if (moved || !surveyed) this.#unread.add(node);
    };
    this.#tree = squash(surveys, onFile, kept);
  }

  /** Whether the body that the survey of the node's layer would read for it is the one it has: a hard link's may be another. */
  #hasSurveyedBody(node: TreeNode): boolean {
    if (node.bodyLayer !== node.layer) return false;
    if (node.bodyEntry === node.entry) return true;
    const bodies = remembered(this.#linkedBodies, node.layer, () => linkedBodies(this.#entriesOf(node.layer)));
    return bodies.get(node.entry) === node.bodyEntry;
  }

  #entriesOf(layer: number): EntryTable {
    const survey = this.#surveys[layer];
    if (!survey) throw new SluiceError('layer/unreadable', `there is no layer ${layer}`);
    return survey.entries;
  }

  /** @throws OmittedFile */
  wantedLate(): WantedLate {
    const wanted: WantedLate = { byLayer: new Map(), nodes: new Map() };
    for (const node of this.#unread) this.#wantLink(node, wanted);
    for (const ecosystem of this.#ecosystems) {
      for (const path of ecosystem.databasePaths ?? []) this.#wantDatabase(path, ecosystem.id, wanted);
    }
    for (const path of releasePaths) this.#wantDatabase(path, 'os-release', wanted);
    return wanted;
  }

  async lookLate({ byLayer, nodes }: WantedLate, readLate: ReadLate): Promise<void> {
    for (const layer of [...byLayer.keys()].sort((a, b) => a - b)) {
      for (const file of await readLate(layer, byLayer.get(layer) ?? new Map())) {
        const node = nodes.get(`${layer}:${file.entry}`);
        if (!node) continue;
        this.#files.add(node.layer, { ...file, entry: node.entry });
        this.#read.add(node);
      }
    }
  }

  #wantLink(node: TreeNode, wanted: WantedLate): void {
    const path = visiblePath(node);
    if (path === undefined) return;
    const body = this.#entriesOf(node.bodyLayer);
    const own = this.#entriesOf(node.layer);
    const mode = (body.modes[node.bodyEntry] ?? 0) | (own.modes[node.entry] ?? 0);
    const head = { size: body.sizes[node.bodyEntry] ?? 0, mode };
    // Whoever was offered the body under the entry's own path has read it or had his reasons to leave it.
    const offered = this.#hasSurveyedBody(node) ? own.paths.at(node.entry) : undefined;
    const isNew = (claims: (place: string) => boolean): boolean =>
      claims(path) && (offered === undefined || !claims(offered));
    if (isNew(isRelease) || this.#ecosystems.some((reader) => isNew((place) => reader.claims(place, head)))) {
      this.#want(node, path, wanted);
    }
  }

  /** A database behind links, such as `/var/lib/dpkg -> /opt/dpkg`, is where its program looks for it: a file or a folder of files. */
  #wantDatabase(path: string, id: string, wanted: WantedLate): void {
    const node = this.#tree.resolve(path);
    if (node?.kind === 'file') this.#wantFile(node, path, id, wanted);
    if (node?.kind !== 'dir' || visiblePath(node) === path) return;
    if (node.omitted >= 0) throw new OmittedFile();
    for (const [name, child] of node.children ?? []) {
      const place = `${path}/${name}`;
      const claimed = this.#byId.get(id)?.claims(place, { size: 0, mode: 0o644 }) === true;
      if (claimed && child.kind === 'file') this.#wantFile(child, place, id, wanted);
    }
  }

  #wantFile(node: TreeNode, path: string, id: string, wanted: WantedLate): void {
    if (this.#files.of(node).some((file) => file.ecosystem === id)) return;
    // Under its own path it was offered to the plugin, which had its reasons to leave it.
    const surveyed = this.#entriesOf(node.layer).paths.at(node.entry) === path && this.#hasSurveyedBody(node);
    const linked = visiblePath(node) === path && this.#unread.has(node);
    if (!surveyed && !linked) this.#want(node, path, wanted);
  }

  #want(node: TreeNode, path: string, { byLayer, nodes }: WantedLate): void {
    const source = this.#entriesOf(node.bodyLayer).paths.at(node.bodyEntry);
    if (source === undefined) return;
    const repeated = remembered(this.#repeatedPaths, node.bodyLayer, () =>
      repeatedPaths(this.#entriesOf(node.bodyLayer)),
    );
    const ticket = nodes.size;
    nodes.set(`${node.bodyLayer}:${ticket}`, node);
    const inLayer = byLayer.get(node.bodyLayer) ?? new Map<string, ReadAsPath[]>();
    byLayer.set(node.bodyLayer, inLayer);
    const place = { path, entry: ticket, mode: this.#entriesOf(node.layer).modes[node.entry] ?? 0 };
    addReadAs(inLayer, source, repeated.has(source) ? { ...place, body: node.bodyEntry } : place);
  }

  finish(): Inventory {
    const distribution = this.#distribution();
    const placed: PlacedPackage[] = [];
    const problems: Problem[] = [];
    this.#surveys.forEach((survey, layer) => {
      for (const problem of survey.problems) problems.push({ ...problem, layer });
    });
    for (const node of this.#read) {
      const path = visiblePath(node);
      if (path === undefined) continue;
      for (const file of this.#files.of(node)) this.#place(node, path, file, placed, problems);
    }
    const merged = mergePackages(placed, distribution);
    const owned = [...this.#ownedFiles()];
    const places = { tree: this.#tree, files: this.#files };
    const packages = ownedPackages(merged, this.#ecosystems, owned, places);
    const native = this.#nativeEcosystem(distribution, placed);
    const earlier = this.#earlierDistributions(distribution);
    const judged = problems.map((problem) => this.#judged(problem, native, earlier));
    const removed = removedDatabases(this.#lostDatabases(placed), this.#files, this.#surveys);
    const unlisted = unlistedPackages(owned, packages, this.#surveys);
    const contentSets = this.#contentSets();
    return {
      ...{ distribution, earlier, packages, problems: [...judged, ...removed, ...unlisted] },
      ...(contentSets.length > 0 ? { contentSets } : {}),
    };
  }

  #contentSets(): string[] {
    const names = new Set<string>();
    for (const node of this.#read) {
      for (const { contentSets } of this.#files.of(node)) {
        if (contentSets && visiblePath(node) !== undefined) for (const name of contentSets) names.add(name);
      }
    }
    return [...names].sort();
  }

  /** What the lists of files in the final image say. */
  *#ownedFiles(): Iterable<OwnedByKind> {
    for (const node of this.#read) {
      for (const { ecosystem, owned } of this.#files.of(node)) {
        if (owned && visiblePath(node) !== undefined) for (const item of owned) yield { ecosystem, ...item };
      }
    }
  }

  /** Databases that were read, of kinds of which the final image has no package. */
  #lostDatabases(placed: readonly PlacedPackage[]): ReadonlyMap<TreeNode, Ecosystem> {
    const present = new Set(placed.map(({ ecosystem }) => ecosystem));
    const lost = new Map<TreeNode, Ecosystem>();
    for (const node of this.#read) {
      for (const { ecosystem: id } of this.#files.of(node)) {
        const ecosystem = this.#byId.get(id);
        if (ecosystem?.database && !present.has(ecosystem)) lost.set(node, ecosystem);
      }
    }
    return lost;
  }

  /** What lower layers called the distribution before a later one gave it another name. */
  #earlierDistributions(distribution: Distribution | undefined): Distribution[] {
    const earlier = new Map<string, Distribution>();
    for (const node of this.#read) {
      for (const { distribution: named } of this.#files.of(node)) if (named) earlier.set(named.id, named);
    }
    earlier.delete(distribution?.id ?? '');
    return [...earlier.values()];
  }

  #place(node: TreeNode, path: string, file: SurveyedFile, placed: PlacedPackage[], problems: Problem[]): void {
    const ecosystem = this.#byId.get(file.ecosystem);
    if (!ecosystem) return;
    for (const record of file.packages) {
      placed.push({ ecosystem, record, path: `/${path}`, layer: this.#files.layerOf(node, record) });
    }
    for (const problem of file.problems) {
      // A path with `!/` names a place inside of an archive.
      const inside = problem.path?.includes('!/') ? problem.path.slice(problem.path.indexOf('!/')) : '';
      problems.push({ ...problem, path: `/${path}${inside}`, layer: node.layer });
    }
  }

  #distribution(): Distribution | undefined {
    for (const path of releasePaths) {
      const node = this.#tree.resolve(path);
      const found = node && this.#files.of(node).find((file) => file.distribution);
      if (found) return found.distribution;
    }
    return undefined;
  }

  /** The distribution's own package database, once packages were read from it. */
  #nativeEcosystem(distribution: Distribution | undefined, placed: readonly PlacedPackage[]): string | undefined {
    if (!distribution) return undefined;
    const native = this.#ecosystems.find((ecosystem) => ecosystem.native?.(distribution));
    return native && placed.some((place) => place.ecosystem === native) ? native.id : undefined;
  }

  /** Another package manager's broken database does not blind the gate when the distribution's own was read. */
  #judged(problem: Problem, native: string | undefined, earlier: readonly Distribution[]): Problem {
    const area = problem.code.slice(0, problem.code.indexOf('/'));
    const reader = this.#byId.get(area);
    const own = area === native || earlier.some((distribution) => reader?.native?.(distribution));
    const foreign = native !== undefined && !own && reader?.database === true;
    return foreign && problem.blinding ? { ...problem, blinding: false } : problem;
  }
}

/** What was found out of a layer before, else what is found out now. */
function remembered<T>(known: Map<number, T>, layer: number, find: () => T): T {
  const value = known.get(layer) ?? find();
  known.set(layer, value);
  return value;
}
