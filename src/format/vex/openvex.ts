import type { VexComponent, VexDocument, VexProduct } from '../../model/vex.ts';
import { asArray, asRecord } from '../../util/json.ts';
import {
  componentOf,
  each,
  hashOf,
  idOf,
  isNamed,
  type Json,
  lacksReason,
  placeOf,
  productOf,
  proseOf,
  recordsOf,
  statusOf,
  VexDraft,
  withoutReason,
} from './draft.ts';
import { isJustification } from './justification.ts';
import { momentOf, newestOf } from './moment.ts';
import { nameOfAddress } from './vulnerability-name.ts';

/** Whether an object says that it is OpenVEX: `@context` is `https://openvex.dev/ns`, with or without a version, or a list with it. */
export function isOpenVex(document: Json): boolean {
  const context = asArray(document['@context']) ?? [document['@context']];
  if (context.some((item) => typeof item === 'string' && /^https?:\/\/openvex\.dev\/ns(?:\/|$)/.test(item)))
    return true;
  // The first drafts had `format: vex+json` and no context.
  return document.format === 'vex+json' || document.format === 'application/vex+json';
}

/**
 * Reads an OpenVEX document (OpenVEX 0.2.0, and the older form with texts for vulnerabilities and products). What stands
 * in a statement goes before the document's, and that before `about`: what an attestation around it is about.
 * @throws SluiceError `vex/too-many`
 */
export function readOpenVex(document: Json, about: readonly VexComponent[]): VexDocument {
  const draft = new VexDraft();
  const timestamp = newestOf(document.timestamp, document.last_updated) ?? '';
  const issued = momentOf(document.timestamp) ?? timestamp;
  const statements = asArray(document.statements);
  if (statements === undefined) draft.skip('the document has no list of statements');
  (statements ?? []).forEach((value, index) => {
    const json = asRecord(value) ?? {};
    const vulnerabilities = vulnerabilitiesOf(json);
    const place = placeOf('statement', index, vulnerabilities[0]);
    const trouble = readStatement(json, vulnerabilities, { issued, about, place, draft });
    if (trouble !== undefined) draft.skip(`${place} ${trouble}`);
  });
  return {
    format: 'openvex',
    id: idOf(document['@id']) ?? idOf(document.id) ?? '',
    author: proseOf(document.author)?.slice(0, 500) ?? '',
    timestamp,
    statements: draft.statements,
    unread: draft.unread(),
  };
}

interface Around {
  readonly draft: VexDraft;
  /** When the document was issued: what it says without a time was said then. */
  readonly issued: string;
  readonly about: readonly VexComponent[];
  /** How a line on something unread begins. */
  readonly place: string;
}

/** Adds a statement; why it can't be, otherwise. */
function readStatement(json: Json, vulnerabilities: readonly string[], around: Around): string | undefined {
  const { draft, issued, about, place } = around;
  const skip = (line: string): void => draft.skip(`${place} ${line}`);
  const status = statusOf(json.status);
  if (vulnerabilities.length === 0) return 'names no vulnerability';
  if (status === undefined) return 'has no status that is known';
  const products = json.products === undefined ? about.map((one) => productOf(one)) : productsOf(json, skip);
  if (products.length === 0) return 'names no product';
  const justification = status === 'not_affected' ? justificationOf(json, skip) : undefined;
  const reason = proseOf(json.impact_statement);
  // Words on what to do are no reason why nothing has to be done.
  if (lacksReason(status, justification, reason)) return withoutReason;
  const says = reason ?? proseOf(json.action_statement) ?? proseOf(json.status_notes);
  draft.add({
    vulnerabilities,
    status,
    ...(justification ? { justification } : {}),
    ...(says ? { says } : {}),
    products,
    timestamp: newestOf(json.timestamp, json.last_updated) ?? issued,
  });
  return undefined;
}

/** Before 0.2.0 the vulnerability was a text, and there was a list of aliases beside it in some drafts. */
function vulnerabilitiesOf(json: Json): string[] {
  const { vulnerability } = json;
  const beside = asArray(json.aliases) ?? [];
  if (typeof vulnerability === 'string') return each([nameOfAddress(idOf(vulnerability)), ...beside.map(idOf)]);
  const record = asRecord(vulnerability);
  if (!record) return [];
  const aliases = asArray(record.aliases) ?? [];
  return each([idOf(record.name), nameOfAddress(idOf(record['@id'])), ...aliases.map(idOf)]);
}

function justificationOf(json: Json, skip: (line: string) => void): string | undefined {
  const word = idOf(json.justification);
  if (word === undefined || isJustification(word)) return word;
  skip(`has a justification that is not known: ${JSON.stringify(word.slice(0, 60))}`);
  return undefined;
}

function productsOf(json: Json, skip: (line: string) => void): VexProduct[] {
  // The first form had the parts beside the products, for all of them.
  const shared = partsOf(json.subcomponents);
  const products: VexProduct[] = [];
  for (const value of asArray(json.products) ?? []) {
    const component = readComponent(value);
    const own = partsOf(asRecord(value)?.subcomponents);
    const parts = own.named.length > 0 ? own.named : shared.named;
    const unnamed = own.unnamed + shared.unnamed;
    if (!isNamed(component)) skip('has a product without an identifier');
    else if (unnamed > 0) skip(`has ${unnamed} parts of ${component.ids[0] ?? 'a product'} without an identifier`);
    // A product whose parts can't be read is not the product as a whole.
    if (isNamed(component) && (parts.length > 0 || unnamed === 0)) products.push(productOf(component, parts));
  }
  return products;
}

function partsOf(value: unknown): { named: VexComponent[]; unnamed: number } {
  const all = (asArray(value) ?? []).map(readComponent);
  const named = all.filter(isNamed);
  return { named, unnamed: all.length - named.length };
}

/** A component is a text, or an object with `@id`, `identifiers` and `hashes`. */
function readComponent(value: unknown): VexComponent {
  if (typeof value === 'string') return componentOf([idOf(value)], []);
  const json = asRecord(value);
  if (!json) return componentOf([], []);
  const identifiers = asRecord(json.identifiers) ?? {};
  const { purl, cpe23, cpe22 } = identifiers;
  const hashes = Object.entries(asRecord(json.hashes) ?? {}).map(([name, hex]) => hashOf(name, hex));
  return componentOf([idOf(json['@id']), idOf(json.id), ...[purl, cpe23, cpe22].map(idOf)], hashes);
}

/** What an in-toto statement is about: the digests of its subjects, and their names where those are identifiers. */
export function subjectsOf(value: unknown): VexComponent[] {
  return recordsOf(value)
    .map((subject) => {
      const name = idOf(subject.name) ?? '';
      const hashes = Object.entries(asRecord(subject.digest) ?? {}).map(([algorithm, hex]) => hashOf(algorithm, hex));
      // A name such as `app` tells nothing that the digest does not; without a digest only a purl is one.
      return componentOf([name.startsWith('pkg:') ? name : undefined], hashes);
    })
    .filter(isNamed);
}
