import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegistryFailure, systemCode } from './failure.ts';

/** What a registry is told about who asks. */
export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token: exchanged for a token of the repository. */
  | { readonly kind: 'identity'; readonly username: string; readonly token: string }
  /** A token that is sent as it is. */
  | { readonly kind: 'bearer'; readonly token: string };

/** What sluice reads from docker's config.json. */
export interface DockerConfig {
  /** Entries of `auths` by the name of the registry, see {@link registryKeys}. */
  readonly auths: ReadonlyMap<string, Credentials>;
  readonly credHelpers: ReadonlyMap<string, string>;
  readonly credsStore: string | undefined;
}

const maxConfigBytes = 1024 * 1024;
const maxEntries = 10_000;
const dockerHubKey = 'https://index.docker.io/v1/';
const dockerHubHosts = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** The user name by which docker marks a password that is an identity token. */
const identityTokenUser = '<token>';

/** Where docker keeps its configuration: `$DOCKER_CONFIG` or `~/.docker`; undefined without a home. */
export function dockerConfigFile(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.DOCKER_CONFIG) return join(env.DOCKER_CONFIG, 'config.json');
  const home = env.HOME || env.USERPROFILE;
  return home ? join(home, '.docker', 'config.json') : undefined;
}

/** The names under which docker keeps a registry's credentials, the one that it writes itself first. */
export function registryKeys(registry: string): string[] {
  return registry === 'docker.io' ? [dockerHubKey, ...dockerHubHosts] : [registry];
}

/**
 * Reads docker's config.json; an absent file is an empty configuration.
 * @throws RegistryFailure `registry/credentials` when it cannot be read or is not such a file.
 */
export function readDockerConfig(path: string): DockerConfig {
  let text: string;
  try {
    text = readBounded(path);
  } catch (thrown) {
    if (thrown instanceof RegistryFailure) throw thrown;
    const code = systemCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') return parseDockerConfig('{}');
    throw new RegistryFailure('registry/credentials', `docker's configuration cannot be read (${code})`);
  }
  return parseDockerConfig(text);
}

function readBounded(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const stat = fstatSync(fd);
    // A named pipe or a device would never end.
    if (!stat.isFile() || stat.size > maxConfigBytes) {
      throw new RegistryFailure('registry/credentials', "docker's configuration is no plain file of at most 1 MiB");
    }
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads the text of docker's config.json. Entries of an unexpected shape are left out, as docker does.
 * @throws RegistryFailure `registry/credentials` when it is not a JSON object. Its text is never part of the message.
 */
export function parseDockerConfig(text: string): DockerConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isObject(value))
    throw new RegistryFailure('registry/credentials', "docker's configuration is not a JSON object");
  const auths = new Map<string, Credentials>();
  for (const [key, entry] of entriesOf(value.auths)) {
    const credentials = isObject(entry) ? credentialsOf(entry) : undefined;
    const name = registryName(key);
    if (credentials !== undefined && name !== undefined && (key === name || !auths.has(name))) {
      auths.set(name, credentials);
    }
  }
  const credHelpers = new Map<string, string>();
  for (const [key, helper] of entriesOf(value.credHelpers)) {
    if (typeof helper === 'string') credHelpers.set(key === dockerHubKey ? key : key.toLowerCase(), helper);
  }
  const credsStore = typeof value.credsStore === 'string' && value.credsStore !== '' ? value.credsStore : undefined;
  return { auths, credHelpers, credsStore };
}

/** `https://host:port/v2/` and the like are the same registry as `host:port`. Other paths name something narrower. */
function registryName(key: string): string | undefined {
  if (key === dockerHubKey) return key;
  const bare = key.replace(/^https?:\/\//i, '').toLowerCase();
  const slash = bare.indexOf('/');
  if (slash < 0) return bare;
  return ['/', '/v1', '/v1/', '/v2', '/v2/'].includes(bare.slice(slash)) ? bare.slice(0, slash) : undefined;
}

function credentialsOf(entry: Record<string, unknown>): Credentials | undefined {
  const { registrytoken, identitytoken } = entry;
  if (typeof registrytoken === 'string' && registrytoken !== '') return { kind: 'bearer', token: registrytoken };
  const pair = typeof entry.auth === 'string' && entry.auth !== '' ? decodeAuth(entry.auth) : plainPair(entry);
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return { kind: 'identity', username: pair?.username ?? '', token: identitytoken };
  }
  return pair === undefined ? undefined : credentialsOfPair(pair.username, pair.password);
}

/** User name and password, or the identity token that the user name `<token>` announces. */
export function credentialsOfPair(username: string, password: string): Credentials | undefined {
  if (username === '') return undefined;
  if (username === identityTokenUser) return { kind: 'identity', username: '', token: password };
  return { kind: 'basic', username, password };
}

interface Pair {
  readonly username: string;
  readonly password: string;
}

/** base64 of `user:password`: the first colon divides, for a password may have more of them. */
function decodeAuth(auth: string): Pair | undefined {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  // Docker pads old entries with NUL.
  return colon < 0
    ? undefined
    : { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
}

function plainPair(entry: Record<string, unknown>): Pair | undefined {
  const { username, password } = entry;
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entriesOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value).slice(0, maxEntries) : [];
}
