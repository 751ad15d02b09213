import type { PackageRecord } from '../model/package.ts';
import { warning } from '../model/problem.ts';
import { buildPurl } from '../model/purl.ts';
import { textLines } from '../util/text-lines.ts';
import { order } from '../version/semver.ts';
import type { ClaimedFile, Ecosystem, Parsed } from './contract.ts';

/** Most actions of one file. */
const mostActions = 10_000;
const workflows = '.github/workflows/';
/** Folders of unpacked packages and of downloaded actions: what is in one builds it elsewhere. */
const packageFolders = [
  ...['node_modules/', 'site-packages/', 'dist-packages/', 'vendor/', 'gems/', 'pkg/mod/', 'registry/src/'],
  ...['git/checkouts/', '_actions/'],
];

/** Actions that GitHub's workflows and composite actions use. */
export const ecosystem: Ecosystem = {
  id: 'githubactions',
  title: 'GitHub Actions',
  recognises: [
    { what: '`.github/workflows/*.yml`', example: '.github/workflows/ci.yml', presence: 'declared' },
    { what: '`action.yml` of composite actions', example: 'tools/action.yml', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: 4 * 1024 * 1024,
  order,
  lastLetters: 'l',
  claims: (path) => (path.endsWith('.yml') || path.endsWith('.yaml')) && isWorkflow(path),
  parse: parseWorkflow,
  purl({ name, version }) {
    const [namespace = '', ...rest] = name.split('/');
    return buildPurl({ type: 'githubactions', namespace, name: rest.join('/'), version });
  },
  /** A branch, a commit or a moving tag such as `v4` is whatever it points to today: only a full version can be judged. */
  advisories({ name, version }) {
    const full = /^v?(\d+\.\d+\.\d+\S*)$/.exec(version)?.[1];
    return full === undefined ? undefined : { ecosystem: 'GitHub Actions', name, version: full };
  },
};

function isWorkflow(path: string): boolean {
  const slash = path.lastIndexOf('/') + 1;
  const isAction = path.startsWith('action.', slash) && path.indexOf('.', slash + 7) < 0;
  return (isAction || isFolderAt(path, workflows, slash - workflows.length)) && !isWithinPackage(path);
}

function isWithinPackage(path: string): boolean {
  return packageFolders.some((folder) => isFolderAt(path, folder, path.indexOf(folder)));
}

/** Whether the folder, with the slash at its end, stands at that place, and is not the end of another one's name. */
function isFolderAt(path: string, folder: string, at: number): boolean {
  return at >= 0 && path.startsWith(folder, at) && (at === 0 || path.charCodeAt(at - 1) === 0x2f);
}

/**
 * Reads the `uses:` of jobs and steps line by line (GitHub's workflow syntax): an action is a value of its own line, so
 * that no YAML need be understood but block scalars, whose text may hold anything.
 */
function parseWorkflow({ path, bytes }: ClaimedFile): Parsed {
  if (bytes.includes(0))
    return { packages: [], problems: [warning('githubactions/unreadable', 'it is not text', path)] };
  const found = new Map<string, PackageRecord>();
  let bad = 0;
  let block = -1;
  for (const line of textLines(bytes.toString('utf8'))) {
    const indent = indentOf(line);
    if (indent === line.length || (block >= 0 && indent > block)) continue;
    // Comments may stand anywhere, and end nothing.
    if (line[indent] === '#') continue;
    const key = keyAt(line, indent);
    block = opensBlock(line) ? blockIndent(line, key, indent) : -1;
    const uses = usesIn(line, key);
    if (uses === undefined) continue;
    const record = recordOf(uses.value, uses.comment);
    if (record === undefined) bad++;
    else if (record !== 'elsewhere' && found.size < mostActions) found.set(`${record.name}@${record.version}`, record);
  }
  const message = `${bad} ${bad === 1 ? 'action has' : 'actions have'} no name and version that can be read`;
  const problems = bad > 0 ? [warning('githubactions/unreadable', message, path)] : [];
  return { packages: [...found.values()], problems };
}

function indentOf(line: string): number {
  let at = 0;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at;
}

/** Where a line's key begins: behind the dash of a list. */
function keyAt(line: string, indent: number): number {
  let at = indent;
  while (line[at] === '-' && line[at + 1] === ' ') {
    at++;
    while (line[at] === ' ') at++;
  }
  return at;
}

/** Characters of a line's end by which a block scalar is known: before them, a comment may be of any length. */
const blockEnd = 200;

/** Whether a text of several lines begins on the next one: `run: |`, `- >-`, with an anchor or tag. */
function opensBlock(line: string): boolean {
  const end = line.slice(0, commentStart(line)).trimEnd().slice(-blockEnd);
  return /(?:^|[:-])[ \t]+(?:[&!][^ \t]{1,60}[ \t]+){0,2}[|>][-+0-9]{0,2}$/.test(end);
}

/** What is indented deeper than this belongs to the text: the key's place, or the last dash's where there is no key. */
function blockIndent(line: string, key: number, indent: number): number {
  const isItem = '|>&!'.includes(line[key] ?? ' ');
  return isItem ? Math.max(indent, line.lastIndexOf('-', key)) : key;
}

/** Where the comment of a line begins: at a `#` behind a blank and outside of quotes; the line's length without one. */
function commentStart(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
    } else if ((sign === '"' || sign === "'") && opensQuote(line[at - 1])) quote = sign;
    else if (sign === '#' && at > 0 && isBlank(line[at - 1])) return at;
  }
  // A quote that stays open begins a text of several lines, or is none.
  return line.length;
}

function opensQuote(before: string | undefined): boolean {
  return before === undefined || isBlank(before) || '{[,:('.includes(before);
}

function isBlank(sign: string | undefined): boolean {
  return sign === ' ' || sign === '\t';
}

/** The value behind `uses:` and the comment behind it; in a mapping on one line, too. */
function usesIn(line: string, key: number): { value: string; comment: string } | undefined {
  const inBraces = line[key] === '{';
  const at = inBraces ? /[{,][ \t]{0,9}["']?uses["']?[ \t]{0,9}:[ \t]/.exec(line)?.index : key;
  if (at === undefined) return undefined;
  const end = commentStart(line);
  const named = /^[{,]?[ \t]*(?:uses|"uses"|'uses')[ \t]*:(?=[ \t]|$)/.exec(
    line.slice(at, Math.min(end, at + 40)),
  )?.[0];
  if (named === undefined) return undefined;
  const comment = line.slice(end + 1).trim();
  const written = line.slice(at + named.length, end).trim();
  return { value: plainValue(inBraces ? (/^[^,}]*/.exec(written)?.[0] ?? '').trim() : written), comment };
}

/** Without its anchor and quotes. */
function plainValue(written: string): string {
  const text = written.startsWith('&') ? written.slice(written.indexOf(' ') + 1).trim() : written;
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  const close = text.indexOf(quote, 1);
  return close < 0 ? text : text.slice(1, close);
}

/** How a comment says the version of a commit: `v4.1.1`, `tag=v4`, `ratchet:actions/checkout@v4`, `pin@v4`. */
const versionComment = /(?:^|[=@])(v\d[^ ]{0,99}|\d+\.\d[^ ]{0,99})/;

/**
 * `elsewhere`: an action of the same repository, an image, or what stands at an anchor. A comment behind a commit tells
 * its version by custom.
 */
function recordOf(value: string, comment: string): PackageRecord | 'elsewhere' | undefined {
  if (value.startsWith('./') || value.startsWith('docker://') || value.startsWith('*')) return 'elsewhere';
  const at = value.indexOf('@');
  const [owner = '', repository = ''] = value.slice(0, Math.max(at, 0)).split('/', 2);
  const ref = value.slice(at + 1);
  if (at < 0 || !isName(owner) || !isName(repository) || !isRef(ref)) return undefined;
  const stated = /^[0-9a-f]{40}$/i.test(ref) ? versionComment.exec(comment)?.[1] : undefined;
  return { name: `${owner}/${repository}`, version: stated ?? ref, presence: 'declared' };
}

/** A branch, tag or commit: what git's rules allow of it (git-check-ref-format), in ASCII. */
function isRef(text: string): boolean {
  return /^[!-~]{1,250}$/.test(text) && !/[*?[\\^~:]|\$\{/.test(text);
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,100}$/.test(text);
}
