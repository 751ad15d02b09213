import type { AccountFact, Collected, FileFact } from '../../model/collected.ts';
import type { ImageFacts } from '../../model/image-facts.ts';

/** How containers are run and how the image was built, with the keys in one fixed order. */
export function jsonImage(image: ImageFacts): object {
  const { user, entrypoint, cmd, workingDir, stopSignal, healthcheck, ports, volumes, created, timed, size } = image;
  return {
    user,
    entrypoint,
    cmd,
    workingDir,
    stopSignal,
    healthcheck,
    ports,
    volumes,
    env: image.env.map(({ name, value, secret }) => ({ name, value, secret })),
    labels: named(image.labels),
    annotations: named(image.annotations),
    history: image.history.map(({ name, text, layer, from, line }) => ({ name, text, layer, from, line })),
    created,
    timed,
    size,
  };
}

/** What was collected for the policy, likewise. */
export function jsonCollected({ queries, files, accounts, packageFiles, certificates, baseTag }: Collected): object {
  return {
    queries,
    files: files.map(jsonFile),
    accounts: accounts?.map(jsonAccount),
    packageFiles: packageFiles?.map(({ path, package: purl, state, layer }) => ({ path, package: purl, state, layer })),
    certificates: certificates?.map(({ fingerprint, subject, path }) => ({ fingerprint, subject, path })),
    baseTag: baseTag && { reference: baseTag.reference, digest: baseTag.digest },
  };
}

function jsonFile(file: FileFact): object {
  const { path, kind, size, mode, uid, gid, link, layer, from, owner, sha256, matches, queries } = file;
  const { capabilities, inOpenFolder } = file;
  const values = file.values && named(file.values);
  const entry = { path, kind, size, mode, uid, gid, link, capabilities, inOpenFolder };
  return { ...entry, layer, from, owner, sha256, matches, values, queries };
}

function jsonAccount({ name, uid, gid, home, shell, groups, password, repeated, sameId }: AccountFact): object {
  return { name, uid, gid, home, shell, groups, password, repeated, sameId };
}

/** By name. Names come from images: strict readers refuse lone surrogates in them as well. */
function named(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toWellFormed(), value]));
}
