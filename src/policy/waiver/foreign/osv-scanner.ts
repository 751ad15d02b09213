import { parse, TomlDate, TomlError } from 'smol-toml';
import { messageOf, SluiceError } from '../../../util/error.ts';
import { textLines } from '../../../util/text-lines.ts';
import { type Carried, type Foreign, ForeignEntries } from './contract.ts';
import { lastDayBefore } from './expiry.ts';
import { namePattern } from './globs.ts';
import { purlPatterns, purlType } from './purls.ts';
import { isFlawId } from './trivy.ts';

type Table = Readonly<Record<string, unknown>>;

const vulnerabilityFields = ['id', 'ignoreUntil', 'reason'];
const packageFields = [
  'name',
  'nameIsRegex',
  'version',
  'ecosystem',
  'ignore',
  'vulnerability',
  'license',
  'effectiveUntil',
  'reason',
];

/** Reads `osv-scanner.toml`: `IgnoredVulns` and `PackageOverrides`. @throws SluiceError `waive/toml` */
export function readOsvScannerConfig(text: string, file: string): Foreign {
  const entries = new ForeignEntries(file);
  const root = readToml(text, file);
  const lines = headings(text);
  for (const [name, value] of Object.entries(root)) {
    const tables = Array.isArray(value) ? value.filter(isTable) : [];
    const read = name === 'IgnoredVulns' ? vulnerabilityOf : name === 'PackageOverrides' ? packageOf : undefined;
    const lineOf = (at: number): number => lines.get(name)?.[at] ?? 1;
    if (read === undefined)
      entries.leave(lineOf(0), `${name} is no waiver: what of it is to hold goes into the policy`);
    else for (const [at, table] of tables.entries()) entries.put(lineOf(at), read(table));
  }
  return { waivers: entries.waivers, remarks: entries.remarks, ofFolder: true };
}

function readToml(text: string, file: string): Table {
  try {
    return parse(text);
  } catch (thrown) {
    const place = thrown instanceof TomlError ? `${file}:${thrown.line}:${thrown.column}` : file;
    throw new SluiceError('waive/toml', `${place}: this is no TOML: ${messageOf(thrown).split('\n', 1)[0]}`);
  }
}

/** Lines of the headings of tables in lists: the parser tells no places. */
function headings(text: string): Map<string, number[]> {
  const lines = new Map<string, number[]>();
  let line = 0;
  for (const raw of textLines(text)) {
    line++;
    const name = /^\s*(?:\[\[\s*([A-Za-z]{1,40})\s*\]\]|([A-Za-z]{1,40})\s*=)/.exec(raw);
    const found = name?.[1] ?? name?.[2];
    if (found === undefined) continue;
    const known = lines.get(found);
    if (known) known.push(line);
    else lines.set(found, [line]);
  }
  return lines;
}

function vulnerabilityOf(table: Table): Carried | string {
  const id = textIn(table, 'id');
  const odd = Object.keys(table).find((name) => !vulnerabilityFields.includes(name));
  if (odd !== undefined) return `${odd} is a setting that is not known`;
  if (id === undefined || !isFlawId(id)) return `${id ?? 'the entry'} names no flaw`;
  const end = endIn(table, 'ignoreUntil');
  if (end === 'wrong') return `${id}: ignoreUntil is no day`;
  return { ids: [id], ...end, ...reasonIn(table) };
}

function packageOf(table: Table): Carried | string {
  const odd = Object.keys(table).find((name) => !packageFields.includes(name));
  if (odd !== undefined) return `${odd} can't be said of a waiver`;
  if (table.ignore !== true && !(isTable(table.vulnerability) && table.vulnerability.ignore === true))
    return 'the entry ignores no flaws: what it says of licences goes into the policy';
  const [given, version, ecosystem] = ['name', 'version', 'ecosystem'].map((name) => textIn(table, name));
  const type = ecosystem === undefined ? undefined : purlType(ecosystem);
  if (ecosystem !== undefined && type === undefined)
    return `${ecosystem} is no ecosystem that is known by one kind of package URL`;
  if (given === undefined && type === undefined) return 'the entry names neither a package nor an ecosystem';
  const name = given === undefined ? undefined : nameOf(given, table.nameIsRegex === true);
  if (given !== undefined && name === undefined)
    return `the name ${given} can't be said: a waiver's pattern has nothing but *`;
  if (version?.includes('*')) return `the version ${version} holds a *, which is any text in a waiver`;
  const end = endIn(table, 'effectiveUntil');
  if (end === 'wrong') return 'effectiveUntil is no day';
  return { packages: purlPatterns(type, name, version), ...end, ...reasonIn(table) };
}

function nameOf(given: string, isExpression: boolean): string | undefined {
  if (!isExpression) return given.includes('*') ? undefined : given;
  // Unlike Grype's, such an expression may match a part of the name: only one with both ends is told here.
  return given.startsWith('^') && given.endsWith('$') ? namePattern(given) : undefined;
}

function endIn(table: Table, name: string): { expires?: string } | 'wrong' {
  const value = table[name];
  if (value === undefined) return {};
  // A TOML date without a zone is read by the machine's clock there, and as UTC here.
  const text = value instanceof TomlDate ? value.toISOString() : typeof value === 'string' ? value : '';
  const expires = lastDayBefore(text);
  return expires === undefined ? 'wrong' : { expires };
}

function reasonIn(table: Table): { reason?: string } {
  const reason = textIn(table, 'reason');
  return reason === undefined ? {} : { reason };
}

function textIn(table: Table, name: string): string | undefined {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
