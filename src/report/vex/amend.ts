import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';
import { type OpenVexStatement, openVexStatement, type VexClaim } from './openvex.ts';

/** A document with claims added, and what became of each. */
export interface Amended {
  readonly document: Readonly<Record<string, unknown>>;
  readonly added: number;
  readonly replaced: number;
  /** The document said so already. */
  readonly unchanged: number;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Adds claims to a document of OpenVEX 0.2.0; one on the same flaw in the same products takes the place of the old
 * statement. All else stays as it was, so the statements that had the document's time get it written down: the
 * specification, "Updating Statements with Inherited Data". `when`: RFC 3339.
 * @throws SluiceError `vex/not-openvex`, `vex/older`
 */
export function amendOpenVex(value: unknown, claims: readonly VexClaim[], when: string): Amended {
  const { document, statements: before } = openVexOf(value);
  const since = asString(document.timestamp);
  refuseOlder(document, when);
  const statements: Json[] = before.map((statement) => withTime(statement, since));
  const tally = { added: 0, replaced: 0, unchanged: 0 };
  for (const claim of claims) {
    const statement = openVexStatement(claim);
    const same = statements.flatMap((old, at) => (isOfSame(old, statement) ? [at] : []));
    const last = same.at(-1);
    if (last === undefined) {
      statements.push(inOrder({ ...statement, timestamp: when }));
      tally.added++;
    } else if (same.every((at) => saysSame(statements[at] as Json, statement))) {
      tally.unchanged++;
    } else {
      statements[last] = replacing(statements[last] as Json, statement, when);
      tally.replaced++;
    }
  }
  if (tally.added + tally.replaced === 0) return { document, ...tally };
  const version = typeof document.version === 'number' ? document.version + 1 : 1;
  const dated = withMember(document, 'last_updated', when, 'timestamp');
  return { document: { ...dated, version, statements }, ...tally };
}

/** With a clock that went back what is added would count for older than what it corrects. */
function refuseOlder(document: Json, when: string): void {
  const times = [document.timestamp, document.last_updated].map((time) => Date.parse(asString(time) ?? ''));
  if (!times.some((time) => time > Date.parse(when))) return;
  const hint = 'set the clock, or SOURCE_DATE_EPOCH, to a later time';
  throw new SluiceError('vex/older', `the document is of a later time than now, ${when}`, hint);
}

function openVexOf(value: unknown): { document: Json; statements: readonly Json[] } {
  const document = asRecord(value);
  const context = asString(document?.['@context']) ?? '';
  if (!document || !/^https:\/\/openvex\.dev\/ns\/v0\.2\.\d{1,3}$/.test(context)) {
    const hint = 'its @context must be https://openvex.dev/ns/v0.2.0; statements are added to such documents alone';
    throw new SluiceError('vex/not-openvex', 'the document is not OpenVEX 0.2.0', hint);
  }
  const statements = asArray(document.statements)?.map(asRecord);
  if (!statements || statements.includes(undefined)) {
    throw new SluiceError('vex/not-openvex', 'the statements of the document are not a list of objects');
  }
  return { document, statements: statements as Json[] };
}

/** Of what is replaced its own id, its supplier and when it was first said stay. */
function replacing(old: Json, statement: OpenVexStatement, when: string): Json {
  const kept = ['@id', 'supplier', 'timestamp'].flatMap((key) => (Object.hasOwn(old, key) ? [[key, old[key]]] : []));
  const version = typeof old.version === 'number' ? old.version + 1 : 1;
  return inOrder({
    ...Object.fromEntries(kept),
    version,
    ...statement,
    products: allProducts(old, statement),
    last_updated: when,
  });
}

const statementOrder = ['@id', 'version', 'vulnerability', 'timestamp', 'last_updated', 'products', 'status'];

/** As the specification lists the members of a statement. */
function inOrder(statement: Json): Json {
  const rank = (key: string): number =>
    (statementOrder.indexOf(key) + statementOrder.length + 1) % (statementOrder.length + 1);
  return Object.fromEntries(Object.entries(statement).sort(([a], [b]) => rank(a) - rank(b)));
}

function withTime(statement: Json, since: string | undefined): Json {
  if (since === undefined || Object.hasOwn(statement, 'timestamp')) return statement;
  return withMember(statement, 'timestamp', since, 'vulnerability');
}

/** An object with one more member, behind another: a file under version control should change where it changed. */
function withMember(object: Json, key: string, value: unknown, after: string): Json {
  if (Object.hasOwn(object, key) || !Object.hasOwn(object, after)) return { ...object, [key]: value };
  return Object.fromEntries(
    Object.entries(object).flatMap((entry) => (entry[0] === after ? [entry, [key, value]] : [entry])),
  );
}

/** Whether both are about a flaw that they share a name of, in the same parts of the same products. */
function isOfSame(old: Json, statement: OpenVexStatement): boolean {
  const names = new Set(namesIn(statement.vulnerability).map(folded));
  if (!namesIn(old.vulnerability).some((name) => names.has(folded(name)))) return false;
  return productsKey(old.products) === productsKey(statement.products);
}

function saysSame(old: Json, statement: OpenVexStatement): boolean {
  const { status, justification, impact_statement, action_statement, vulnerability } = statement;
  const isKnown = new Set(namesIn(old.vulnerability).map(folded));
  return (
    old.status === status &&
    old.justification === justification &&
    old.impact_statement === impact_statement &&
    old.action_statement === action_statement &&
    namesIn(vulnerability).every((name) => isKnown.has(folded(name))) &&
    allProducts(old, statement).length === asArray(old.products)?.length
  );
}

function namesIn(vulnerability: unknown): string[] {
  const { name, aliases } = asRecord(vulnerability) ?? {};
  return [name, ...(asArray(aliases) ?? [])].filter((one) => typeof one === 'string');
}

function folded(name: string): string {
  return name.toUpperCase();
}

/** The same for the same products and parts, in whatever order they stand, and however often one stands there by another name. */
function productsKey(products: unknown): string {
  const keys = (asArray(products) ?? []).map((product) => {
    const parts = asArray(asRecord(product)?.subcomponents) ?? [];
    return JSON.stringify([contentKey(product), parts.map(componentKey).sort()]);
  });
  return JSON.stringify([...new Set(keys)].sort());
}

/** A product by its digest, which is the same wherever it stands; else by its names. */
function contentKey(product: unknown): string {
  const sha256 = asRecord(asRecord(product)?.hashes)?.['sha-256'];
  return asString(sha256) ?? componentKey(product);
}

/** The products of a statement, and those of the one that it replaces that it does not name so. */
function allProducts(old: Json, { products }: OpenVexStatement): unknown[] {
  const known = new Set<unknown>(products.map((product) => product['@id']));
  const others = (asArray(old.products) ?? []).filter((product) => !known.has(asRecord(product)?.['@id']));
  return [...products, ...others];
}

function componentKey(component: unknown): string {
  const { '@id': id, identifiers, hashes } = asRecord(component) ?? {};
  return JSON.stringify([asString(id), sortedEntries(identifiers), sortedEntries(hashes)]);
}

function sortedEntries(value: unknown): string[] {
  return Object.entries(asRecord(value) ?? {})
    .map((entry) => JSON.stringify(entry))
    .sort();
}
