import { BodyRequests, collector } from '../../catalog/body-pass.ts';
import { seenEntries } from '../../catalog/collect/entries.ts';
import type { ConfigurationRule } from '../../configuration/contract.ts';
import type { DocumentText } from '../../configuration/inputs.ts';
import { claims, documentLimit } from '../../detect/documents/paths.ts';
import { redactDocument } from '../../detect/documents/redact.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { compileGlob } from '../../util/glob.ts';
import type { LookedInto } from './contract.ts';
import { shownPath } from './places.ts';

/** Most files that the user's rules may ask for beside those that are kept. */
const mostAsked = 1000;

/**
 * The configuration files that the user's rules ask for and that are not among those that surveys keep: for these the layers
 * are read again. @throws SluiceError when a layer can't be read
 */
export async function askedDocuments(
  rules: readonly ConfigurationRule[],
  { surveys, places, owners, readBodies }: LookedInto,
): Promise<{ readonly documents: readonly DocumentText[]; readonly problems: readonly Problem[] }> {
  const globs = [...new Set(rules.flatMap(({ documents }) => documents?.paths ?? []))];
  if (globs.length === 0) return { documents: [], problems: [] };
  const matchers = globs.map((glob) => compileGlob(glob));
  const { standing, baseLayers, folder } = places;
  const asked = seenEntries(standing.tree, surveys).filter(
    ({ kind, path }) => kind === 'file' && !claims(path) && matchers.some((matches) => matches(`/${path}`)),
  );
  const problems: Problem[] = [];
  if (asked.length > mostAsked)
    problems.push(
      warning('rules/documents', `rules ask for more than ${mostAsked} configuration files: narrow their paths`),
    );
  const documents: DocumentText[] = [];
  const bodies = new BodyRequests();
  for (const entry of asked.slice(0, mostAsked)) {
    const { path, layer, size } = entry;
    const shown = shownPath(path, folder);
    if (size > documentLimit) {
      problems.push(warning('rules/document', `this configuration file is larger than ${documentLimit} bytes`, shown));
      continue;
    }
    const from = folder ? {} : { layer, from: layer < baseLayers ? ('base' as const) : ('own' as const) };
    const owner = owners.of({ path, kind: 'file' });
    const about = { path: shown, ...from, ...(owner === undefined ? {} : { owner }) };
    const take = (bytes: Buffer): void => {
      if (!bytes.includes(0)) documents.push({ ...about, text: redactDocument(path, bytes.toString('utf8'), []) });
    };
    if (size === 0) take(Buffer.alloc(0));
    else bodies.add({ ...entry, kind: 'file' }, collector(documentLimit, take));
  }
  if (bodies.byLayer.size > 0) await readBodies(bodies.byLayer);
  return { documents, problems };
}
