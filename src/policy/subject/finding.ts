import type { Finding } from '../../model/finding.ts';
import type { BlameQuadrant } from '../../model/verdict.ts';
import type { CvssView } from './cvss.ts';
import { daysSince } from './days.ts';
import { publishersOf } from './publishers.ts';
import type { Scene } from './scene.ts';

/**
 * A finding that counts, as rules read it. There may be very many, each for a moment only: what most rules read are
 * fields, all else is looked up when it is asked for.
 */
export class FindingView {
  readonly id: string;
  readonly severity: string;
  readonly score: number;
  readonly hasFix: boolean;
  readonly exploited: boolean;
  readonly epss: number;
  readonly risk: number;
  readonly from: string;
  readonly installed: boolean;
  readonly blame: string;
  readonly #finding: Finding;
  readonly #scene: Scene;
  #names: readonly string[] | undefined;
  #publishers: readonly string[] | undefined;
  #disclosed: number | undefined;
  #fixDays: number | undefined;

  /** `blame`: absent without a baseline. */
  constructor(finding: Finding, scene: Scene, blame: BlameQuadrant | undefined) {
    this.id = finding.id;
    this.severity = finding.severity;
    this.score = finding.score ?? 0;
    this.hasFix = finding.fixed.length > 0;
    this.exploited = finding.exploited !== undefined;
    this.epss = finding.epss?.score ?? 0;
    this.risk = finding.risk ?? 0;
    this.from = finding.from;
    this.installed = finding.presence === 'installed';
    this.blame = blame ?? '';
    this.#finding = finding;
    this.#scene = scene;
  }

  get kind(): string {
    return this.#finding.kind;
  }
  get aliases(): readonly string[] {
    return this.#finding.aliases;
  }
  get advisories(): readonly string[] {
    return this.#finding.advisories;
  }
  get severitySource(): string {
    return this.#finding.severitySource;
  }
  get hasScore(): boolean {
    return this.#finding.score !== undefined;
  }
  get vector(): string {
    return this.#finding.vector ?? '';
  }
  get cwes(): readonly string[] {
    return this.#finding.cwes;
  }
  get title(): string {
    return this.#finding.title;
  }
  get disputed(): boolean {
    return this.#finding.disputed ?? false;
  }
  get fixed(): readonly string[] {
    return this.#finding.fixed;
  }
  get fixState(): string {
    return this.#finding.fixState ?? '';
  }
  get wontFix(): boolean {
    return this.#finding.fixState === 'wont-fix';
  }
  get published(): string {
    return this.#finding.published ?? '';
  }
  get kevAdded(): string {
    return this.#finding.exploited?.added ?? '';
  }
  get kevDue(): string {
    return this.#finding.exploited?.due ?? '';
  }
  get ransomware(): boolean {
    return this.#finding.exploited?.ransomware ?? false;
  }
  get epssPercentile(): number {
    return this.#finding.epss?.percentile ?? 0;
  }
  get hasEpss(): boolean {
    return this.#finding.epss !== undefined;
  }
  get presence(): string {
    return this.#finding.presence;
  }
  get layer(): number {
    return this.#finding.layer;
  }
  get paths(): readonly string[] {
    return this.#finding.paths;
  }
  get introduced(): boolean {
    return this.blame === '' || this.blame === 'introduced-known' || this.blame === 'introduced-since';
  }

  get names(): readonly string[] {
    this.#names ??= [this.id, ...this.aliases];
    return this.#names;
  }

  get publishers(): readonly string[] {
    this.#publishers ??= publishersOf(this.advisories);
    return this.#publishers;
  }

  get cvss(): CvssView {
    return this.#scene.cvss(this.vector);
  }

  get daysSinceDisclosure(): number {
    this.#disclosed ??= daysSince(this.#finding.published, this.#scene.today);
    return this.#disclosed;
  }

  /** Where no record that names the fix says when it came out, the flaw's own day is the best that is known. */
  get daysSinceFix(): number {
    const { fixPublished, published } = this.#finding;
    this.#fixDays ??= this.hasFix ? daysSince(fixPublished ?? published, this.#scene.today) : -1;
    return this.#fixDays;
  }

  get daysSinceKev(): number {
    return daysSince(this.#finding.exploited?.added, this.#scene.today);
  }

  get vexStatuses(): readonly string[] {
    return [...new Set(this.#finding.statements?.map(({ status }) => status))].sort();
  }
}
