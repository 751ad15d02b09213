import {
  type LicenceFact,
  licenceClasses,
  lookKinds,
  type Place,
  type PlacedFinding,
  placedKinds,
  type SecretFacts,
} from '../../model/placed-finding.ts';
import { severities } from '../../model/severity.ts';
import { answerShape } from './shapes.ts';
import {
  count,
  listOf,
  may,
  moment,
  must,
  number,
  object,
  oneOf,
  type Read,
  recordOf,
  text,
  WrongValue,
} from './values.ts';

const whose = oneOf(['base', 'own']);

/** What was looked for. */
export const lookShape = listOf(oneOf(lookKinds));

/** Lines and columns begin at 1. */
const position: Read<number> = (value, strict) => {
  const number = count(value, strict);
  if (number > 0) return number;
  throw new WrongValue('must be a whole number from 1');
};

/** What something is told from others by. */
const name: Read<string> = (value, strict) => {
  const given = text(value, strict);
  if (given !== '') return given;
  throw new WrongValue('must not be empty');
};

const placeShape = object<Place>({
  in: must(
    oneOf([
      ...(['file', 'environment', 'label', 'annotation', 'history', 'configuration'] as const),
      ...(['dockerfile', 'commit', 'package'] as const),
    ]),
  ),
  path: may(text),
  name: may(text),
  line: may(position),
  column: may(position),
  endLine: may(position),
  endColumn: may(position),
  step: may(count),
  layer: may(count),
  removedIn: may(count),
  from: may(whose),
  commit: may(text),
  cause: may(object({ path: must(text), line: must(position) })),
});

const score: Read<number> = (value, strict) => {
  const number = count(value, strict);
  if (number <= 100) return number;
  throw new WrongValue('must be a whole number from 0 to 100');
};

const keptSecret = object<SecretFacts>({
  shown: must(text),
  score: must(score),
  notes: must(listOf(text)),
  expires: may(moment),
  value: may(text),
});

/** What a report was asked to show is not carried on into others. */
const secretShape: Read<SecretFacts> = (value, strict) => {
  const facts = keptSecret(value, strict);
  if (facts.value === undefined) return facts;
  const { value: _value, ...redacted } = facts;
  return redacted;
};

/** As reports write it: of no version is it said that it fixes it. */
interface KeptPlaced extends PlacedFinding {
  readonly fixed?: readonly string[];
}

const keptPlaced = object<KeptPlaced>({
  kind: must(oneOf(placedKinds)),
  id: must(text),
  aliases: must(listOf(text)),
  severity: must(oneOf(severities)),
  title: must(text),
  message: must(text),
  why: must(text),
  fix: must(text),
  fixed: may(listOf(text)),
  links: must(listOf(text)),
  controls: must(listOf(text)),
  place: must(placeShape),
  also: may(listOf(placeShape)),
  fingerprint: must(name),
  secret: may(secretShape),
  package: may(text),
  tool: may(text),
  answered: may(answerShape),
});

/** A secret, a bad setting or another tool's finding. */
export const placedShape: Read<PlacedFinding> = (value, strict) => {
  const { fixed: _fixed, ...finding } = keptPlaced(value, strict);
  return finding;
};

/** Whether a finding of a report is one in a place; what has another kind is read, and refused, as one in a package. */
export function isPlaced(value: unknown): boolean {
  const { kind } = recordOf(value);
  return placedKinds.some((one) => one === kind);
}

/** A licence that holds for something. */
export const licenceShape = object<LicenceFact>({
  expression: must(text),
  stated: may(text),
  class: must(oneOf(licenceClasses)),
  package: may(text),
  path: may(text),
  likeness: may(number),
  layer: must(count),
  from: must(whose),
});
