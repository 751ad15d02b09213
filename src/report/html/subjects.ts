import { commandsFor } from '../../format/lock/commands.ts';
import { updateCommand } from '../../format/lock/package-update.ts';
import { clearingFix, orderOf } from '../../match/clearing-fix.ts';
import { packageManager } from '../../match/fix/package-manager.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import { parsePurl } from '../../model/parse-purl.ts';
import type { PageSubject, PageUpdate } from './data.ts';

/** Kinds of package that a distribution's package manager updates, and the one for images that hold none. */
const usualManagers: ReadonlyMap<string, string> = new Map([
  ['deb', 'apt'],
  ['apk', 'apk'],
  ['rpm', 'dnf'],
  ['alpm', 'pacman'],
]);

/** Most paths of one package that are told. */
const pathsShown = 20;

/** The packages that findings are in, and which of them each finding is in. */
export interface Subjects {
  readonly all: readonly PageSubject[];
  /** By the place of the finding in the evidence. */
  readonly of: readonly number[];
}

/** The packages of the findings, each once with the update that ends most. */
export function subjectsOf({ findings, packages }: Evidence): Subjects {
  const byKey = new Map<string, number>();
  const groups: Finding[][] = [];
  const of = findings.map((finding) => {
    const { package: purl, name, presence, layer, paths } = finding;
    const key = [purl, name, presence, layer, ...paths].join('\0');
    const known = byKey.get(key);
    if (known !== undefined) {
      groups[known]?.push(finding);
      return known;
    }
    byKey.set(key, groups.length);
    return groups.push([finding]) - 1;
  });
  return { all: groups.map((group) => subjectOf(group, packages)), of };
}

function subjectOf(findings: readonly Finding[], packages: readonly Package[]): PageSubject {
  const { package: purl, name, version, presence, paths } = findings[0] as Finding;
  const update = updateOf(findings, packages);
  return { purl, name, version, presence, paths: paths.slice(0, pathsShown), ...(update ? { update } : {}) };
}

function updateOf(findings: readonly Finding[], packages: readonly Package[]): PageUpdate | undefined {
  const open = findings.filter(({ answered }) => !answered);
  const [first] = open;
  const fix = first && clearingFix(open, orderOf(first));
  if (!fix) return undefined;
  const run = fixCommand(first, fix.version, packages);
  return { to: fix.version, clears: fix.clears, of: open.length, ...(run === undefined ? {} : { run }) };
}

/** The one line that updates a finding's package; undefined where there is none, or a name is no name: it is copied into a shell. */
export function fixCommand(
  { package: purl, name, version, paths }: Pick<Finding, 'package' | 'name' | 'version' | 'paths'>,
  to: string,
  packages: readonly Package[],
): string | undefined {
  const type = parsePurl(purl)?.type ?? '';
  const usual = usualManagers.get(type);
  if (usual !== undefined) return updateCommand(packageManager(packages, type) ?? usual, [{ name, to }], ' ');
  const [path = ''] = paths;
  const file = path.slice(path.lastIndexOf('/') + 1);
  const commands = commandsFor(type, file, { name, from: version, to });
  return commands.length === 0 ? undefined : commands.join(' && ');
}
