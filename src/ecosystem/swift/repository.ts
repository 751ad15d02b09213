const scheme = '://';

/**
 * A repository's address as OSV's SwiftURL and purl name it: `github.com/apple/swift-nio` of
 * `https://github.com/apple/swift-nio.git`, of `git@github.com:apple/swift-nio` and of `ssh://git@github.com/…`. The host
 * is in lower case; no scheme, user, port, `.git` or slash at the end. Undefined for what has no host and path.
 */
export function repositoryName(address: string): string | undefined {
  const start = address.indexOf(scheme);
  const rest = start === -1 ? shortForm(address) : address.slice(start + scheme.length);
  const slash = rest.indexOf('/');
  if (slash <= 0) return undefined;
  const host = hostOf(rest.slice(0, slash));
  const path = pathOf(rest.slice(slash + 1));
  return host === '' || path === '' ? undefined : `${host}/${path}`;
}

/** `user@host:path`, as ssh writes it, with a slash for the colon. Empty for a place in the file system. */
function shortForm(address: string): string {
  const colon = address.indexOf(':');
  const slash = address.indexOf('/');
  if (colon <= 0 || (slash !== -1 && slash < colon)) return '';
  return `${address.slice(0, colon)}/${address.slice(colon + 1)}`;
}

/** Without user and port. */
function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const colon = host.indexOf(':');
  return colon === -1 ? host : host.slice(0, colon);
}

function pathOf(text: string): string {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const last = parts.pop() ?? '';
  const name = last.endsWith('.git') ? last.slice(0, -4) : last;
  return name === '' ? parts.join('/') : [...parts, name].join('/');
}
