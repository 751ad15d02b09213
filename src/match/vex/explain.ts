import type { EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { GivenVex, VexProduct, VexStatement } from '../../model/vex.ts';
import { someOf } from '../../util/some-of.ts';
import { type Decision, decide, isAnswer } from './decision.ts';
import { applies } from './fits.ts';
import { nameOf } from './fits-package.ts';
import { cvesOf, namesOf, otherFlaw } from './same-flaw.ts';
import { type Scene, sceneOf } from './scene.ts';
import { documentName, eachOnce, type Said, Statements } from './statements.ts';
import { comparableName, type Fit } from './terms.ts';

/**
 * What a statement does to a finding: `decides` (it answers it, or it holds an older answer back), `overruled` (a newer
 * or more careful one decides), `not-believed` (it is only shown), `no-match` (it is about something else),
 * `already-answered` (the owner or the distribution answered before any VEX did).
 */
export type VexEffect = 'decides' | 'overruled' | 'not-believed' | 'no-match' | 'already-answered';

/** Why one product of a statement that names the flaw did or did not apply to one finding. */
export interface ExplainedProduct {
  /** The document's own id, else its file's name. */
  readonly document: string;
  readonly file: string;
  readonly format: GivenVex['document']['format'];
  readonly author: string;
  readonly believed: boolean;
  readonly statement: VexStatement;
  /** Which statement of its document it is, from 1. */
  readonly number: number;
  /** The product and its part, as the document names them; empty when the statement names none. */
  readonly product: string;
  /** The flaw's name and the package's purl; empty when nothing in the target has the flaw. */
  readonly finding: string;
  readonly package: string;
  readonly fits: boolean;
  /** One sentence: how it fits, or why not. */
  readonly why: string;
  readonly effect: VexEffect;
  /** How many products of the same statement fit this finding even less and are left out. */
  readonly others: number;
}

/** Products of one statement that are shown for one finding: the nearest. */
const productLimit = 10;
/** Most flaws of an erratum that are named. */
const namesShown = 5;
/** Most rows of one explanation. */
const rowLimit = 5_000;

/**
 * Every statement that names the flaw, and for each of its products why it did or did not apply to each package that has
 * the flaw: findings in their order, newest statement first, nearest product first. `findings` are those before or after
 * `applyVex`. Where nothing in the target has the flaw, the statements alone.
 */
export function explainVex(
  id: string,
  findings: readonly Finding[],
  packages: readonly Package[],
  target: EvidenceTarget,
  given: readonly GivenVex[],
  names: readonly string[] = [],
): ExplainedProduct[] {
  const statements = new Statements(eachOnce(given));
  const scene = sceneOf(target, packages, names);
  const wanted = comparableName(id);
  const concerned = findings.filter((finding) => namesOf(finding).some((name) => comparableName(name) === wanted));
  if (concerned.length === 0) return statements.about([id]).slice(0, rowLimit).map(withoutFinding);
  const rows: ExplainedProduct[] = [];
  for (const finding of concerned) {
    const decision = decide(finding, statements.on(finding, scene));
    for (const said of statements.about(namesOf(finding))) {
      if (rows.length >= rowLimit) return rows.slice(0, rowLimit);
      rows.push(...explained(said, finding, decision, scene));
    }
  }
  return rows.slice(0, rowLimit);
}

function withoutFinding(said: Said): ExplainedProduct {
  const [product] = said.statement.products;
  const others = Math.max(0, said.statement.products.length - 1);
  const why = 'nothing in the target has the flaw';
  return { ...rowOf(said, product), finding: '', package: '', fits: false, why, effect: 'no-match', others };
}

function explained(said: Said, finding: Finding, decision: Decision, scene: Scene): ExplainedProduct[] {
  const { products } = said.statement;
  const place = { finding: finding.id, package: finding.package };
  if (products.length === 0) {
    const why = 'the statement names no product, and its document does not say what it is about';
    return [{ ...rowOf(said, undefined), ...place, fits: false, why, effect: 'no-match', others: 0 }];
  }
  const other = otherFlaw(said.cves, cvesOf(namesOf(finding)));
  if (other !== undefined) {
    const why = `it names ${other}, which is another flaw than ${cvesOf(namesOf(finding))[0]}`;
    const others = products.length - 1;
    return [{ ...rowOf(said, products[0]), ...place, fits: false, why, effect: 'no-match', others }];
  }
  const looked = products.map((product) => ({ product, fit: applies(said.statement, product, finding, scene) }));
  looked.sort((a, b) => nearness(b.fit) - nearness(a.fit));
  const shown = looked.slice(0, productLimit);
  return shown.map(({ product, fit }, index): ExplainedProduct => {
    const effect = fit.fits ? effectOf(said, finding, decision) : 'no-match';
    const why = fit.fits ? `${fit.how}; ${outcome(said, finding, decision, effect)}` : fit.why;
    const others = index === shown.length - 1 ? looked.length - shown.length : 0;
    return { ...rowOf(said, product), ...place, fits: fit.fits, why, effect, others };
  });
}

function nearness(fit: Fit): number {
  return fit.fits ? Number.POSITIVE_INFINITY : fit.near;
}

function effectOf(said: Said, { answered }: Finding, { deciders }: Decision): VexEffect {
  if (!said.given.believed) return 'not-believed';
  if (!deciders.has(said)) return 'overruled';
  return answered === undefined || answered.by === 'vex' ? 'decides' : 'already-answered';
}

/** What comes of a statement that applies. */
function outcome(said: Said, { answered }: Finding, decision: Decision, effect: VexEffect): string {
  switch (effect) {
    case 'not-believed':
      return 'it comes from the image itself and is only shown';
    case 'overruled':
      if (decision.unplaced.has(said))
        return 'the erratum is for several flaws, of which it names none as the erratum does';
      return `${overrulingOf(said, decision)} decides`;
    case 'already-answered':
      return `the finding is answered already, by the ${answered?.by}`;
    default:
      if (!isAnswer(said)) return `${said.statement.status} answers nothing`;
      return decision.answers
        ? 'it answers the finding'
        : `it answers a part, and ${someOf(decision.open, namesShown)} stays open`;
  }
}

function overrulingOf({ statement }: Said, { deciders }: Decision): string {
  const names = new Set(statement.vulnerabilities);
  const decides = [...deciders].find((one) => one.statement.vulnerabilities.some((name) => names.has(name)));
  if (decides === undefined) return 'another statement';
  const { status, timestamp } = decides.statement;
  const document = documentName(decides.given);
  const when = timestamp === '' ? '' : ` of ${timestamp.slice(0, 10)}`;
  if (timestamp !== statement.timestamp) return `the newer ${status} in ${document}${when}`;
  if (status === statement.status) return `the same word of the same time in ${document}${when}`;
  return `${status}, of the same time and more careful, in ${document}${when}`;
}

function rowOf({ given, statement, number }: Said, product: VexProduct | undefined) {
  const { format, author } = given.document;
  return {
    document: documentName(given),
    file: given.name,
    format,
    author,
    believed: given.believed,
    statement,
    number,
    product: product === undefined ? '' : productText(product),
  };
}

/** `pkg:oci/app@sha256:… with pkg:deb/debian/openssl and 3 more`. */
function productText(product: VexProduct): string {
  const [part, ...others] = product.subcomponents;
  if (part === undefined) return nameOf(product);
  return `${nameOf(product)} with ${nameOf(part)}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
