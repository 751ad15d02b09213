import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { BlameQuadrant } from '../../model/verdict.ts';

/** A secret, a bad setting or another tool's finding that counts, as rules read it: what all kinds have. */
export class PlacedView {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly message: string;
  readonly severity: string;
  readonly controls: readonly string[];
  readonly tool: string;
  readonly where: string;
  readonly path: string;
  readonly name: string;
  readonly line: number;
  readonly layer: number;
  readonly from: string;
  readonly package: string;
  readonly blame: string;

  /** `blame`: absent without a baseline. */
  constructor(finding: PlacedFinding, blame: BlameQuadrant | undefined) {
    const { id, aliases, title, message, severity, controls, tool, place, package: purl } = finding;
    this.id = id;
    this.aliases = aliases;
    this.title = title;
    this.message = message;
    this.severity = severity;
    this.controls = controls;
    this.tool = tool ?? '';
    this.where = place.in;
    this.path = place.path ?? '';
    this.name = place.name ?? '';
    this.line = place.line ?? 0;
    this.layer = place.layer ?? -1;
    this.from = place.from ?? 'own';
    this.package = purl ?? '';
    this.blame = blame ?? '';
  }

  get introduced(): boolean {
    return !this.blame.startsWith('inherited');
  }
}
