import { parsePurl } from '../../model/parse-purl.ts';
import { buildPurl } from '../../model/purl.ts';
import type { VexComponent, VexProduct } from '../../model/vex.ts';
import { asRecord, asString } from '../../util/json.ts';
import { subjectOf } from '../sbom/subject.ts';
import { componentOf, hashOf, idOf, isNamed, type Json, productOf, recordsOf } from './draft.ts';
import { componentLimit, tooMany } from './limits.ts';

/** The components of a CycloneDX document, by what its vulnerabilities refer to them with. */
export class CycloneDxComponents {
  readonly #byRef = new Map<string, VexComponent>();
  /** What the document is about, or one of that: empty when neither it nor an attestation around it says so. */
  readonly #subjects: readonly VexComponent[];
  readonly #subjectRef: string | undefined;
  readonly #serial: string;

  /** @throws SluiceError `vex/too-many` */
  constructor(bom: Json, about: readonly VexComponent[]) {
    const root = asRecord(asRecord(bom.metadata)?.component);
    this.#serial = (idOf(bom.serialNumber) ?? '').replace(/^urn:uuid:/, '').toLowerCase();
    this.#subjects = root ? [subjectComponent(root)] : about;
    this.#subjectRef = root && idOf(root['bom-ref']);
    const waiting = [...recordsOf(root?.components), ...recordsOf(bom.components), ...recordsOf(bom.services)];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const ref = idOf(next['bom-ref']);
      if (ref !== undefined) this.#add(ref, plainComponent(next));
      if (this.#byRef.size + waiting.length > componentLimit) throw tooMany('components', componentLimit);
      for (const inner of recordsOf(next.components)) waiting.push(inner);
    }
  }

  /** The products of a vulnerability's `affects`: what the document is about, with the component as its part. */
  affectedBy(affects: unknown, skip: (line: string) => void): VexProduct[] {
    const products: VexProduct[] = [];
    const parts: VexComponent[] = [];
    const elsewhere: VexProduct[] = [];
    for (const item of recordsOf(affects)) {
      const ref = idOf(item.ref) ?? '';
      if (this.#isSubject(ref)) {
        products.push(...this.#subjects.map((subject) => productOf(subject)));
        continue;
      }
      const found = this.#find(ref);
      if (found && isNamed(found)) {
        const named = atVersions(found, item.versions, skip);
        const other = this.#subjects.length === 0 ? this.#otherDocument(ref) : undefined;
        if (other === undefined) parts.push(...named);
        else if (named.length > 0) elsewhere.push(productOf(other, named));
      } else skip(`refers to ${JSON.stringify(ref.slice(0, 120))}, which is not in the document`);
    }
    products.push(...elsewhere);
    if (parts.length === 0) return products;
    // A document that does not say what it is about speaks of the components wherever they are.
    if (this.#subjects.length === 0) return [...products, ...parts.map((part) => productOf(part))];
    return [...products, ...this.#subjects.map((subject) => productOf(subject, parts))];
  }

  /** Of two components under one reference, nobody can tell which is meant. */
  #add(ref: string, component: VexComponent): void {
    const before = this.#byRef.get(ref);
    const isSame = before === undefined || JSON.stringify(before) === JSON.stringify(component);
    this.#byRef.set(ref, isSame ? component : componentOf([], []));
  }

  /** The other bill of materials that a BOM-Link leads into: its components are spoken of there, and nowhere else. */
  #otherDocument(ref: string): VexComponent | undefined {
    if (!ref.startsWith('urn:cdx:') || this.#ownLink(ref) !== undefined) return undefined;
    return componentOf([ref.slice(0, ref.indexOf('#'))], []);
  }

  #isSubject(ref: string): boolean {
    return this.#subjectRef !== undefined && (ref === this.#subjectRef || this.#ownLink(ref) === this.#subjectRef);
  }

  #find(ref: string): VexComponent | undefined {
    const inside = this.#byRef.get(ref) ?? this.#byRef.get(this.#ownLink(ref) ?? '');
    if (inside) return inside;
    // BOM-Link: urn:cdx:serial/version#ref. What it refers to is known where the reference is itself a purl.
    const text = ref.startsWith('urn:cdx:') ? fragmentOf(ref) : ref;
    return text?.startsWith('pkg:') ? componentOf([text], []) : undefined;
  }

  /** The reference in a BOM-Link to this very document. */
  #ownLink(ref: string): string | undefined {
    const own = `urn:cdx:${this.#serial}/`;
    return this.#serial !== '' && ref.slice(0, own.length).toLowerCase() === own ? fragmentOf(ref) : undefined;
  }
}

function fragmentOf(link: string): string | undefined {
  const hash = link.indexOf('#');
  if (hash < 0) return undefined;
  const text = link.slice(hash + 1);
  // A purl may stand there as it is, with percent signs of its own, or encoded as a whole.
  if (text.startsWith('pkg:')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function plainComponent(json: Json): VexComponent {
  const hashes = recordsOf(json.hashes).map(({ alg, content }) => hashOf(alg, content));
  const ids = [idOf(json.purl), idOf(json.cpe)];
  const ref = idOf(json['bom-ref']);
  return componentOf([...ids, ref?.startsWith('pkg:') && ids[0] === undefined ? ref : undefined], hashes);
}

/** What the document is about: an image has its digests where the tools put them, and its reference as its name. */
function subjectComponent(json: Json): VexComponent {
  const { ids, hashes } = plainComponent(json);
  const properties = recordsOf(json.properties).flatMap(({ name, value }): [string, string][] =>
    typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [],
  );
  const type = asString(json.type) ?? '';
  const { digest, id } = subjectOf({ type, version: json.version, hashes, properties });
  const name = idOf(json.name);
  const version = idOf(json.version);
  const tagged = name === undefined || version === undefined || digest !== undefined ? name : `${name}:${version}`;
  const text = type === 'container' ? tagged : textName(name, version);
  const component = componentOf([...ids, text], [digest, id, ...hashes]);
  // It is about something, and nobody can tell what: that is not about whatever has the components.
  return isNamed(component) ? component : componentOf(['something without a name'], []);
}

function textName(name: string | undefined, version: string | undefined): string | undefined {
  return name !== undefined && version !== undefined ? `${name} ${version}` : name;
}

/**
 * The component at the versions that an entry lists. Only those named one by one can be gone by; what is said of versions
 * that are not affected has no reason with it, and unknown ones are unknown.
 */
function atVersions(component: VexComponent, versions: unknown, skip: (line: string) => void): VexComponent[] {
  const listed = recordsOf(versions);
  if (listed.length === 0) return [component];
  const found: VexComponent[] = [];
  for (const { version, range, status } of listed) {
    const text = idOf(version);
    if (status !== undefined && status !== 'affected') continue;
    if (text === undefined) skip(`speaks of a range of versions, which is not read: ${String(range).slice(0, 80)}`);
    else found.push(ofVersion(component, text));
  }
  return found;
}

/** Hashes are those of the version that the document lists. */
function ofVersion(component: VexComponent, version: string): VexComponent {
  const ids = component.ids.map((id) => {
    const purl = id.startsWith('pkg:') ? parsePurl(id) : undefined;
    return purl === undefined || purl.version === version ? id : buildPurl({ ...purl, version });
  });
  return { ids, hashes: ids.every((id, i) => id === component.ids[i]) ? component.hashes : [] };
}
