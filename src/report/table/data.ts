import { shortDigest } from '../../model/digest.ts';
import type { Evidence, EvidenceSource, EvidenceVex } from '../../model/evidence.ts';
import { minuteText } from '../../policy/minute.ts';
import { harmless } from '../../util/harmless.ts';
import { count, listed } from '../text-fix.ts';
import { clip } from '../text-width.ts';
import { flow, hanging } from './hanging.ts';
import type { Paint } from './style.ts';

/** Columns of the word that a section begins with. */
const indent = 6;

/** An update of all takes no longer than this, in milliseconds: what was asked for in it is of one time. */
const oneUpdateMs = 30 * 60_000;

/** Most VEX documents that are named; those that were of use come first. */
const documentsShown = 12;

/** The data that the verdict rests on: which it was, by its digest, and when it was last known current. */
export function dataLines({ sources, vex = [] }: Evidence, width: number, paint: Paint): string[] {
  const columns = Math.max(20, width - indent);
  const whole = sources.filter(({ origin }) => origin === 'osv-export');
  const feeds = sources.filter(({ origin }) => origin === 'feed');
  const missing = sources.filter(({ origin }) => origin === 'none');
  const lines = [
    ...starterLines(sources, width, paint),
    ...(missing.length === 0
      ? []
      : hanging(paint('warn', 'Data  '), indent, harmless(`there is none for ${names(missing)}`), width)),
    ...section('Data', byUpdate([...whole, ...feeds]), columns, paint),
    ...section('VEX', vex.length === 0 ? [] : [documentTexts(vex)], columns, paint),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

/** Each group of texts on lines of its own. */
function section(word: string, groups: readonly (readonly string[])[], columns: number, paint: Paint): string[] {
  const lines = groups.flatMap((texts) => flow(texts.map(harmless), columns));
  return lines.map((line, i) => (i === 0 ? paint('aside', word.padEnd(indent)) : ' '.repeat(indent)) + line);
}

function names(sources: readonly EvidenceSource[]): string {
  return listed(
    sources.map(({ ecosystem }) => ecosystem),
    'and',
  );
}

function starterLines(sources: readonly EvidenceSource[], width: number, paint: Paint): string[] {
  const starter = sources.filter((source) => source.origin === 'starter');
  if (starter.length === 0) return [];
  const records = starter.reduce((sum, source) => sum + source.records, 0);
  const text = `${names(starter)}: only the starter set that is built into sluice, ${count(records, 'record')} on a few famous vulnerabilities. It can show that an image is bad, never that it is good.`;
  return hanging(paint('warn', 'Data  '), indent, harmless(text), width);
}

/** Sources of one update stand together, behind the time since when none of them was looked after again. */
function byUpdate(sources: readonly EvidenceSource[]): string[][] {
  const groups: { readonly first: number; oldest: string; readonly texts: string[] }[] = [];
  for (const source of sources) {
    const time = Date.parse(source.checkedAt);
    const text = (source.origin === 'feed' ? feedText : sourceText)(source);
    const group = groups.find(
      ({ first }) => Math.abs(first - time) < oneUpdateMs || (Number.isNaN(first) && Number.isNaN(time)),
    );
    if (!group) groups.push({ first: time, oldest: source.checkedAt, texts: [text] });
    else {
      group.texts.push(text);
      if (source.checkedAt < group.oldest) group.oldest = source.checkedAt;
    }
  }
  return groups.map(({ oldest, texts: [first = '', ...more] }) => {
    const minute = minuteText(oldest);
    return [`${minute === '' ? 'not known when current' : `current ${minute}`}: ${first}`, ...more];
  });
}

function sourceText(source: EvidenceSource): string {
  const digest = source.digest === undefined ? '' : ` ${shortDigest(source.digest)}`;
  return `${source.ecosystem} ${count(source.records, 'record')}${digest}${failedText(source)}`;
}

/** A feed goes by the day that it gives itself. */
function feedText(feed: EvidenceSource): string {
  const day = feed.newest.slice(0, 10) || (feed.digest === undefined ? '' : shortDigest(feed.digest));
  return `${feed.ecosystem} ${day}`.trimEnd() + failedText(feed);
}

function failedText({ failed }: EvidenceSource): string {
  return failed ? ' (update failed)' : '';
}

function documentTexts(vex: readonly EvidenceVex[]): string[] {
  const useful = [...vex.filter(({ applied }) => applied > 0), ...vex.filter(({ applied }) => applied === 0)];
  const more = useful.length - documentsShown;
  const texts = useful.slice(0, documentsShown).map(documentText);
  return more > 0 ? [...texts, `and ${count(more, 'more document')}: -o json names all`] : texts;
}

function documentText({ document, digest, statements, applied, believed }: EvidenceVex): string {
  const about = applied === 0 ? 'none about a finding' : `${applied} about ${applied === 1 ? 'a finding' : 'findings'}`;
  const trust = believed ? '' : ', not believed';
  return `${clip(document, 60)} ${shortDigest(digest)}: ${count(statements, 'statement')}, ${about}${trust}`;
}
