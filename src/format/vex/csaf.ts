import type { VexDocument, VexProduct, VexStatus } from '../../model/vex.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';
import { CsafProducts } from './csaf-products.ts';
import { each, idOf, type Json, lacksReason, placeOf, proseOf, recordsOf, VexDraft, withoutReason } from './draft.ts';
import { isJustification } from './justification.ts';
import { compareMoments, momentOf, newestOf } from './moment.ts';

/** The lists of CSAF 2.0, 3.2.3.9 `product_status`, that say something of the flaw; `recommended` does not. */
const lists: readonly (readonly [name: string, status: VexStatus])[] = [
  ['known_affected', 'affected'],
  ['first_affected', 'affected'],
  ['last_affected', 'affected'],
  ['under_investigation', 'under_investigation'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['known_not_affected', 'not_affected'],
];

/** Whether an object says that it is CSAF 2. */
export function isCsaf(json: Json): boolean {
  return asString(asRecord(json.document)?.csaf_version)?.startsWith('2.') === true;
}

/**
 * Reads a CSAF 2.0 document: of the VEX profile (4.5), or of another that lists the status of products.
 * @throws SluiceError `vex/too-many`
 */
export function readCsaf(json: Json): VexDocument {
  const draft = new VexDraft();
  const document = asRecord(json.document) ?? {};
  const tracking = asRecord(document.tracking) ?? {};
  const timestamp = momentOf(tracking.current_release_date) ?? newestOf(tracking.initial_release_date) ?? '';
  const products = new CsafProducts(asRecord(json.product_tree) ?? {});
  recordsOf(json.vulnerabilities).forEach((vulnerability, index) => {
    new Flaw(vulnerability, index, products, draft).read(timestamp);
  });
  return {
    format: 'csaf',
    id: idOf(tracking.id) ?? '',
    author: proseOf(asRecord(document.publisher)?.name)?.slice(0, 500) ?? '',
    timestamp,
    statements: draft.statements,
    unread: draft.unread(),
  };
}

/** Products of one status of which the same is said. */
interface Group {
  readonly justification: string | undefined;
  readonly says: string | undefined;
  readonly timestamp: string;
  readonly products: VexProduct[];
}

interface Remark {
  readonly text: string;
  readonly at: string | undefined;
}

/** One vulnerability of a document. */
class Flaw {
  readonly #json: Json;
  readonly #names: readonly string[];
  readonly #place: string;
  readonly #products: CsafProducts;
  readonly #draft: VexDraft;

  constructor(json: Json, index: number, products: CsafProducts, draft: VexDraft) {
    this.#json = json;
    this.#names = each([idOf(json.cve), ...recordsOf(json.ids).map(({ text }) => idOf(text))]);
    this.#place = placeOf('vulnerability', index, this.#names[0]);
    this.#products = products;
    this.#draft = draft;
  }

  read(timestamp: string): void {
    const statuses = asRecord(this.#json.product_status) ?? {};
    if (this.#names.length === 0) this.#skip('has no name');
    for (const [list, status] of this.#names.length === 0 ? [] : lists) {
      const ids = (asArray(statuses[list]) ?? []).map(idOf).filter((id) => id !== undefined);
      for (const group of this.#groups(ids, status, timestamp)) {
        const { justification, says } = group;
        this.#draft.add({
          vulnerabilities: this.#names,
          status,
          ...(justification === undefined ? {} : { justification }),
          ...(says === undefined ? {} : { says }),
          products: group.products,
          timestamp: group.timestamp,
        });
      }
    }
  }

  #groups(ids: readonly string[], status: VexStatus, timestamp: string): Iterable<Group> {
    const groups = new Map<string, Group>();
    const flags = status === 'not_affected' ? this.#flags() : new Map<string, Remark>();
    const words = status === 'not_affected' ? this.#impacts() : status === 'affected' ? this.#remedies() : new Map();
    const count = { unknown: 0, unreasoned: 0 };
    for (const id of new Set(ids)) {
      const product = this.#products.find(id);
      const flag = flags.get(id);
      const says: Remark | undefined = words.get(id);
      if (product === undefined) count.unknown++;
      else if (lacksReason(status, flag?.text, says?.text)) count.unreasoned++;
      else {
        const at = status === 'not_affected' ? olderOf(newestOf(flag?.at, says?.at), timestamp) : timestamp;
        const key = JSON.stringify([flag?.text, says?.text, at]);
        const group = groups.get(key);
        if (group) group.products.push(product);
        else groups.set(key, { justification: flag?.text, says: says?.text, timestamp: at, products: [product] });
      }
    }
    if (count.unknown > 0)
      this.#skip(`names ${count.unknown} products of the status ${status} that are not in the product tree`);
    if (count.unreasoned > 0) this.#skip(`${withoutReason}, for ${count.unreasoned} products`);
    return groups.values();
  }

  /** Machine-readable reasons by product (3.2.3.5 `flags`). */
  #flags(): Map<string, Remark> {
    const flags = new Map<string, Remark>();
    for (const flag of recordsOf(this.#json.flags)) {
      const label = asString(flag.label) ?? '';
      if (isJustification(label)) this.#remark(flags, flag, label);
      else this.#skip(`has a flag that is not known: ${JSON.stringify(label.slice(0, 60))}`);
    }
    return flags;
  }

  /** Reasons in words by product (3.2.3.14 `threats` of the category `impact`). */
  #impacts(): Map<string, Remark> {
    const impacts = new Map<string, Remark>();
    for (const threat of recordsOf(this.#json.threats)) {
      const details = threat.category === 'impact' ? proseOf(threat.details) : undefined;
      // Some publishers put their severity there, which is no reason.
      if (details !== undefined && !severityWord.test(details)) this.#remark(impacts, threat, details);
    }
    return impacts;
  }

  /** What to do by product (3.2.3.12 `remediations`). */
  #remedies(): Map<string, Remark> {
    const remedies = new Map<string, Remark>();
    for (const remedy of recordsOf(this.#json.remediations)) {
      const details = proseOf(remedy.details);
      if (details !== undefined) this.#remark(remedies, remedy, details);
    }
    return remedies;
  }

  /** The first remark on a product counts. */
  #remark(remarks: Map<string, Remark>, item: Json, text: string): void {
    const remark = { text, at: momentOf(item.date) };
    for (const id of this.#products.idsOf(item)) if (!remarks.has(id)) remarks.set(id, remark);
  }

  #skip(line: string): void {
    this.#draft.skip(`${this.#place} ${line}`);
  }
}

/** A reason is as old as it says, and never newer than its document: what that says beside it would be overruled by it. */
function olderOf(reason: string | undefined, document: string): string {
  return reason !== undefined && (document === '' || compareMoments(reason, document) > 0) ? reason : document;
}

const severityWord = /^(?:none|low|medium|moderate|important|high|critical)$/i;
