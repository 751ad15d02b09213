/** Words before a colon that say how a target is read, and are no name with a tag. */
const schemes: ReadonlySet<string> = new Set(['archive', 'dir', 'dockerfile', 'oci', 'registry', 'sbom']);

/**
 * What a target is called, without its tag and digest, and of a path on this machine its end alone: GitLab knows a test in
 * the next pipeline by the names of suite, class and test, and most pipelines give each image a tag of its own.
 */
export function stableName(name: string): string {
  const isPath = /^(?:[a-z]+:)?(?:[./~\\]|[A-Za-z]:[\\/])/.test(name);
  const base = isPath ? name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1) : name;
  const digest = base.indexOf('@');
  const undigested = digest > 0 ? base.slice(0, digest) : base;
  const tag = undigested.lastIndexOf(':');
  const isTag = tag > undigested.lastIndexOf('/') && tag > 0 && !schemes.has(undigested.slice(0, tag));
  const stable = isTag ? undigested.slice(0, tag) : undigested;
  return stable === '' ? 'sluice' : stable;
}
