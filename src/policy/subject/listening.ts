import type { ImageFacts } from '../../model/image-facts.ts';
import { portNumber } from './services.ts';
import { startWords } from './started.ts';

/** How a program that only serves tells where it listens. */
interface Server {
  /** Where it listens on all addresses unless told otherwise; absent: nowhere, or on the machine's own address alone. */
  readonly usual?: number;
  /** Options that are followed by a port, or by an address with one. */
  readonly options: readonly string[];
  /** An option without which it listens on the machine's own address alone. */
  readonly opens?: string;
  /** What begins so names its settings, which may say another port. */
  readonly settings?: RegExp;
}

const settingsFile = /\.(?:conf|cnf|cfg|ya?ml|toml|ini|json)$/;

/** Servers by the name of their program, by their own manuals. */
const servers: ReadonlyMap<string, Server> = new Map(
  (
    [
      ['redis-server valkey-server keydb-server', { usual: 6379, options: ['--port'], settings: settingsFile }],
      ['memcached', { usual: 11211, options: ['-p', '--port'] }],
      ['mysqld mariadbd', { usual: 3306, options: ['-P', '--port'], settings: /^--defaults/ }],
      ['postgres', { usual: 5432, options: ['-p'], settings: /^(?:-c|--config|config_file|port=)/ }],
      ['mongod', { usual: 27017, options: ['--port'], settings: /^(?:-f|--config)/ }],
      ['sshd', { usual: 22, options: ['-p'], settings: /^(?:-f|-o)/ }],
      ['nats-server', { usual: 4222, options: ['-p', '--port'], settings: /^(?:-c|--config)/ }],
      ['prometheus', { usual: 9090, options: ['--web.listen-address'] }],
      ['uvicorn hypercorn', { options: ['--port', '-b', '--bind'], opens: '--host' }],
      ['gunicorn', { options: ['-b', '--bind'], opens: '' }],
      ['puma', { options: ['-p', '--port', '-b', '--bind'] }],
    ] as const
  ).flatMap(([names, server]) => names.split(' ').map((name) => [name, server as Server] as const)),
);

/** Programs that start another one, which follows. */
const starters = new Set(
  'sh bash ash dash env exec tini dumb-init catatonit docker-init su-exec gosu setpriv nice ionice stdbuf time'.split(
    ' ',
  ),
);

/**
 * Ports on which the program that a container starts listens, as its options say or as it always does, and that the image
 * does not expose: `6379/tcp`, sorted. Only of programs that do nothing but serve, and only where nothing says otherwise.
 */
export function unexposedPorts(facts: Pick<ImageFacts, 'entrypoint' | 'cmd' | 'ports'>): string[] {
  const words = startWords(facts);
  const at = words.findIndex((word) => servers.has(nameOf(word)));
  const server = servers.get(nameOf(words[at] ?? ''));
  // What stands before it must only start it: in `wait-for redis-server` it is no program.
  if (!server || !words.slice(0, at).every(isStarter)) return [];
  const exposed = new Set(facts.ports.map(portNumber));
  return portsOf(server, words.slice(at + 1))
    .filter((port) => !exposed.has(port))
    .sort((a, b) => a - b)
    .map((port) => `${port}/tcp`);
}

function portsOf({ usual, options, opens, settings }: Server, words: readonly string[]): number[] {
  if (
    opens &&
    !words.some((word, i) => isOpen(word.startsWith(`${opens}=`) ? word : word === opens ? words[i + 1] : ''))
  )
    return [];
  const told: number[] = [];
  for (const [i, word] of words.entries()) {
    const option = options.find((name) => word === name || word.startsWith(`${name}=`));
    if (option === undefined) continue;
    const value = word === option ? (words[i + 1] ?? '') : word.slice(option.length + 1);
    const port = /^(?:(?:tcp:\/\/)?(?:0\.0\.0\.0|\[::\]|\*)?:)?(\d{1,5})$/.exec(value)?.[1];
    // A variable or another address: nobody can tell.
    if (port === undefined) return [];
    told.push(Number(port));
  }
  if (told.length > 0) return told.filter((port) => port > 0 && port <= 65_535);
  return usual === undefined || (settings && words.some((word) => settings.test(word))) ? [] : [usual];
}

function isOpen(text = ''): boolean {
  return /(?:^|=)(?:0\.0\.0\.0|::|\*)$/.test(text);
}

function isStarter(word: string): boolean {
  return starters.has(nameOf(word)) || word.startsWith('-') || /entrypoint(?:\.sh)?$/.test(word) || word.includes('=');
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
