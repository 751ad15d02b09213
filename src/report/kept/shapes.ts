import { parseDigest } from '../../model/digest.ts';
import type { EvidenceSource, EvidenceVex } from '../../model/evidence.ts';
import type { Answer, Finding, VexNote } from '../../model/finding.ts';
import type { BaseImage } from '../../model/image.ts';
import type { Package, Presence } from '../../model/package.ts';
import { placedKinds } from '../../model/placed-finding.ts';
import type { Problem } from '../../model/problem.ts';
import { severities } from '../../model/severity.ts';
import type { ErrorCode } from '../../util/error.ts';
import { SluiceError } from '../../util/error.ts';
import {
  count,
  flag,
  listOf,
  may,
  moment,
  must,
  number,
  object,
  oneOf,
  type Read,
  text,
  WrongValue,
  yes,
} from './values.ts';

/** `sha256:` and 64 hexadecimal digits. */
export const digest: Read<ReturnType<typeof parseDigest>> = (value) => {
  try {
    return parseDigest(value);
  } catch (thrown) {
    throw thrown instanceof SluiceError ? new WrongValue(thrown.message) : thrown;
  }
};

/** `area/what`. */
const code: Read<ErrorCode> = (value, strict) => {
  const word = text(value, strict);
  if (/^[a-z0-9-]{1,100}\/[a-z0-9-]{1,100}$/.test(word)) return word as ErrorCode;
  throw new WrongValue('must be a code such as data/missing');
};

/** How a package is there. */
export const presence: Read<Presence> = oneOf(['installed', 'declared', 'application']);

const vexFormat = oneOf(['openvex', 'csaf', 'cyclonedx']);
const origin = oneOf(['base', 'own']);

/** Findings of other kinds are read by a shape of their own; a kind that is none is told with all that there are. */
const kind: Read<'vulnerability'> = (value, strict) => {
  oneOf(['vulnerability', ...placedKinds])(value, strict);
  return value as 'vulnerability';
};

/** One package; what says of its origin nothing but its own name and version is its own. */
export const packageShape = object<Omit<Package, 'inside'>>({
  purl: must(text),
  ecosystem: must(text),
  name: must(text),
  version: must(text),
  presence: must(presence),
  origin: may(object({ name: must(text), version: must(text) })),
  paths: must(listOf(text)),
  layer: must(count),
  arch: may(text),
  license: may(text),
  vendor: may(text),
  module: may(text),
  build: may(text),
  dev: may(flag),
  hashes: may(listOf(text)),
  needs: may(listOf(text)),
  ownedBy: may(text),
});

const noteShape = object<VexNote>({
  status: must(oneOf(['not_affected', 'affected', 'fixed', 'under_investigation'])),
  justification: may(text),
  says: may(text),
  timestamp: must(moment),
  author: must(text),
  document: must(text),
  format: must(vexFormat),
  believed: must(flag),
});

/** What speaks against a finding. */
export const answerShape = object<Answer>({
  by: must(oneOf(['owner', 'distribution', 'vex', 'waiver'])),
  because: must(text),
});

/** One finding in a package. */
export const findingShape = object<Finding>({
  kind: must(kind),
  id: must(text),
  aliases: must(listOf(text)),
  advisories: must(listOf(text)),
  severity: must(oneOf(severities)),
  severitySource: must(text),
  score: may(number),
  vector: may(text),
  package: must(text),
  name: must(text),
  version: must(text),
  presence: must(presence),
  fixed: must(listOf(text)),
  fixState: may(oneOf(['wont-fix', 'deferred', 'end-of-life', 'investigating'])),
  layer: must(count),
  from: must(origin),
  paths: must(listOf(text)),
  title: must(text),
  cwes: must(listOf(text)),
  published: may(moment),
  fixPublished: may(moment),
  disputed: may(yes),
  exploited: may(object({ added: must(moment), due: must(moment), ransomware: must(flag) })),
  epss: may(object({ score: must(number), percentile: must(number) })),
  risk: may(number),
  statements: may(listOf(noteShape)),
  answered: may(answerShape),
});

/** One problem. */
export const problemShape = object<Problem>({
  code: must(code),
  message: must(text),
  path: may(text),
  layer: may(count),
  blinding: must(flag),
});

/** One source of advisories. */
export const sourceShape = object<EvidenceSource>({
  ecosystem: must(text),
  origin: must(oneOf(['osv-export', 'starter', 'none', 'feed'])),
  records: must(count),
  newest: must(moment),
  checkedAt: must(moment),
  digest: may(digest),
  failed: may(object({ at: must(moment), message: must(text) })),
});

/** One VEX document. */
export const vexShape = object<EvidenceVex>({
  document: must(text),
  format: must(vexFormat),
  digest: must(digest),
  author: must(text),
  timestamp: must(moment),
  statements: must(count),
  applied: must(count),
  believed: must(flag),
});

/** What an image was built on. */
export const baseShape = object<BaseImage>({
  name: may(text),
  digest: may(digest),
  layers: must(count),
  by: must(oneOf(['flag', 'provenance', 'history'])),
});
