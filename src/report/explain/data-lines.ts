import { baseOf } from '../../advisory/names.ts';
import type { Explanation, Looked } from '../../match/explain/contract.ts';
import { shortDigest } from '../../model/digest.ts';
import type { EvidenceSource } from '../../model/evidence.ts';
import { count, listed } from '../text-fix.ts';
import { field, type Layout } from './layout.ts';

/** Most problems that are told. */
const problemsShown = 5;

/** What was looked at, with which data, and what may be hidden from it. */
export function dataLines(explanation: Explanation, layout: Layout): string[] {
  const { looked, snapshot, blinding, related, packages } = explanation;
  const problems = blinding
    .slice(0, problemsShown)
    .map(({ path, message }) => (path ? `${path}: ${message}` : message));
  const more = blinding.length - problems.length;
  if (more > 0) problems.push(`and ${more} more: see sluice scan`);
  return [
    ...field(
      'Related',
      related.length === 0
        ? []
        : [`${listed(related, 'and')} only ${related.length === 1 ? 'names' : 'name'} it as related`],
      layout,
    ),
    ...field('Looked at', packages.length === 0 ? looked.map(lookedText) : [], layout),
    ...field('Data', sourceTexts(explanation), layout),
    ...field('Snapshot', snapshot === undefined ? [] : [snapshot], layout),
    ...field('Unread', problems, layout, 'alarm'),
  ];
}

function lookedText({ kind, ecosystem, packages, names, known }: Looked): string {
  const what = count(packages, `${kind} package`);
  if (ecosystem === undefined) return `${what}: nobody publishes advisories for them`;
  return `${what} in ${ecosystem}, by ${count(names, 'name')}, of which ${known} ${known === 1 ? 'has' : 'have'} any advisory`;
}

/** The sources that speak of the flaw's packages, and the feeds; all of them where nothing speaks of it. */
function sourceTexts({ sources, packages }: Explanation): string[] {
  const bases = new Set(packages.flatMap(({ lookups }) => lookups.map(({ ecosystem }) => baseOf(ecosystem))));
  const missing = sources.filter(({ origin }) => origin === 'none').map(({ ecosystem }) => ecosystem);
  const there = sources.filter(({ origin }) => origin !== 'none');
  const told = there.filter(({ ecosystem, origin }) => origin === 'feed' || bases.size === 0 || bases.has(ecosystem));
  const more = there.length - told.length;
  return [
    ...told.map(sourceText),
    ...(more === 0 ? [] : [`and ${count(more, 'source')} more, which ${more === 1 ? 'does' : 'do'} not speak of it`]),
    ...(missing.length === 0 ? [] : [`there is none for ${listed(missing, 'and')}`]),
  ];
}

function sourceText({ ecosystem, origin, records, newest, checkedAt, digest, failed }: EvidenceSource): string {
  const what = origin === 'starter' ? 'the built-in starter set alone, ' : '';
  const parts = [
    `${ecosystem}: ${what}${count(records, origin === 'feed' ? 'entry' : 'record', origin === 'feed' ? 'entries' : 'records')}`,
    ...(newest === '' ? [] : [`newest of ${newest.slice(0, 10)}`]),
    ...(checkedAt === '' ? [] : [`last known current ${checkedAt.slice(0, 16).replace('T', ' ')}`]),
    ...(digest === undefined ? [] : [shortDigest(digest)]),
    ...(failed ? [`its last update failed (${failed.at.slice(0, 16).replace('T', ' ')}): ${failed.message}`] : []),
  ];
  return parts.join(', ');
}
