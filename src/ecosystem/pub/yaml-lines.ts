import { textLines } from '../../util/text-lines.ts';

/** One `key: value` of a file that pub writes; the value is empty where a block follows. */
export interface YamlLine {
  /** Spaces before the key. */
  readonly depth: number;
  readonly key: string;
  readonly value: string;
}

const space = 0x20;
const hash = 0x23;
const byteOrderMark = 0xfeff;

/**
 * The `key: value` lines of a block of YAML in the one shape that pub writes and people follow: no anchors, no tags, no
 * flow collections. Lines are scanned and no YAML is parsed: time and memory stay linear whatever the file holds.
 */
export function* yamlLines(text: string): Generator<YamlLine, void, undefined> {
  for (const line of textLines(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text)) {
    let depth = 0;
    while (line.charCodeAt(depth) === space) depth++;
    if (depth === line.length || line.charCodeAt(depth) === hash) continue;
    const cut = keyEnd(line, depth);
    if (cut === -1) continue;
    yield { depth, key: scalar(line.slice(depth, cut)), value: scalar(line.slice(cut + 1)) };
  }
}

/** The colon that ends the key: it stands at the end of the line or before a space. */
function keyEnd(line: string, from: number): number {
  let cut = line.indexOf(':', from);
  while (cut !== -1 && cut + 1 < line.length && line.charCodeAt(cut + 1) !== space) cut = line.indexOf(':', cut + 1);
  return cut;
}

/** A scalar without its quotes or the comment behind it. Names, versions and digests hold nothing that would be escaped. */
function scalar(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed.charAt(0);
  if (quote === '"' || quote === "'") {
    const end = trimmed.indexOf(quote, 1);
    return end === -1 ? trimmed : trimmed.slice(1, end);
  }
  const comment = trimmed.indexOf(' #');
  return comment === -1 ? trimmed : trimmed.slice(0, comment).trimEnd();
}
