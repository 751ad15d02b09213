import type { Evidence, EvidenceSource } from '../../model/evidence.ts';
import type { LicenceClass } from '../../model/placed-finding.ts';
import { compareText } from '../../util/compare-text.ts';
import { someOf } from '../../util/some-of.ts';
import { licencesOf } from '../licences/listed.ts';
import { count } from '../text-fix.ts';
import { lookedText } from '../text-looked.ts';
import { partlyReadText } from '../text-partly-read.ts';
import { code, prose } from './escape.ts';
import type { Section } from './section.ts';

/** Most packages of one licence that are named. */
const packagesNamed = 6;

/** What could not be read, was not looked for, or has no data: what blinds the gate first. */
export function unseenSection(evidence: Evidence): Section {
  const { problems, sources, target } = evidence;
  const blinding = problems.filter((problem) => problem.blinding);
  const others = problems.filter((problem) => !problem.blinding);
  const rows = [...blinding, ...others].map(({ code: id, message, path, layer, blinding: blinds }) => {
    const where = [...(path === undefined ? [] : [code(path)]), ...(layer === undefined ? [] : [`layer ${layer}`])];
    return [blinds ? 'blinding' : 'partly', where.join(' · '), prose(message), code(id)];
  });
  const notes: string[][] = sources.flatMap(dataRows);
  const partly = partlyReadText(target);
  if (partly !== undefined) notes.push(['partly read', '', prose(partly), '']);
  const looked = lookedText(evidence);
  if (looked !== undefined) notes.push(['not looked for', '', prose(looked), '']);
  return {
    title: `What could not be seen: ${count(rows.length + notes.length, 'note')}${blinding.length > 0 ? `, ${blinding.length} of them blinding` : ''}`,
    columns: ['how', 'where', 'what', 'code'],
    // The notes are few: no number of problems is to push them out.
    rows: [...rows.slice(0, blinding.length), ...notes, ...rows.slice(blinding.length)],
    weight: 3,
  };
}

function dataRows({ ecosystem, origin, records, failed }: EvidenceSource): string[][] {
  const rows: string[][] = [];
  if (origin === 'none') rows.push(['no data', prose(ecosystem), 'there is no data for it', '']);
  if (origin === 'starter') {
    const set = `only the starter set that is built into sluice, ${count(records, 'record')}`;
    rows.push(['little data', prose(ecosystem), `${set}: it can show that an image is bad, never that it is good`, '']);
  }
  if (failed) rows.push(['old data', prose(ecosystem), `its last update failed: ${prose(failed.message)}`, '']);
  return rows;
}

/** The strictest first; what is unknown may be as strict. */
const classes: readonly LicenceClass[] = ['forbidden', 'restricted', 'unknown', 'reciprocal', 'notice', 'permitted'];

/** Licences, the strictest first, each once with the packages and files that are under it. */
export function licenceSection(evidence: Evidence): Section {
  const byLicence = new Map<
    string,
    { readonly of: LicenceClass; readonly expression: string; readonly names: Set<string> }
  >();
  for (const { class: of, expression, name, package: purl, path } of licencesOf(evidence)) {
    const key = `${of}\0${expression}`;
    const found = byLicence.get(key) ?? { of, expression, names: new Set() };
    found.names.add(name ?? purl ?? path ?? '');
    byLicence.set(key, found);
  }
  const all = [...byLicence.values()].sort(
    (a, b) =>
      classes.indexOf(a.of) - classes.indexOf(b.of) ||
      b.names.size - a.names.size ||
      compareText(a.expression, b.expression),
  );
  return {
    title: `Licences: ${count(all.length, 'licence')}`,
    columns: ['class', 'licence', 'number', 'packages and files'],
    rows: all.map(({ of, expression, names }) => [
      of,
      licenceText(expression),
      String(names.size),
      code(someOf([...names].sort(compareText), packagesNamed), 240),
    ]),
  };
}

function licenceText(expression: string): string {
  if (expression === 'NONE') return 'none is stated';
  return expression === 'NOASSERTION' ? 'of words that are not known' : code(expression);
}
