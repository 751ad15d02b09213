import type { ExplainedProduct } from '../../match/vex/explain.ts';
import type { EvidenceTarget, EvidenceVex } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { VexStatement } from '../../model/vex.ts';

/** What VEX documents come to for a target. */
export interface VexExplanation {
  readonly target: EvidenceTarget;
  /** The flaw that was asked for; absent: all. */
  readonly asked?: string;
  readonly documents: readonly ExplainedDocument[];
  /** Those that go by the name that was asked for, else those that a statement names. */
  readonly findings: readonly ExplainedFinding[];
  /** Statements whose flaw nothing in the target has. */
  readonly idle: readonly IdleStatement[];
  /** What the user may have missed, a sentence each. */
  readonly remarks: readonly string[];
}

/** A document, and what was made of it. */
export interface ExplainedDocument extends EvidenceVex {
  /** Its file's name, without a folder. */
  readonly file: string;
  /** What of it could not be read, one line each. */
  readonly unread: readonly string[];
}

/** A finding, and what each statement that names its flaw does to it. */
export interface ExplainedFinding {
  /** With what VEX says of it. */
  readonly finding: Finding;
  /** The newest first. */
  readonly statements: readonly ExplainedStatement[];
}

/** A statement that names the flaw of a finding: one row a product, the nearest first; never without one. */
export type ExplainedStatement = readonly [ExplainedProduct, ...ExplainedProduct[]];

/** A statement on a flaw that nothing in the target has. */
export interface IdleStatement {
  /** The document's own id, else its file's name. */
  readonly document: string;
  readonly file: string;
  /** Which statement of its document it is, from 1. */
  readonly number: number;
  readonly statement: VexStatement;
}
