/** Java's archives: libraries, web and enterprise applications, Jenkins plugins, resource adapters, Karaf features. */
const endings = new Set(['jar', 'war', 'ear', 'par', 'jpi', 'hpi', 'rar', 'kar'].map((ending) => packed(ending, 0)));

/** Whether the path ends like a Java archive, in any case. Runs for every path: no allocation. */
export function isArchivePath(path: string): boolean {
  const dot = path.length - 4;
  // Something must stand before the dot: `lib/.jar` is a hidden file.
  return (
    dot > 0 && path.charCodeAt(dot) === 0x2e && path.charCodeAt(dot - 1) !== 0x2f && endings.has(packed(path, dot + 1))
  );
}

/** Three letters in one number; bit 5 makes them lower case. */
function packed(text: string, at: number): number {
  return (
    ((text.charCodeAt(at) | 0x20) << 16) | ((text.charCodeAt(at + 1) | 0x20) << 8) | (text.charCodeAt(at + 2) | 0x20)
  );
}
