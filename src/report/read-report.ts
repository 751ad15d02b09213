import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Package } from '../model/package.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { collectedShape, imageShape } from './kept/facts-shape.ts';
import { isPlaced, licenceShape, lookShape, placedShape } from './kept/placed-shape.ts';
import { isPlainFinding, isPlainPackage, unless } from './kept/quick.ts';
import { findingShape, packageShape, presence, problemShape, sourceShape, vexShape } from './kept/shapes.ts';
import { targetShape } from './kept/target-shape.ts';
import { listOf, may, must, object, type Read, WrongValue } from './kept/values.ts';

/** Largest JSON report that is read, in bytes: those of the largest images have a tenth. */
export const reportLimit = 256 * 1024 * 1024;

/** Most values in it: three bytes of JSON can become a hundred of memory. 100,000 findings have four million. */
const valueLimit = 8_000_000;

const comma = 0x2c;
const openBracket = 0x5b;
const openBrace = 0x7b;

/** What writes a report that can be read here. */
const hint = 'sluice scan TARGET -o json=FILE writes one';

/**
 * Reads a JSON report (`sluice/v1`) back to the evidence that it was written from. What waivers answered counts again: that
 * is for the policy of now to say. @throws SluiceError `report/too-large`, `report/not-json`, `report/schema`, and
 * `report/malformed` with the place as a JSON pointer (RFC 6901)
 */
export function readReport(bytes: Buffer): Evidence {
  if (bytes.length > reportLimit) throw tooLarge(`larger than ${reportLimit} bytes`);
  const value = parse(bytes);
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== 'sluice/v1') {
    const said = typeof schema === 'string' ? `: its schema is ${JSON.stringify(harmless(schema.slice(0, 60)))}` : '';
    throw new SluiceError('report/schema', `it is no JSON report of sluice${said}`, hint);
  }
  return readEvidence(value, false);
}

/** Evidence as reports write it: findings of all kinds in one list. */
interface KeptEvidence extends Omit<Evidence, 'findings' | 'placed'> {
  readonly findings: readonly (Finding | PlacedFinding)[];
}

const inPackage = unless(isPlainFinding, findingShape);
const anyFinding: Read<Finding | PlacedFinding> = (value, strict) =>
  (isPlaced(value) ? placedShape : inPackage)(value, strict);

/** Members of a report that evidence is made of, each read by its own shape. */
const evidenceShape = object<KeptEvidence>({
  target: must(targetShape),
  judged: must(listOf(presence)),
  packages: must(listOf(ownOrigin(unless(isPlainPackage, packageShape)))),
  looked: may(lookShape),
  findings: must(listOf(withoutWaiver(anyFinding))),
  problems: must(listOf(problemShape)),
  sources: must(listOf(sourceShape)),
  vex: may(listOf(vexShape)),
  image: may(imageShape),
  licences: may(listOf(licenceShape)),
  collected: may(collectedShape),
});

/** Evidence from a value; `strict` refuses members that it does not know. @throws WrongValue */
export const readEvidence: Read<Evidence> = (value, strict) => {
  const { target, judged, packages, problems, sources, vex, image, looked, licences, collected, findings } =
    evidenceShape(value, strict);
  const placed = findings.filter((finding) => finding.kind !== 'vulnerability');
  const evidence: Evidence = {
    ...{ target, judged, packages, problems, sources },
    findings: placed.length === 0 ? (findings as readonly Finding[]) : findings.filter(isInPackage),
    ...(vex ? { vex } : {}),
    ...(image ? { image } : {}),
    ...(looked ? { looked } : {}),
    ...(placed.length > 0 ? { placed } : {}),
    ...(licences ? { licences } : {}),
    ...(collected ? { collected } : {}),
  };
  // Without one, no finding would count and everything would pass.
  if (evidence.judged.length === 0) throw new WrongValue('names no presence').below('judged');
  refuseStrangers(packages, findings);
  return evidence;
};

/** What is found in a package that is not listed would be out of sight for rules on packages. */
function refuseStrangers(packages: readonly Package[], findings: readonly (Finding | PlacedFinding)[]): void {
  const listed = new Set(packages.map(({ purl }) => purl));
  findings.forEach((finding, i) => {
    if (!isInPackage(finding) || listed.has(finding.package)) return;
    throw new WrongValue('is none of the packages').below('package').below(i).below('findings');
  });
}

/** Reports write the package itself where it has no other origin. */
function ownOrigin(read: Read<Omit<Package, 'inside'>>): Read<Package> {
  return (value, strict) => {
    const { origin, ...found } = read(value, strict);
    const isOwn = origin === undefined || (origin.name === found.name && origin.version === found.version);
    return isOwn ? found : { ...found, origin };
  };
}

function isInPackage(finding: Finding | PlacedFinding): finding is Finding {
  return finding.kind === 'vulnerability';
}

function withoutWaiver<T extends Finding | PlacedFinding>(read: Read<T>): Read<T> {
  return (value, strict) => {
    const finding = read(value, strict);
    if (finding.answered?.by !== 'waiver') return finding;
    const { answered: _answered, ...counted } = finding;
    return counted as T;
  };
}

/** JSON within the limits. V8 parses without recursion, and all that walks the value goes by shapes: depth can't exhaust a stack. */
function parse(bytes: Buffer): unknown {
  if (valuesAtMost(bytes) > valueLimit) throw tooLarge(`more than ${valueLimit} values`);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    return JSON.parse((hasMark ? bytes.subarray(3) : bytes).toString('utf8')) as unknown;
  } catch (thrown) {
    throw new SluiceError('report/not-json', `it is not JSON: ${harmless(messageOf(thrown)).slice(0, 200)}`, hint);
  }
}

/** No fewer than there are: what stands in texts is counted too. A small report needs no look. */
function valuesAtMost(bytes: Buffer): number {
  if (bytes.length <= valueLimit) return 0;
  let values = 1;
  for (const byte of bytes) if (byte === comma || byte === openBracket || byte === openBrace) values++;
  return values;
}

function tooLarge(why: string): SluiceError {
  return new SluiceError('report/too-large', `the report is too large: ${why}`);
}
