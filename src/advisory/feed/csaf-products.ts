import { asArray, asRecord, asString } from '../../util/json.ts';

/** A package of a release, as a product id of a CSAF document means it. */
export interface CsafPackage {
  /** The major release of Red Hat Enterprise Linux. */
  readonly release: string;
  readonly name: string;
  /** Whether it is that of a module stream alone: nothing follows for the package of this name elsewhere. */
  readonly modular: boolean;
}

interface Relationship {
  readonly component: string;
  readonly product: string;
}

/** Most branches of one product tree that are read; the largest documents have some ten thousand. */
const maxBranches = 1_000_000;

/** The base product of a major release, or one of its repositories; support phases such as EUS are products of their own. */
const releaseCpe = /^cpe:\/[ao]:redhat:enterprise_linux:(\d{1,2})(?:::[a-z_]{0,40})?$/;
const rpmPurl = /^pkg:rpm\/redhat\/([^@?#/]{1,300})(?:@[^?#]{0,300})?(?:\?([^#]{0,1000}))?$/;
const rpmName = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$/;
const plainId = /^red_hat_enterprise_linux_(\d{1,2}):([A-Za-z0-9][A-Za-z0-9._+-]{0,199})$/;

/**
 * The product tree of a document of Red Hat (CSAF 2.0, 3.2.2): which package of which release a product id means. An id
 * is that of a relationship, between a component with a purl and a product with a CPE.
 */
export class CsafProducts {
  readonly #purls = new Map<string, string>();
  readonly #cpes = new Map<string, string>();
  readonly #relationships = new Map<string, Relationship>();

  constructor(tree: unknown) {
    const root = asRecord(tree);
    this.#readBranches(asArray(root?.branches) ?? []);
    for (const value of asArray(root?.relationships) ?? []) {
      const relationship = asRecord(value);
      const id = asString(asRecord(relationship?.full_product_name)?.product_id);
      const component = asString(relationship?.product_reference);
      const product = asString(relationship?.relates_to_product_reference);
      if (id !== undefined && component !== undefined && product !== undefined) {
        this.#relationships.set(id, { component, product });
      }
    }
  }

  /** Undefined for what is no rpm of a release of Red Hat Enterprise Linux: containers, and all other products. */
  packageOf(id: string): CsafPackage | undefined {
    const relationship = this.#relationships.get(id);
    if (!relationship) {
      const plain = plainId.exec(id);
      return plain ? { release: plain[1]!, name: plain[2]!, modular: false } : undefined;
    }
    const inner = this.#relationships.get(relationship.product);
    const release = releaseCpe.exec(this.#cpes.get(inner?.product ?? relationship.product) ?? '')?.[1];
    const component = this.#componentOf(relationship.component);
    if (release === undefined || component === undefined) return undefined;
    return { release, name: component.name, modular: component.modular || inner !== undefined };
  }

  #componentOf(id: string): { name: string; modular: boolean } | undefined {
    const purl = this.#purls.get(id);
    if (purl === undefined) return rpmName.test(id) ? { name: id, modular: false } : undefined;
    const rpm = rpmPurl.exec(purl);
    const name = rpm ? decoded(rpm[1]!) : undefined;
    if (!rpm || name === undefined || !rpmName.test(name)) return undefined;
    return { name, modular: rpm[2]?.includes('rpmmod=') ?? false };
  }

  /** Without recursion: the input decides how deep branches nest. */
  #readBranches(top: readonly unknown[]): void {
    const waiting = [...top];
    for (let count = 0; waiting.length > 0 && count < maxBranches; count++) {
      const branch = asRecord(waiting.pop());
      const product = asRecord(branch?.product);
      const id = asString(product?.product_id);
      const helper = asRecord(product?.product_identification_helper);
      const cpe = asString(helper?.cpe);
      const purl = asString(helper?.purl);
      if (id !== undefined && cpe !== undefined) this.#cpes.set(id, cpe);
      if (id !== undefined && purl !== undefined) this.#purls.set(id, purl);
      for (const inner of asArray(branch?.branches) ?? []) waiting.push(inner);
    }
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
