import type { Reference } from '../../model/reference.ts';
import { compilePattern } from '../../util/glob.ts';
import { namedReference } from '../subject/named-reference.ts';
import type { Mapping } from './document.ts';

/** What of an image mappings look at. */
export interface Mapped {
  /** References that it goes by in this run; the first is the one that was asked for. */
  readonly names: readonly string[];
  /** Of its configuration. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The first mapping that fits; undefined when none does. */
export function firstFitting(mappings: readonly Mapping[], image: Mapped, environment: string): Mapping | undefined {
  const references = image.names.map(namedReference).filter((reference) => reference !== undefined);
  return mappings.find((mapping) => fits(mapping, references, image.labels, environment));
}

/** All parts must fit; those that are of a reference must fit the same one. */
function fits(
  { registry, repository, tag, labels, environment }: Mapping,
  references: readonly Reference[],
  given: Readonly<Record<string, string>>,
  called: string,
): boolean {
  if (environment && !(called !== '' && some(environment, called))) return false;
  if (labels && !labels.every(([name, patterns]) => Object.hasOwn(given, name) && some(patterns, given[name] ?? ''))) {
    return false;
  }
  if (!registry && !repository && !tag) return true;
  return references.some(
    (reference) =>
      (!registry || some(registry, reference.registry)) &&
      (!repository || some(repository, reference.repository)) &&
      (!tag || (reference.tag !== undefined && some(tag, reference.tag))),
  );
}

function some(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => compilePattern(pattern)(text));
}
