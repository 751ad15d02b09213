import { parsePurl } from '../../model/parse-purl.ts';
import { buildPurl } from '../../model/purl.ts';
import type { VexComponent, VexProduct } from '../../model/vex.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';
import { componentOf, hashOf, idOf, type Json, productOf, recordsOf } from './draft.ts';
import { componentLimit, tooMany } from './limits.ts';

/** How many relationships may stand one on another; a package of a module of a system makes two. */
const chainLimit = 8;

interface Relationship {
  readonly part: string;
  readonly whole: string;
}

/** The products of a document (CSAF 2.0, 3.2.2 `product_tree`) by their ids. */
export class CsafProducts {
  readonly #products = new Map<string, VexComponent>();
  readonly #relationships = new Map<string, Relationship>();
  readonly #groups = new Map<string, readonly string[]>();

  /** @throws SluiceError `vex/too-many` */
  constructor(tree: Json) {
    for (const product of recordsOf(tree.full_product_names)) this.#addProduct(product, undefined);
    this.#addBranches(tree.branches);
    for (const relationship of recordsOf(tree.relationships)) this.#addRelationship(relationship);
    for (const group of recordsOf(tree.product_groups)) {
      const id = idOf(group.group_id);
      if (id !== undefined) this.#groups.set(id, textsOf(group.product_ids));
    }
  }

  /** Product ids, with those of the groups named. */
  idsOf(item: Json): string[] {
    const grouped = textsOf(item.group_ids).flatMap((id) => this.#groups.get(id) ?? []);
    return [...new Set([...textsOf(item.product_ids), ...grouped])];
  }

  /**
   * What stands under an id: a product; or, where a relationship says that it is a part of another or installed on it,
   * that other one with it as its part. Undefined when nothing does.
   */
  find(id: string): VexProduct | undefined {
    const relationship = this.#relationships.get(id);
    if (relationship === undefined) {
      const product = this.#products.get(id);
      return product && productOf(product);
    }
    const part = this.#partOf(id);
    const { root, modules } = this.#wholeOf(relationship.whole);
    if (part === undefined || root === undefined) return undefined;
    // An image is not told by the platform that it is published for.
    if (part.ids.some(isImage)) return productOf(part);
    return productOf(root, [modules.reduce(inModule, part)]);
  }

  /** The component itself, below all relationships. */
  #partOf(id: string): VexComponent | undefined {
    const own = this.#products.get(id);
    if (own?.ids.some((text) => text.startsWith('pkg:'))) return own;
    let at = id;
    for (let steps = 0; steps < chainLimit; steps++) {
      const relationship = this.#relationships.get(at);
      if (relationship === undefined) return this.#products.get(at);
      at = relationship.part;
    }
    return undefined;
  }

  /** What all of it is a part of in the end, and the modules in between. */
  #wholeOf(id: string): { root: VexComponent | undefined; modules: string[] } {
    const modules: string[] = [];
    let at = id;
    for (let steps = 0; steps < chainLimit; steps++) {
      const relationship = this.#relationships.get(at);
      if (relationship === undefined) return { root: this.#products.get(at), modules };
      const between = this.#partOf(at);
      modules.push(between?.ids[0] ?? '');
      at = relationship.whole;
    }
    return { root: undefined, modules };
  }

  /** Branches nest (3.1.2); they are walked without recursion. */
  #addBranches(value: unknown): void {
    const waiting: { branch: Json; range: string | undefined }[] = [];
    const add = (list: unknown, range: string | undefined): void => {
      for (const branch of recordsOf(list).reverse()) waiting.push({ branch, range });
    };
    add(value, undefined);
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { branch } = next;
      const isRange = branch.category === 'product_version_range';
      const range = isRange ? (asString(branch.name) ?? 'of some versions').slice(0, 200) : next.range;
      const product = asRecord(branch.product);
      if (product) this.#addProduct(product, range);
      add(branch.branches, range);
    }
  }

  #addRelationship(json: Json): void {
    const product = asRecord(json.full_product_name);
    const id = idOf(product?.product_id);
    const part = idOf(json.product_reference);
    const whole = idOf(json.relates_to_product_reference);
    if (!product || id === undefined || part === undefined || whole === undefined) return;
    this.#relationships.set(id, { part, whole });
    // Only what identifies it says more than the two that it is made of.
    if (asRecord(product.product_identification_helper)) this.#addProduct(product, undefined);
    this.#check();
  }

  #addProduct(product: Json, range: string | undefined): void {
    const id = idOf(product.product_id);
    if (id === undefined) return;
    const helper = asRecord(product.product_identification_helper) ?? {};
    const purls = [helper.purl, ...(asArray(helper.purls) ?? [])].map(idOf);
    const hashes = recordsOf(helper.hashes).flatMap(({ file_hashes }) =>
      recordsOf(file_hashes).map(({ algorithm, value }) => hashOf(algorithm, value)),
    );
    const ids = [...purls, idOf(helper.cpe)].map((text) => text && narrowed(text, range));
    const named = ids.some((text) => text !== undefined) || hashes.length > 0;
    this.#products.set(id, componentOf(named ? ids : [idOf(product.name) ?? id], hashes));
    this.#check();
  }

  #check(): void {
    if (this.#products.size + this.#relationships.size > componentLimit) throw tooMany('products', componentLimit);
  }
}

/** What stands for a range of versions must not pass for all of them. */
function narrowed(id: string, range: string | undefined): string {
  if (range === undefined || (id.startsWith('pkg:') && parsePurl(id)?.version !== undefined)) return id;
  return `versions ${range} of ${id}`;
}

function isImage(id: string): boolean {
  return id.startsWith('pkg:oci/') || id.startsWith('pkg:docker/');
}

/** A package of a module's stream is another one than the package of the same name outside of it: its purl says so. */
function inModule(part: VexComponent, module: string): VexComponent {
  const label = labelOf(module);
  const ids = part.ids.flatMap((id) => {
    const purl = id.startsWith('pkg:') ? parsePurl(id) : undefined;
    if (purl?.type !== 'rpm' || label === undefined) return [`part of ${module}: ${id}`];
    return [buildPurl({ ...purl, qualifiers: { ...purl.qualifiers, rpmmod: purl.qualifiers?.rpmmod ?? label } })];
  });
  return { ids, hashes: part.hashes };
}

/** `pkg:rpmmod/redhat/nodejs@18:8090…` and `pkg:rpmmod/redhat/nodejs:18` as `nodejs:18…`. */
function labelOf(module: string): string | undefined {
  const purl = module.startsWith('pkg:rpmmod/') ? parsePurl(module) : undefined;
  if (purl === undefined) return undefined;
  return purl.version === undefined ? purl.name : `${purl.name}:${purl.version}`;
}

function textsOf(value: unknown): string[] {
  return (asArray(value) ?? []).map(idOf).filter((text) => text !== undefined);
}
