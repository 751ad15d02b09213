/** How much of a file is looked at to tell whether it is a Dockerfile, in bytes. */
export const dockerfileSniff = 4_096;

/** Whether a file is called as builders and editors know it: `Dockerfile`, `Containerfile.prod`, `api.Dockerfile`. */
export function isDockerfileName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const suffix = /^(?:dockerfile|containerfile)(?:[._-](.+))?$/.exec(name);
  // `Dockerfile.dockerignore` says what is not sent to the builder; the others are programs' templates and copies.
  if (suffix)
    return !/(?:^|[.])(?:dockerignore|containerignore|md|txt|j2|jinja2?|tmpl|template|tpl|erb|mustache|orig|rej|swp|bak)$/.test(
      suffix[1] ?? '',
    );
  return /.\.(?:dockerfile|containerfile)$/.test(name);
}

/** Whether it is called just so. Of `dockerfile.ts` only the content tells that it is none. */
export function isPlainDockerfileName(path: string): boolean {
  return /(?:^|\/)(?:Docker|Container)file$/.test(path);
}

/** Whether a file begins as a Dockerfile does: with FROM or ARG, behind comments and directives. */
export function beginsAsDockerfile(first: Buffer): boolean {
  if (first.includes(0)) return false;
  for (const line of first
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)) {
    const start = line.trim();
    if (start === '' || start.startsWith('#')) continue;
    return /^(?:FROM\s+(?:--platform=\S+\s+)?[\w$]\S*(?:\s+AS\s+\S+)?|ARG\s+\w+(?:=.*)?)$/i.test(start);
  }
  return false;
}
