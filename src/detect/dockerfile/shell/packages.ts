import type { ShellCommand } from './contract.ts';
import { canonical, operandsOf, optionsOf, valuesOf } from './options.ts';

/** What a command of a package manager installs. */
export interface Installs {
  /** `apt`, `apk`, `dnf`, `zypper`, `pip`, `npm`, `gem`, `go`, `cargo`, `conda`, `composer`; empty of any other command. */
  readonly manager: string;
  /** What the command names, as it is written: names with or without version, addresses, paths. */
  readonly packages: readonly string[];
  /** Those of it that are another version tomorrow. */
  readonly unpinned: readonly string[];
}

/** How one package manager is told what to install. */
interface Manager {
  readonly manager: string;
  /** The words that stand for installing. */
  readonly verbs: readonly string[];
  /** Whether this is one version and no other. */
  pinned(name: string, command: ShellCommand): boolean;
}

const nothing: Installs = { manager: '', packages: [], unpinned: [] };

const apt: Manager = {
  manager: 'apt',
  verbs: ['install', 'reinstall'],
  pinned: (name) => /[=/]|\.deb$|[-+*]$/.test(name),
};
const dnf: Manager = {
  manager: 'dnf',
  verbs: ['install', 'localinstall', 'reinstall'],
  pinned: (name) => /-\d|^@|\.rpm$|\/|\*/.test(name),
};
const npm: Manager = {
  manager: 'npm',
  verbs: ['install', 'i', 'add'],
  // A range of versions is pinned as far as its author says so.
  pinned: (name) => isLocal(name) || /.@[~^<>=v]{0,2}\d/.test(name) || /#[\w.-]{4,}$/.test(name) || /:/.test(name),
};
const conda: Manager = {
  manager: 'conda',
  verbs: ['install', 'create'],
  pinned: (name) => /[=<>]|::.*=|\//.test(name),
};

const managers: ReadonlyMap<string, Manager> = new Map<string, Manager>([
  ...['apt-get', 'apt', 'aptitude'].map((program) => [program, apt] as const),
  ['apk', { manager: 'apk', verbs: ['add'], pinned: (name) => /[=<>~@]|^!|\.apk$|\//.test(name) }],
  ...['dnf', 'yum', 'microdnf', 'tdnf', 'dnf5'].map((program) => [program, dnf] as const),
  ['zypper', { manager: 'zypper', verbs: ['install', 'in'], pinned: (name) => /[=<>]|\.rpm$|\/|^-|:/.test(name) }],
  ['pip', { manager: 'pip', verbs: ['install'], pinned: isPinnedForPip }],
  ...['npm', 'pnpm', 'yarn'].map((program) => [program, npm] as const),
  [
    'gem',
    {
      manager: 'gem',
      verbs: ['install', 'i'],
      pinned: (name, command) =>
        isLocal(name) || /:\d|\.gem$/.test(name) || valuesOf(command, '-v', '--version').length > 0,
    },
  ],
  [
    'go',
    {
      manager: 'go',
      verbs: ['install', 'get'],
      pinned: (name) =>
        isLocal(name) || !/\.\w+\//.test(name) || !/@(?:latest|master|main|HEAD|upgrade|patch)$|^[^@]+$/.test(name),
    },
  ],
  ['cargo', { manager: 'cargo', verbs: ['install'], pinned: isPinnedForCargo }],
  ...['conda', 'mamba', 'micromamba'].map((program) => [program, conda] as const),
  ['composer', { manager: 'composer', verbs: ['require'], pinned: (name) => name.includes(':') || name.includes('=') }],
]);

/** What a command installs by name. What a variable says is pinned where the variable is. */
export function installsOf(command: ShellCommand): Installs {
  const plain = withoutModule(command);
  const manager = managers.get(canonical(plain.program));
  if (!manager) return nothing;
  const operands = [...operandsOf(plain)];
  if (plain.program === 'yarn' && operands[0] === 'global') operands.shift();
  if (plain.program === 'composer' && operands[0] === 'global') operands.shift();
  if (plain.program === 'uv') operands.shift();
  const [verb, ...names] = operands;
  if (verb === undefined || !manager.verbs.includes(verb)) return { ...nothing, manager: manager.manager };
  const packages = names.filter((name) => name !== '');
  const unpinned = packages.filter(
    (name) => !name.includes('$') && !name.includes('`') && !manager.pinned(name, plain),
  );
  return { manager: manager.manager, packages, unpinned };
}

/** `python -m pip install x` and `uv pip install x` are `pip install x`. */
function withoutModule(command: ShellCommand): ShellCommand {
  const { program, words } = command;
  if (/^python[\d.]{0,6}$/.test(program)) {
    const at = words.indexOf('-m');
    return at >= 0 && words[at + 1] === 'pip' ? { ...command, program: 'pip', words: words.slice(at + 2) } : command;
  }
  const at = program === 'uv' ? words.indexOf('pip') : -1;
  return at >= 0 ? { ...command, program: 'pip', words: words.slice(at + 1) } : command;
}

function isPinnedForPip(name: string, command: ShellCommand): boolean {
  const options = optionsOf(command);
  if (['-c', '--constraint', '--require-hashes', '--no-index'].some((option) => options.includes(option))) return true;
  if (/^git\+|\.git$/.test(name)) return /\.git@|@[\w.-]{4,}(?:#|$)/.test(name.slice(name.indexOf('://') + 3));
  return isLocal(name) || /[=<>~!]=|[<>]|@ |\.whl$|\.zip$|\.tar\.\w+$|\//.test(name);
}

function isPinnedForCargo(name: string, command: ShellCommand): boolean {
  const options = optionsOf(command);
  const fixed = ['--version', '--vers', '--tag', '--rev', '--path'];
  return name.includes('@') || fixed.some((option) => options.includes(option));
}

function isLocal(name: string): boolean {
  return /^(?:\.{1,2}(?:\/|$|\[)|\/|~|file:)/.test(name);
}
