import type { VexStatus } from '../../model/vex.ts';
import { uuidOf } from '../sbom/uuid.ts';

/** What documents of OpenVEX 0.2.0 name as their `@context`. */
const openVexContext = 'https://openvex.dev/ns/v0.2.0';

/** A product or a part of one, as OpenVEX 0.2.0 writes it. */
export interface OpenVexComponent {
  readonly '@id': string;
  readonly identifiers?: { readonly purl: string };
  /** Hexadecimal digits, in lower case. */
  readonly hashes?: { readonly 'sha-256': string };
}

/** A product as OpenVEX 0.2.0 writes it. */
export interface OpenVexProduct extends OpenVexComponent {
  readonly subcomponents?: readonly OpenVexComponent[];
}

/** What is said of a flaw: OpenVEX 0.2.0 wants a reason for `not_affected`, and for `affected` what to do. */
export interface VexDecision {
  readonly status: VexStatus;
  readonly justification?: string;
  readonly impact?: string;
  readonly action?: string;
  /** How it is known, or what is still open. */
  readonly notes?: string;
}

/** One statement before it is written. */
export interface VexClaim extends VexDecision {
  /** The name that the field knows the flaw by, then the others, sorted. */
  readonly names: readonly string[];
  readonly products: readonly OpenVexProduct[];
}

/** A statement as OpenVEX 0.2.0 writes it; without times it has those of its document. */
export interface OpenVexStatement {
  readonly version?: number;
  readonly vulnerability: { readonly name: string; readonly aliases?: readonly string[] };
  readonly timestamp?: string;
  readonly last_updated?: string;
  readonly products: readonly OpenVexProduct[];
  readonly status: VexStatus;
  readonly status_notes?: string;
  readonly justification?: string;
  readonly impact_statement?: string;
  readonly action_statement?: string;
}

/** A document of OpenVEX 0.2.0. */
export interface OpenVexDocument {
  readonly '@context': string;
  readonly '@id': string;
  readonly author: string;
  readonly timestamp: string;
  readonly version: number;
  readonly tooling: string;
  readonly statements: readonly OpenVexStatement[];
}

/** Who writes a document, when (RFC 3339) and with what. */
export interface VexOrigin {
  readonly author: string;
  readonly timestamp: string;
  readonly tooling: string;
}

/** A statement that has the times of its document. */
export function openVexStatement({ names, products, ...decision }: VexClaim): OpenVexStatement {
  const [name = '', ...aliases] = names;
  return { vulnerability: { name, ...(aliases.length === 0 ? {} : { aliases }) }, products, ...said(decision) };
}

/** A new document. Its `@id` stands for what it says: the same claims of the same author at the same time have the same. */
export function openVexDocument(claims: readonly VexClaim[], origin: VexOrigin): OpenVexDocument {
  const { author, timestamp, tooling } = origin;
  const statements = claims.map(openVexStatement);
  return {
    '@context': openVexContext,
    '@id': uuidOf(JSON.stringify(['openvex', author, timestamp, statements])),
    author,
    timestamp,
    version: 1,
    tooling,
    statements,
  };
}

function said({
  status,
  justification,
  impact,
  action,
  notes,
}: VexDecision): Omit<OpenVexStatement, 'vulnerability' | 'products'> {
  return {
    status,
    ...(notes === undefined ? {} : { status_notes: notes }),
    ...(justification === undefined ? {} : { justification }),
    ...(impact === undefined ? {} : { impact_statement: impact }),
    ...(action === undefined ? {} : { action_statement: action }),
  };
}
