import type { LicenceFact, Place, PlacedFinding, SecretFacts } from '../../model/placed-finding.ts';

/** A secret, a bad setting or another tool's finding, with the keys in one fixed order. `fixed` is there as of all findings. */
export function jsonPlaced(finding: PlacedFinding): object {
  const { kind, id, aliases, severity, title, message, why, fix, links, controls } = finding;
  const { place, also, fingerprint, secret, package: purl, tool, answered } = finding;
  return {
    kind,
    id,
    aliases,
    severity,
    title,
    message,
    why,
    fix,
    fixed: [],
    links,
    controls,
    place: jsonPlace(place),
    also: also?.map(jsonPlace),
    fingerprint,
    secret: secret && jsonSecret(secret),
    package: purl,
    tool,
    answered: answered && { by: answered.by, because: answered.because },
  };
}

function jsonPlace(place: Place): object {
  const {
    in: where,
    path,
    name,
    line,
    column,
    endLine,
    endColumn,
    step,
    layer,
    removedIn,
    from,
    commit,
    cause,
  } = place;
  return {
    in: where,
    path,
    name,
    line,
    column,
    endLine,
    endColumn,
    step,
    layer,
    removedIn,
    from,
    commit,
    cause: cause && { path: cause.path, line: cause.line },
  };
}

function jsonSecret({ shown, score, notes, expires, value }: SecretFacts): object {
  return { shown, score, notes, expires, value };
}

/** A licence that holds for something, likewise. */
export function jsonLicence(fact: LicenceFact): object {
  const { expression, stated, class: licenceClass, package: purl, path, likeness, layer, from } = fact;
  return { expression, stated, class: licenceClass, package: purl, path, likeness, layer, from };
}
