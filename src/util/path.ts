const slash = 0x2f;

/**
 * A path of an archive as a path below the root, without leading or trailing slash: `.` and empty segments go,
 * `..` goes up but never above the root (so do the runtimes: filepath.Clean, then a lookup below the root).
 */
export function cleanPath(path: string): string {
  if (isClean(path)) return path;
  const out: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') out.pop();
    else out.push(segment);
  }
  return out.join('/');
}

/** Whether a path tries to leave the root it is unpacked in. */
export function escapesRoot(path: string): boolean {
  if (!path.includes('..')) return false;
  let depth = 0;
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    depth += segment === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

/** Folder part of a clean path; empty at the root. */
export function dirName(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Last segment of a clean path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a clean path ends in these segments: `app/gems.locked` in `gems.locked`. Neither allocates nor searches. */
export function isNamed(path: string, name: string): boolean {
  if (!path.endsWith(name)) return false;
  return path.length === name.length || path.charCodeAt(path.length - name.length - 1) === slash;
}

/** No leading or trailing slash, no empty segment, no segment that starts with a dot and could be `.` or `..`. */
function isClean(path: string): boolean {
  const { length } = path;
  if (length === 0 || path.charCodeAt(length - 1) === 47) return false;
  let start = true;
  for (let i = 0; i < length; i++) {
    const c = path.charCodeAt(i);
    if (start) {
      if (c === 47) return false;
      if (c === 46) {
        const next = path.charCodeAt(i + 1);
        if (i + 1 === length || next === 47 || next === 46) return false;
      }
    }
    start = c === 47;
  }
  return true;
}
