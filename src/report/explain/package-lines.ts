import type {
  FindingStory,
  Lookup,
  Outcome,
  PackageStory,
  RecordStory,
  StandingStory,
} from '../../match/explain/contract.ts';
import type { ExplainedProduct } from '../../match/vex/explain.ts';
import type { FixState } from '../../model/advisory.ts';
import { harmless } from '../../util/harmless.ts';
import type { Role } from '../table/style.ts';
import { listed, noFixText } from '../text-fix.ts';
import { noteText, statusText } from '../text-statement.ts';
import { wrap } from '../text-width.ts';
import { sourceText } from './flaw-lines.ts';
import { layerText } from './layer-text.ts';
import { field, type Layout } from './layout.ts';
import type { StoryGroup } from './package-groups.ts';

/** Most places of a package, and most packages of one story, that are shown; the JSON has all. */
const placesShown = 5;
/** Most statements that did not apply that are shown for a package. */
const statementsShown = 10;

const words: Record<Outcome, string> = {
  affected: 'affected',
  answered: 'answered',
  'not-judged': 'not judged',
  undecided: 'undecided',
  'not-affected': 'not affected',
};

const roles: Record<Outcome, Role> = {
  affected: 'alarm',
  answered: 'pass',
  'not-judged': 'warn',
  undecided: 'undecided',
  'not-affected': 'pass',
};

/** All that is told of packages that have one story. `layered`: whether the target has layers to speak of. */
export function packageLines({ story, stories }: StoryGroup, layered: boolean, layout: Layout): string[] {
  const { paint } = layout;
  const word = words[story.outcome];
  const [title = '', ...more] = wrap(harmless(titleOf(stories)), layout.width - word.length - 2);
  return [
    `${paint(roles[story.outcome], word)}  ${paint('name', title)}`,
    ...more.map((line) => ' '.repeat(word.length + 2) + paint('name', line)),
    ...field('Package', shown(stories.map(({ found }) => found.purl)), layout),
    ...field('Found in', placesOf(stories), layout),
    ...field('Layer', layered ? [layerText(story)] : [], layout),
    ...field('Looked up', lookupTexts(stories), layout),
    ...recordLines(story.records, layout),
    ...field('Distro', story.standings.map(standingText), layout),
    ...field('VEX', vexTexts(story), layout),
    ...story.findings.flatMap((finding) => findingLines(finding, layout)),
    ...field('Gate', unjudgedTexts(story), layout),
    '',
  ];
}

/** `libssl3 and openssl 3.0.9-1`; each with its version where they have different ones. */
function titleOf(stories: readonly PackageStory[]): string {
  const versions = new Set(stories.map(({ found }) => found.version));
  const names = stories.map(({ found }) => (versions.size === 1 ? found.name : `${found.name} ${found.version}`));
  const [first, ...others] = [...new Set(names)];
  const more = others.length >= placesShown ? [`${others.length} more`] : others;
  return `${listed([first ?? '', ...more], 'and')}${versions.size === 1 ? ` ${[...versions][0]}` : ''}`;
}

function placesOf(stories: readonly PackageStory[]): string[] {
  const places = stories.flatMap(({ found }) => found.paths);
  const presence = stories[0]?.found.presence;
  const mark =
    presence === 'declared' ? ' (only declared there)' : presence === 'application' ? ' (the application itself)' : '';
  return shown([...new Set(places)]).map((place) => place + mark);
}

function shown(texts: readonly string[]): string[] {
  if (texts.length <= placesShown) return [...texts];
  return [...texts.slice(0, placesShown), `and ${texts.length - placesShown} more: see -o json`];
}

/** What the packages are looked up by: by names of their own, they have all else in common. */
function lookupTexts(stories: readonly PackageStory[]): string[] {
  const [first] = stories;
  const texts = (first?.lookups ?? []).map((lookup, i) => {
    const names = new Set(stories.map(({ lookups }) => lookups[i]?.name ?? ''));
    return lookupText(lookup, listed(shown([...names]), 'and'), first as PackageStory);
  });
  return shown(texts);
}

/** `its source package openssl 3.0.9-1 in Debian:12, by the dpkg order of versions`. */
function lookupText(
  { ecosystem, name, version, order, ordered }: Lookup,
  names: string,
  { found }: PackageStory,
): string {
  const placed = ordered ? `by the ${order} order of versions` : `which the ${order} order of versions can't place`;
  const source = found.origin && found.origin.name === name && (name !== found.name || version !== found.version);
  const what = source ? 'its source package ' : '';
  return `${what}${names} ${version} in ${ecosystem}, ${placed}`;
}

function recordLines(records: readonly RecordStory[], layout: Layout): string[] {
  return records.flatMap((record, i) => {
    const lines = field(i === 0 ? 'Records' : '', [recordText(record), ...fixTexts(record)], layout);
    return withPainted(lines, harmless(record.id), 'name', layout);
  });
}

/** The lines with one word of the first painted, unless there was no room to write it whole. */
function withPainted(lines: readonly string[], word: string, role: Role, { paint }: Layout): string[] {
  const [first = '', ...rest] = lines;
  return [first.replace(word, () => paint(role, word)), ...rest];
}

function recordText(record: RecordStory): string {
  const { id, relation, upstream, outcome, because } = record;
  const others = relation === 'for' && upstream.length > 1 ? `, which is about ${upstream.length} flaws` : '';
  const word = outcome === 'undecided' ? 'can not be decided' : words[outcome];
  return `${id}${others}: ${word}, ${because.join('; ')}`;
}

/** What a record says of fixes that its reasons don't: where the flaw is in the code, and what the distribution will do. */
function fixTexts({ outcome, fixed, fixState, imports }: RecordStory): string[] {
  if (outcome !== 'affected') return [];
  const where = imports.slice(0, placesShown).map(({ path, symbols }) => {
    return symbols.length === 0
      ? path
      : `${path} (${symbols.slice(0, placesShown).join(', ')}${symbols.length > placesShown ? ' …' : ''})`;
  });
  return [
    ...(fixed.length === 0 && fixState !== undefined ? [`  ${noFixText(fixState)}`] : []),
    ...(where.length === 0 ? [] : [`  in ${listed(where, 'and')}`]),
  ];
}

const states: Record<FixState | 'not-affected', string> = {
  'wont-fix': "it won't fix it",
  deferred: 'a fix is put off',
  'end-of-life': 'the release gets no more fixes',
  investigating: 'it is looking into it',
  'not-affected': 'its package never had the flaw',
};

function standingText({ ecosystem, name, state, severity, note }: StandingStory): string {
  const says = [
    ...(state === undefined ? [] : [states[state]]),
    ...(severity === undefined ? [] : [`its rating is ${severity}`]),
  ];
  const why = note === undefined || note === '' ? '' : `: ${note}`;
  return `${ecosystem} says of ${name}: ${says.length === 0 ? 'nothing more' : says.join(', ')}${why}`;
}

/** What statements say of the findings, and why others did not apply. */
function vexTexts({ findings, vex }: PackageStory): string[] {
  const notes = findings.flatMap(({ finding }) => finding.statements ?? []);
  const said = notes.flatMap((note) => {
    const row = vex.find((one) => one.fits && one.document === note.document && one.statement.status === note.status);
    return [`${noteText(note)}${note.believed ? '' : ' (not believed)'}`, ...(row ? [`  ${row.why}`] : [])];
  });
  const told = new Set(notes.map(({ document, status }) => `${status} ${document}`));
  const others = vex
    .filter(({ fits, document, statement }) => !fits || !told.has(`${statement.status} ${document}`))
    .map(unappliedText);
  const left = others.length - statementsShown;
  return [
    ...new Set(said),
    ...others.slice(0, statementsShown),
    ...(left > 0 ? [`and ${left} more that do not decide: see -o json`] : []),
  ];
}

/** A statement that names the flaw and does not decide here. */
export function unappliedText({ document, number, statement, effect, why }: ExplainedProduct): string {
  const what = effect === 'no-match' ? 'does not apply' : effect === 'overruled' ? 'is overruled' : effects[effect];
  return `statement ${number} of ${document} (${statusText(statement.status)}) ${what}: ${why}`;
}

const effects: Record<ExplainedProduct['effect'], string> = {
  decides: 'decides',
  overruled: 'is overruled',
  'not-believed': 'is not believed',
  'no-match': 'does not apply',
  'already-answered': 'has nothing left to answer',
};

function findingLines({ finding, severityBy, risk, gate }: FindingStory, layout: Layout): string[] {
  const { id, severity, severitySource, score, fixed, fixState, answered } = finding;
  const by = whoseWord(severitySource, severityBy);
  const rated =
    severitySource === 'none'
      ? `${id}: nobody has said how bad it is`
      : `${id}: ${severity}${score === undefined ? '' : ` ${score.toFixed(1)}`}${by}`;
  const fix = fixed.length === 0 ? noFixText(fixState) : `update to ${listed(fixed, 'or')}`;
  return [
    ...withPainted(field('Finding', [rated], layout), severity, severity, layout),
    ...field('Fix', [fix], layout, fixed.length === 0 ? 'aside' : 'fix'),
    ...field('Risk', riskTexts(finding.risk, risk), layout),
    ...field('Answered', answered ? [`by ${answerers[answered.by]}: ${answered.because}`] : [], layout),
    ...withPainted(
      field('Gate', [answered ? 'it does not count' : gateText(gate)], layout),
      gate.decision,
      gate.decision,
      layout,
    ),
  ];
}

const answerers = {
  owner: 'the package that owns its files',
  distribution: 'the distribution',
  vex: 'VEX',
  waiver: 'a waiver',
} as const;

/** The figure first, then how it is made up. */
function riskTexts(risk: number | undefined, steps: readonly string[]): string[] {
  return risk === undefined ? [] : [`${risk.toFixed(1)} of 100`, ...steps.map((step) => `  ${step}`)];
}

function whoseWord(source: string, records: readonly string[]): string {
  if (source === 'distribution') return ', as its distribution rates it';
  return records.length > 0 ? `, ${sourceText(source)} ${listed(records, 'and')}` : ` (${source})`;
}

function gateText({ counts, decision, rule, because }: FindingStory['gate']): string {
  if (!counts) return `it does not count: ${because}`;
  return rule === undefined ? `${decision}: ${because}` : `${decision} by the rule ${rule}: ${because}`;
}

/** What the gate makes of a package that has no finding to say so. */
function unjudgedTexts({ judged, findings, found, outcome, records }: PackageStory): string[] {
  if (findings.length > 0) return [];
  if (judged && outcome !== 'undecided') return [];
  if (judged && records.length === 0) return ['it does not know of the flaw: no advisory for the package speaks of it'];
  if (judged) return ['undecided: whether the package has the flaw can not be told'];
  return [`nothing is judged of it: it is ${found.presence === 'declared' ? 'only declared' : found.presence}`];
}
