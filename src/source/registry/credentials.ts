import { SluiceError } from '../../util/error.ts';
import { askHelper } from './credential-helper.ts';
import {
  type Credentials,
  credentialsOfPair,
  type DockerConfig,
  dockerConfigFile,
  readDockerConfig,
  registryKeys,
} from './docker-config.ts';
import { failureOf } from './failure.ts';

/** What was found for a registry. */
export interface FoundCredentials {
  readonly credentials: Credentials | undefined;
  /** Why a place where credentials may be could not be asked; it matters once the registry refuses. */
  readonly trouble: string | undefined;
}

/** Finds a registry's credentials, each only once. Never throws: no credentials is an answer too. */
export type CredentialFinder = (registry: string) => Promise<FoundCredentials>;

/** Settings of {@link createCredentialFinder}. */
export interface CredentialOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dockerConfigPath?: string | undefined;
  /** Told once for each registry and place that could not be asked. */
  readonly onTrouble: (message: string) => void;
}

/**
 * Looks for credentials first in `SLUICE_REGISTRY_USERNAME` and `SLUICE_REGISTRY_PASSWORD` (for the registry
 * `SLUICE_REGISTRY_HOST` alone, where that is set), then in docker's configuration: the registry's own helper,
 * the general one, the file itself.
 * @throws SluiceError `registry/credentials` when only one of the two variables is set.
 */
export function createCredentialFinder(options: CredentialOptions): CredentialFinder {
  const given = givenCredentials(options.env);
  const only = options.env.SLUICE_REGISTRY_HOST?.toLowerCase();
  const known = new Map<string, Promise<FoundCredentials>>();
  const config = lazyConfig(options);
  return (registry) => {
    if (given !== undefined && (!only || registryKeys(registry).includes(only))) {
      return Promise.resolve({ credentials: given, trouble: undefined });
    }
    const found = known.get(registry) ?? findConfigured(registry, config(), options);
    known.set(registry, found);
    return found;
  };
}

function givenCredentials(env: CredentialOptions['env']): Credentials | undefined {
  const username = env.SLUICE_REGISTRY_USERNAME;
  const password = env.SLUICE_REGISTRY_PASSWORD;
  if (!username && !password) return undefined;
  if (username && password) return credentialsOfPair(username, password);
  const missing = username ? 'SLUICE_REGISTRY_PASSWORD' : 'SLUICE_REGISTRY_USERNAME';
  throw new SluiceError('registry/credentials', `${missing} is not set, but its counterpart is`, 'set both or neither');
}

interface LoadedConfig {
  readonly config: DockerConfig | undefined;
  readonly trouble: string | undefined;
}

/** Most images are public: the file is read only once a registry asks who is there. */
function lazyConfig(options: CredentialOptions): () => LoadedConfig {
  let loaded: LoadedConfig | undefined;
  return () => {
    loaded ??= loadConfig(options);
    return loaded;
  };
}

function loadConfig(options: CredentialOptions): LoadedConfig {
  const path = options.dockerConfigPath ?? dockerConfigFile(options.env);
  if (path === undefined) return { config: undefined, trouble: undefined };
  try {
    return { config: readDockerConfig(path), trouble: undefined };
  } catch (thrown) {
    const trouble = failureOf(thrown).message;
    options.onTrouble(trouble);
    return { config: undefined, trouble };
  }
}

async function findConfigured(
  registry: string,
  { config, trouble }: LoadedConfig,
  options: CredentialOptions,
): Promise<FoundCredentials> {
  if (config === undefined) return { credentials: undefined, trouble };
  const keys = registryKeys(registry);
  const helped = await fromHelper(config, keys, options);
  if (helped.credentials !== undefined) return helped;
  const key = keys.find((name) => config.auths.has(name));
  return { credentials: key === undefined ? undefined : config.auths.get(key), trouble: helped.trouble };
}

async function fromHelper(
  config: DockerConfig,
  keys: readonly string[],
  options: CredentialOptions,
): Promise<FoundCredentials> {
  const own = keys.find((name) => config.credHelpers.has(name));
  const name = own === undefined ? config.credsStore : config.credHelpers.get(own);
  const server = own ?? keys[0];
  if (!name || server === undefined) return { credentials: undefined, trouble: undefined };
  try {
    return { credentials: await askHelper({ name, server, env: options.env }), trouble: undefined };
  } catch (thrown) {
    const trouble = failureOf(thrown).message;
    options.onTrouble(trouble);
    return { credentials: undefined, trouble };
  }
}
