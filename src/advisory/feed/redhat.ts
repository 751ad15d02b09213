import { compareSeverity, type Severity } from '../../model/severity.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import type { Standing } from '../contract.ts';
import { CsafProducts } from './csaf-products.ts';
import { feedUnreadable } from './feed-format.ts';
import type { FeedRows } from './rows.ts';
import { encodeStanding, isCveId, noteOf, saysNothing, standingKey } from './values.ts';

/** The largest document that is read, in bytes; those of the kernel have some ten million. */
export const maxVexBytes = 128 * 1024 * 1024;

/** Red Hat's own words for how bad a flaw is. */
const impacts = new Map<string, Severity>([
  ['critical', 'critical'],
  ['important', 'high'],
  ['moderate', 'medium'],
  ['low', 'low'],
]);

/**
 * `affected`: nothing but that. `elsewhere`: it is fixed, which its advisory tells, or it is a module's package, of which
 * nothing follows for the package of this name outside of modules, but that the name alone won't do.
 */
type State = NonNullable<Standing['state']> | 'affected' | 'elsewhere';

/** What one document says of one package of one release, over all the product ids that mean it. */
interface Said {
  states: Set<State>;
  severity: Severity | undefined;
  note: string | undefined;
}

/** What a document says of the product ids that it lists, beside their status. */
interface Remarks {
  readonly states: ReadonlyMap<string, { readonly state: State; readonly note: string | undefined }>;
  readonly impacts: ReadonlyMap<string, Severity>;
  readonly impact: Severity | undefined;
}

/** What was kept of the latest document about one CVE so far. */
interface Latest {
  /** When it was released, in milliseconds. */
  readonly released: number;
  readonly keys: string[];
}

/**
 * Reads Red Hat's VEX documents, one for each CVE (CSAF 2.0, VEX profile). Where one says different things of packages
 * that have one name in one release, as of module streams, none of them is kept: the most careful reading. Of several
 * about one CVE, as in an archive and in what was published since, the latest counts alone.
 */
export class RedHatReader {
  readonly #rows: FeedRows;
  readonly #latest = new Map<string, Latest>();

  constructor(rows: FeedRows) {
    this.#rows = rows;
  }

  /** Takes one document. @throws SluiceError when it can't be read as a whole */
  read(bytes: Buffer): void {
    const csaf = asRecord(parseJson(bytes));
    const document = asRecord(csaf?.document);
    if (!csaf || !document || !isRedHat(document)) throw feedUnreadable('it is JSON, but no VEX document of Red Hat');
    const tracking = asRecord(document.tracking);
    const date = asString(tracking?.current_release_date) ?? '';
    const released = Date.parse(date);
    // Without it nobody can say whether the document is older than what is known already.
    if (Number.isNaN(released)) throw feedUnreadable('it does not say when it was released');
    const vulnerabilities = asArray(csaf.vulnerabilities);
    if (tracking?.status === 'deleted') this.#begin(asString(tracking.id) ?? '', released);
    else if (!vulnerabilities) throw feedUnreadable('it lists no vulnerability');
    else this.#vulnerabilities(csaf, document, vulnerabilities, released);
    if (this.#rows.newest === '' || released > Date.parse(this.#rows.newest)) this.#rows.newest = date;
  }

  #vulnerabilities(
    csaf: Record<string, unknown>,
    document: Record<string, unknown>,
    vulnerabilities: readonly unknown[],
    released: number,
  ): void {
    const products = new CsafProducts(csaf.product_tree);
    const general = severityOf(asRecord(document.aggregate_severity)?.text);
    const begun = new Map<string, Latest | undefined>();
    for (const value of vulnerabilities) {
      const vulnerability = asRecord(value) ?? {};
      const cve = asString(vulnerability.cve) ?? '';
      const status = asRecord(vulnerability.product_status);
      if (!isCveId(cve) || !status) {
        const why = status ? 'its CVE is missing or malformed' : 'it tells of no product';
        this.#rows.noteUnreadable(cve || 'a vulnerability', why);
        continue;
      }
      if (!begun.has(cve)) begun.set(cve, this.#begin(cve, released));
      const keys = begun.get(cve)?.keys;
      if (keys) keep(this.#rows, cve, said(status, products, remarksOf(vulnerability, general)), keys);
    }
  }

  /** Takes back what an older document said of the CVE; undefined when a later one was read. */
  #begin(cve: string, released: number): Latest | undefined {
    const known = this.#latest.get(cve);
    if (known && known.released > released) return undefined;
    for (const key of known?.keys ?? []) this.#rows.remove(key);
    const latest = { released, keys: [] };
    this.#latest.set(cve, latest);
    return latest;
  }
}

function isRedHat(document: Record<string, unknown>): boolean {
  const category = asString(document.category) ?? '';
  const publisher = asRecord(document.publisher);
  return category === 'csaf_vex' && asString(publisher?.namespace)?.includes('redhat.com') === true;
}

function said(status: Record<string, unknown>, products: CsafProducts, remarks: Remarks): Map<string, Said> {
  const packages = new Map<string, Said>();
  const statuses = ['fixed', 'known_affected', 'under_investigation', 'known_not_affected'] as const;
  for (const name of statuses) {
    for (const value of asArray(status[name]) ?? []) {
      const id = asString(value) ?? '';
      const found = products.packageOf(id);
      if (!found) continue;
      const remark = remarks.states.get(id);
      const state = found.modular ? 'elsewhere' : stateOf(name, remark?.state);
      const key = `Red Hat:${found.release}\t${found.name}`;
      const known = packages.get(key) ?? { states: new Set(), severity: undefined, note: undefined };
      known.states.add(state);
      known.note ??= remark?.note;
      const isRated = state !== 'not-affected' && state !== 'elsewhere';
      const severity = isRated ? (remarks.impacts.get(id) ?? remarks.impact) : undefined;
      if (severity && (!known.severity || compareSeverity(severity, known.severity) < 0)) known.severity = severity;
      packages.set(key, known);
    }
  }
  return packages;
}

function stateOf(status: string, remark: State | undefined): State {
  if (status === 'known_not_affected') return 'not-affected';
  if (status === 'under_investigation') return 'investigating';
  return status === 'fixed' ? 'elsewhere' : (remark ?? 'affected');
}

/** The keys under which something is kept are added to `keys`. */
function keep(rows: FeedRows, cve: string, packages: ReadonlyMap<string, Said>, keys: string[]): void {
  const cleared = new Set<string>();
  for (const [key, one] of packages) if (stateIn(one) === 'not-affected') cleared.add(releaseIn(key));
  for (const [key, one] of packages) {
    const state = stateIn(one);
    const { severity, note } = one;
    const said = encodeStanding({
      ...(state ? { state } : {}),
      ...(severity ? { severity } : {}),
      ...(state && note ? { note } : {}),
    });
    // A binary package that is fixed or affected must not be taken for one of which nothing is said, where its source counts.
    const value = said ?? (cleared.has(releaseIn(key)) ? saysNothing : undefined);
    if (value === undefined) continue;
    const [ecosystem, name] = key.split('\t') as [string, string];
    const full = standingKey(ecosystem, name, cve);
    rows.add(full, value);
    keys.push(full);
  }
}

/** What holds for all product ids that mean the package, as far as it is more than that it is affected or fixed. */
function stateIn({ states }: Said): Standing['state'] {
  const [state, another] = states;
  return another !== undefined || state === 'affected' || state === 'elsewhere' ? undefined : state;
}

/** The part of a key before the name of the package. */
function releaseIn(key: string): string {
  return key.slice(0, key.indexOf('\t'));
}

/** What is said of product ids in `remediations` and `threats` (CSAF 2.0, 3.2.3.12 and 3.2.3.14). */
function remarksOf(vulnerability: Record<string, unknown>, general: Severity | undefined): Remarks {
  const states = new Map<string, { state: State; note: string | undefined }>();
  for (const value of asArray(vulnerability.remediations) ?? []) {
    const remediation = asRecord(value) ?? {};
    const details = asString(remediation.details);
    const state = remediationState(remediation.category, details ?? '');
    if (state) for (const id of idsOf(remediation)) states.set(id, { state, note: noteOf(details) });
  }
  const byId = new Map<string, Severity>();
  let impact = general;
  for (const value of asArray(vulnerability.threats) ?? []) {
    const threat = asRecord(value) ?? {};
    const severity = threat.category === 'impact' ? severityOf(threat.details) : undefined;
    if (!severity) continue;
    const ids = idsOf(threat);
    for (const id of ids) byId.set(id, severity);
    if (ids.length === 0) impact = severity;
  }
  return { states, impacts: byId, impact };
}

function remediationState(category: unknown, details: string): State | undefined {
  if (category === 'no_fix_planned') return /support scope/i.test(details) ? 'end-of-life' : 'wont-fix';
  if (category !== 'none_available') return undefined;
  return /defer/i.test(details) ? 'deferred' : 'affected';
}

function idsOf(remark: Record<string, unknown>): string[] {
  return (asArray(remark.product_ids) ?? []).filter((id): id is string => typeof id === 'string');
}

function severityOf(word: unknown): Severity | undefined {
  return impacts.get((asString(word) ?? '').toLowerCase());
}
