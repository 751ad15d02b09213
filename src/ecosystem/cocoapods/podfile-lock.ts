import type { PackageRecord, Presence } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';

/** Most pods that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;
/** Most pods that one pod is taken to need. */
const needsLimit = 1000;
/** Longest name or version (characters) that is kept. */
const fieldLimit = 1000;

/** What one file names. `full`: there were more than {@link packageLimit}. */
export interface Records {
  readonly records: readonly PackageRecord[];
  readonly full: boolean;
}

/** One pod, with what all of its subspecs need. */
interface Pod {
  readonly name: string;
  readonly version: string;
  readonly needs: Set<string>;
}

const space = 0x20;

/**
 * What a Podfile.lock, or its copy Pods/Manifest.lock, names (CocoaPods' own source, Pod::Lockfile): `PODS`, each with its
 * version and what it needs, subspecs (`Firebase/Core`) one by one, which become one package; and `EXTERNAL SOURCES`,
 * which tell the pods that lie in the source tree. The file is scanned by line and not parsed as YAML.
 * @throws SluiceError `cocoapods/unreadable` when it isn't one.
 */
export function readPodfileLock(bytes: Buffer, presence: Presence): Records {
  const text = bytes.toString('utf8');
  const pods = new Map<string, Pod>();
  const local = new Set<string>();
  let section = '';
  let known = false;
  let pod: Pod | undefined;
  let external = '';
  for (const line of textLines(text)) {
    const depth = indentation(line);
    if (depth === line.length) continue;
    if (depth === 0) {
      section = line.slice(0, line.indexOf(':'));
      known ||= section === 'PODS' || section === 'COCOAPODS';
    } else if (section === 'PODS') {
      pod = depth === 2 ? startPod(line, pods) : addNeed(line, depth, pod);
      if (pods.size > packageLimit) break;
    } else if (section === 'EXTERNAL SOURCES') {
      if (depth === 2) external = scalar(line.slice(2, line.lastIndexOf(':')));
      else if (isSourceTree(line)) local.add(external);
    }
  }
  if (!known && text.trim() !== '') throw new SluiceError('cocoapods/unreadable', 'this is not a Podfile.lock');
  const records = [...pods.values()].map((found) => toRecord(found, local.has(found.name) ? 'application' : presence));
  return { records: records.slice(0, packageLimit), full: records.length > packageLimit };
}

function indentation(line: string): number {
  let depth = 0;
  while (line.charCodeAt(depth) === space) depth++;
  return depth;
}

/** `  - Firebase/Core (8.0.0):`, in quotes where YAML asks for them. */
function startPod(line: string, pods: Map<string, Pod>): Pod | undefined {
  if (!line.startsWith('  - ')) return undefined;
  const trimmed = line.slice(4).trim();
  const item = scalar(trimmed.endsWith(':') ? trimmed.slice(0, -1) : trimmed);
  const open = item.indexOf(' (');
  const version = item.endsWith(')') && open > 0 ? item.slice(open + 2, -1) : '';
  const name = mainName(item.slice(0, Math.max(open, 0)));
  if (!isUsable(name) || !isUsable(version)) return undefined;
  const pod = pods.get(name) ?? { name, version, needs: new Set() };
  pods.set(name, pod);
  return pod;
}

/** `    - nanopb (< 3, >= 2)`: what the pod above needs, which stays the pod of the lines that follow. */
function addNeed(line: string, depth: number, pod: Pod | undefined): Pod | undefined {
  if (pod === undefined || !line.startsWith('- ', depth) || pod.needs.size >= needsLimit) return pod;
  const item = scalar(line.slice(depth + 2));
  const open = item.indexOf(' (');
  const name = mainName(open === -1 ? item : item.slice(0, open));
  if (isUsable(name) && name !== pod.name) pod.needs.add(name);
  return pod;
}

/** `    :path: "../Local"`; what npm put into node_modules, or Flutter into .symlinks, is somebody else's all the same. */
function isSourceTree(line: string): boolean {
  if (!line.startsWith(':path:', indentation(line))) return false;
  return !line.includes('node_modules/') && !line.includes('.symlinks/');
}

/** `GoogleUtilities` of its subspec `GoogleUtilities/NSData+zlib`. */
function mainName(name: string): string {
  const cut = name.indexOf('/');
  return cut === -1 ? name : name.slice(0, cut);
}

/** A YAML scalar without its quotes. Names and versions hold nothing that would be escaped within. */
function scalar(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed.charAt(0);
  const quoted = trimmed.length >= 2 && (quote === '"' || quote === "'") && trimmed.endsWith(quote);
  return quoted ? trimmed.slice(1, -1) : trimmed;
}

function isUsable(text: string): boolean {
  return text !== '' && text.length <= fieldLimit;
}

function toRecord({ name, version, needs }: Pod, presence: Presence): PackageRecord {
  return { name, version, presence, ...(needs.size === 0 ? {} : { needs: [...needs].sort() }) };
}
