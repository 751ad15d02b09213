import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Source files by their path below src/. */
export type Sources = ReadonlyMap<string, string>;

/** The path of the data: a file imports from its own folder or from one further left. */
export const folderOrder = (
  'util model format version ecosystem detect source catalog advisory match attest policy configuration report store admit server ' +
  'pipeline library cli'
).split(' ');

/** Folders of plugins: what a plugin exports; without a name every file and folder is one. */
const pluginFolders: Readonly<Record<string, { readonly exported?: string }>> = {
  ecosystem: {},
  report: { exported: 'report' },
  version: { exported: 'order' },
};
const noPlugins = new Set(['contract.ts', 'list.gen.ts', 'facts.gen.ts']);
const engines = ['catalog', 'match', 'policy', 'pipeline'];
const connecting = ['source', 'advisory', 'attest', 'admit', 'server'];
const network = /^(?:node:)?(?:https?|http2|net|tls|dns|dgram|undici)(?:\/|$)/;

/** Every TypeScript file of a folder, read. */
export function readSources(root: string): Sources {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return new Map(paths.sort().map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]));
}

/** One import of a file: the text between the quotes, what it names, and the file it leads to if that is one of ours. */
export interface Import {
  readonly from: string;
  readonly names: string;
  readonly to: string | undefined;
}

/** The imports of one file: static, for side effects, re-exports and dynamic ones; types count as well. */
export function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text);
  const statement = /^\s*(?:import|export)\s([^;'"]*?)from\s*['"]([^'"]+)['"]/gm;
  const found = [...code.matchAll(statement)].map((match) => ({ names: match[1] ?? '', from: match[2] ?? '' }));
  for (const match of code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm)) found.push({ names: '', from: match[1] ?? '' });
  for (const match of code.matchAll(/\bimport\(\s*['"`]([^'"`]+)['"`]/g))
    found.push({ names: '', from: match[1] ?? '' });
  return found.map(({ names, from }) => {
    const to = from.startsWith('.') ? posix.join(posix.dirname(path), from) : undefined;
    return { names: names.trim(), from, to };
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Everything in the sources that breaks the architecture: a line each, which says why it matters. */
export function violations(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    if (!folderOrder.includes(folderOf(path))) {
      found.push(`src/${path} stands in no folder of the order: ${folderOrder.join(' < ')}`);
    }
    const imports = importsOf(path, text);
    for (const { to } of imports) if (to !== undefined) found.push(...importViolations(path, to, sources));
    found.push(...worldViolations(path, imports, withoutComments(text)));
  }
  return [...found, ...cycles(sources)];
}

function importViolations(path: string, to: string, sources: Sources): string[] {
  if (to.startsWith('../')) return [`src/${path} imports ${to.slice(3)}: what is shipped stands on src/ alone`];
  const [folder, target] = [folderOf(path), folderOf(to)];
  if (folderOrder.indexOf(target) > folderOrder.indexOf(folder)) {
    return [
      `src/${path} imports src/${to}: ${target}/ is later on the data's path than ${folder}/, whose result must not depend on it`,
    ];
  }
  const plugin = pluginOf(to, sources);
  if (plugin === undefined) return [];
  if (engines.includes(folder)) {
    return [
      `src/${path} imports src/${to}: an engine that knows a plugin must change with it; go through ${target}/list.gen.ts or what is handed in`,
    ];
  }
  // Ecosystems choose their order of versions; nobody else outside picks one plugin.
  if (folder !== target)
    return target === 'version' && folder === 'ecosystem'
      ? []
      : [`src/${path} imports src/${to}: plugins of ${target}/ are reached through ${target}/list.gen.ts alone`];
  if (path === `${folder}/list.gen.ts` || pluginOf(path, sources) === plugin) return [];
  return [`src/${path} imports src/${to}: a plugin that needs a sibling can't be added or taken away alone`];
}

/** The plugin that a file belongs to: `ecosystem/npm`; undefined for helpers, contracts and all other folders. */
function pluginOf(path: string, sources: Sources): string | undefined {
  const [folder = '', item = ''] = path.split('/');
  const kind = Object.hasOwn(pluginFolders, folder) ? pluginFolders[folder] : undefined;
  if (kind === undefined || noPlugins.has(item)) return undefined;
  if (kind.exported === undefined) return `${folder}/${item.replace(/\.ts$/, '')}`;
  const main = item.endsWith('.ts') ? `${folder}/${item}` : `${folder}/${item}/index.ts`;
  const exports = new RegExp(`^export const ${kind.exported}\\b`, 'm').test(sources.get(main) ?? '');
  return exports ? `${folder}/${item.replace(/\.ts$/, '')}` : undefined;
}

/** What a file does to the world outside that its folder may not do. */
function worldViolations(path: string, imports: readonly Import[], code: string): string[] {
  const folder = folderOf(path);
  const found: string[] = [];
  for (const { from, names } of imports) {
    // To ask whether a text is an address opens nothing.
    const pure = from === 'node:net' && /^\{\s*(?:isIP(?:v[46])?\s*,?\s*)+\}$/.test(names);
    if (network.test(from) && !pure && !connecting.includes(folder)) {
      found.push(
        `src/${path} imports ${from}: only ${connecting.join('/, ')}/ open connections, so that --offline can be kept`,
      );
    }
  }
  if (/(?<![.\w])(?:fetch\(|new WebSocket\()/.test(code) && !connecting.includes(folder)) {
    found.push(`src/${path} fetches: only ${connecting.join('/, ')}/ open connections, so that --offline can be kept`);
  }
  const world =
    /\bprocess\.(?:argv|env|exit|exitCode|stdin|stdout|stderr|abort)\b|\bconsole\.\w+|from ['"](?:node:)?process['"]/.exec(
      code,
    );
  if (world && folder !== 'cli') {
    found.push(
      `src/${path} uses ${world[0]}: only cli/ reads settings, prints and exits, so that everything else can be used by a server too`,
    );
  }
  return found;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf('/')));
}

/** One line for each group of files that import each other in a circle. */
function cycles(sources: Sources): string[] {
  const found: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    const here = [...trail, path];
    if (state.get(path) === 'open') {
      const circle = here.slice(here.indexOf(path)).map((item) => `src/${item}`);
      found.push(
        `${circle.join(' imports ')}: files in a circle can only be understood, tested and loaded all at once`,
      );
      return;
    }
    state.set(path, 'open');
    for (const { to } of importsOf(path, sources.get(path) ?? ''))
      if (to !== undefined && sources.has(to)) visit(to, here);
    state.set(path, 'done');
  };
  for (const path of sources.keys()) visit(path, []);
  return found;
}
