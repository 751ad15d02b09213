import type { AccountFact } from '../../model/collected.ts';
import { type ImageFacts, noFacts } from '../../model/image-facts.ts';
import { BaseView } from './base.ts';
import { claimsDistroless } from './claims.ts';
import { CompletenessView } from './completeness.ts';
import { daysSince } from './days.ts';
import { DistributionView } from './distribution.ts';
import type { FindingView } from './finding.ts';
import { unexposedPorts } from './listening.ts';
import { namedReference } from './named-reference.ts';
import type { PackageView } from './package.ts';
import { ProvenanceView } from './provenance.ts';
import type { Scene } from './scene.ts';
import { portNumber, unservedPorts } from './services.ts';
import { configuredUid } from './uid.ts';

/** The views of other things that an image's fields hold. */
export interface ImageParts {
  packages(): readonly PackageView[];
  findings(): readonly FindingView[];
}

/** What was looked into, as rules read it. Fields are worked out when they are asked for, what costs more once. */
export class ImageView {
  readonly #scene: Scene;
  readonly #facts: ImageFacts;
  readonly #parts: ImageParts;
  readonly #kept = new Map<string, unknown>();

  constructor(scene: Scene, parts: ImageParts) {
    this.#scene = scene;
    this.#facts = scene.evidence.image ?? noFacts;
    this.#parts = parts;
  }

  /** Works a field out once. */
  #once<T>(name: string, make: () => T): T {
    if (!this.#kept.has(name)) this.#kept.set(name, make());
    return this.#kept.get(name) as T;
  }

  get kind(): string {
    return this.#scene.evidence.target.kind;
  }
  get digest(): string {
    return this.#scene.evidence.target.digest ?? '';
  }
  get id(): string {
    return this.#scene.evidence.target.id ?? '';
  }
  get names(): readonly string[] {
    return this.#scene.names;
  }
  get registry(): string {
    return this.#reference()?.registry ?? '';
  }
  get repository(): string {
    return this.#reference()?.repository ?? '';
  }
  get tag(): string {
    return this.#reference()?.tag ?? '';
  }
  #reference() {
    return this.#once('reference', () => namedReference(this.#scene.names[0]));
  }
  get environment(): string {
    return this.#scene.environment;
  }
  get platform(): string {
    return this.#scene.evidence.target.platform ?? '';
  }
  get os(): string {
    return this.platform.split('/')[0] ?? '';
  }
  get architecture(): string {
    return this.platform.split('/')[1] ?? '';
  }
  get variant(): string {
    return this.platform.split('/')[2] ?? '';
  }
  get distribution(): DistributionView {
    return this.#once('distribution', () => new DistributionView(this.#scene.evidence.target, this.#scene.today));
  }
  get user(): string {
    return this.#facts.user;
  }
  get uid(): string {
    const { image, collected } = this.#scene.evidence;
    return this.#once('uid', () => (image ? configuredUid(image.user, collected?.accounts) : ''));
  }
  get userName(): string {
    const name = this.#facts.user.split(':')[0] ?? '';
    return this.#account()?.name ?? (/^[+-]?\d*$/.test(name) ? '' : name);
  }
  get userGroups(): readonly string[] {
    return this.#account()?.groups ?? [];
  }
  #account(): AccountFact | undefined {
    const { accounts = [] } = this.#scene.evidence.collected ?? {};
    const name = this.#facts.user.split(':')[0] ?? '';
    const named = () =>
      accounts.find((one) => one.name === name) ?? accounts.find(({ uid }) => String(uid) === this.uid);
    return this.#once('account', named);
  }
  get root(): boolean {
    return this.uid === '0';
  }
  get entrypoint(): readonly string[] {
    return this.#facts.entrypoint;
  }
  get cmd(): readonly string[] {
    return this.#facts.cmd;
  }
  get workingDir(): string {
    return this.#facts.workingDir;
  }
  get stopSignal(): string {
    return this.#facts.stopSignal;
  }
  get healthcheck(): readonly string[] {
    return this.#facts.healthcheck;
  }
  /** `NONE` switches off the check of the image below. */
  get hasHealthcheck(): boolean {
    const { healthcheck } = this.#facts;
    return healthcheck.length > 0 && healthcheck[0] !== 'NONE';
  }
  get ports(): readonly string[] {
    return this.#facts.ports;
  }
  get portNumbers(): readonly number[] {
    return this.#once('portNumbers', () => this.ports.map(portNumber).filter((port) => port !== undefined));
  }
  get unservedPorts(): readonly number[] {
    return this.#once('unservedPorts', () => unservedPorts(this.#facts, this.#scene.evidence.packages));
  }
  get unexposedPorts(): readonly string[] {
    return this.#once('unexposedPorts', () => unexposedPorts(this.#facts));
  }
  get volumes(): readonly string[] {
    return this.#facts.volumes;
  }
  get env(): ReadonlyMap<string, string> {
    return this.#once(
      'env',
      () => new Map(this.#facts.env.map(({ name, value, secret }) => [name, secret ? '***' : value])),
    );
  }
  get secretEnv(): readonly string[] {
    return this.#once('secretEnv', () => this.#facts.env.filter(({ secret }) => secret).map(({ name }) => name));
  }
  get labels(): ReadonlyMap<string, string> {
    return this.#once('labels', () => new Map(Object.entries(this.#facts.labels)));
  }
  get annotations(): ReadonlyMap<string, string> {
    return this.#once('annotations', () => new Map(Object.entries(this.#facts.annotations)));
  }
  get history(): readonly string[] {
    return this.#once('history', () => this.#facts.history.map(({ text }) => text));
  }
  get distroless(): boolean {
    return this.#once('distroless', () => claimsDistroless(this.#scene.evidence));
  }
  get reproducible(): boolean {
    return this.#facts.timed !== true;
  }
  get created(): string {
    return this.#facts.created;
  }
  get ageDays(): number {
    return daysSince(this.#facts.created, this.#scene.today);
  }
  get size(): number {
    return this.#facts.size;
  }
  get layers(): number {
    return this.#scene.evidence.target.layers.length;
  }
  get layerSizes(): readonly number[] {
    return this.#once('layerSizes', () => this.#scene.evidence.target.layers.map(({ size }) => size));
  }
  get base(): BaseView {
    const { target, collected } = this.#scene.evidence;
    return this.#once('base', () => new BaseView(target.base, collected?.baseTag));
  }
  get packages(): readonly PackageView[] {
    return this.#parts.packages();
  }
  get findings(): readonly FindingView[] {
    return this.#parts.findings();
  }
  get users(): readonly string[] {
    return this.#once('users', () => (this.#scene.evidence.collected?.accounts ?? []).map(({ name }) => name));
  }
  get groups(): readonly string[] {
    const accounts = this.#scene.evidence.collected?.accounts ?? [];
    return this.#once('groups', () => [...new Set(accounts.flatMap(({ groups }) => groups))].sort());
  }
  get problems(): number {
    return this.#scene.evidence.problems.length;
  }
  get blinding(): number {
    return this.#scene.evidence.problems.filter(({ blinding }) => blinding).length;
  }
  get partlyRead(): boolean {
    return this.#scene.evidence.target.layers.some(({ read }) => read !== undefined);
  }
  get sbom(): CompletenessView {
    return this.#once('sbom', () => new CompletenessView(this.#scene.evidence.packages));
  }
  /** Signatures and attestations are not read yet. */
  get signed(): boolean {
    return false;
  }
  get signers(): readonly string[] {
    return [];
  }
  get attestations(): readonly string[] {
    return [];
  }
  get provenance(): ProvenanceView {
    return this.#once('provenance', () => new ProvenanceView());
  }
  get changed(): boolean {
    const { baseline, evidence } = this.#scene;
    if (!baseline) return false;
    const [before, now] = [baseline.target, evidence.target];
    // An image from an archive has no manifest: its configuration is then what both have.
    const byManifest = before.digest !== undefined && now.digest !== undefined;
    return byManifest ? before.digest !== now.digest : before.id !== now.id;
  }
  get hasBaseline(): boolean {
    return this.#scene.baseline !== undefined;
  }
}
