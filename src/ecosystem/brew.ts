import type { PackageRecord } from '../model/package.ts';
import { type Problem, warning } from '../model/problem.ts';
import { buildPurl } from '../model/purl.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../util/json.ts';
import { order } from '../version/generic.ts';
import type { ClaimedFile, Ecosystem, Parsed } from './contract.ts';

const receipt = '/INSTALL_RECEIPT.json';
const cellar = 'Cellar';
/** Deepest nesting of a receipt. */
const depth = 50;
/** Most names that a formula needs, and the longest of them that is kept, in characters. */
const mostNeeds = 1_000;
const longestName = 200;

/** Homebrew's formulae: each version in the Cellar has a receipt of its installation. */
export const ecosystem: Ecosystem = {
  id: 'brew',
  title: 'Homebrew formulae',
  recognises: [
    {
      what: '`Cellar/*/*/INSTALL_RECEIPT.json`',
      example: 'home/linuxbrew/.linuxbrew/Cellar/jq/1.7.1/INSTALL_RECEIPT.json',
      presence: 'installed',
    },
  ],
  revision: 1,
  database: false,
  limit: 4 * 1024 * 1024,
  order,
  lastLetters: 'n',
  claims: (path) => path.endsWith(receipt) && placeOf(path) !== undefined,
  parse: parseReceipt,
  folder: (path) => path.slice(0, -receipt.length),
  purl: ({ name, version }) => buildPurl({ type: 'brew', name, version }),
  /** Nobody publishes advisories by the names of formulae. */
  advisories: () => undefined,
};

/** Name and version by the receipt's place: `Cellar/<name>/<version>/`. */
function placeOf(path: string): { name: string; version: string } | undefined {
  const end = path.length - receipt.length;
  const slash = path.lastIndexOf('/', end - 1);
  const before = slash < 0 ? -1 : path.lastIndexOf('/', slash - 1);
  const start = before - cellar.length;
  if (start < 0 || !path.startsWith(cellar, start) || (start > 0 && path.charCodeAt(start - 1) !== 0x2f))
    return undefined;
  return { name: path.slice(before + 1, slash), version: path.slice(slash + 1, end) };
}

/**
 * The place says name and version (`1.7.1_2` is the second revision of the formula of 1.7.1), the receipt what it needs.
 * A damaged one hides nothing.
 */
function parseReceipt({ path, bytes }: ClaimedFile): Parsed {
  const place = placeOf(path);
  if (!place) return { packages: [], problems: [] };
  const problems: Problem[] = [];
  let needs: readonly string[] = [];
  try {
    needs = needsIn(parseJson(bytes, depth));
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    const message = `the receipt can not be read, but its place tells the package: ${thrown.message}`;
    problems.push(warning('brew/unreadable', message, path));
  }
  const record: PackageRecord = { ...place, presence: 'installed', ...(needs.length > 0 ? { needs } : {}) };
  return { packages: [record], problems };
}

/** All that it needs to run; newer receipts tell what of that only others need. */
function needsIn(content: unknown): string[] {
  const listed = asArray(asRecord(content)?.runtime_dependencies) ?? [];
  const names = listed.flatMap((item) => {
    const dependency = asRecord(item);
    return dependency?.declared_directly === false ? [] : (asString(dependency?.full_name) ?? []);
  });
  const own = names.map((name) => name.slice(name.lastIndexOf('/') + 1));
  return [...new Set(own)].filter(isName).sort(compareText).slice(0, mostNeeds);
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= longestName;
}
