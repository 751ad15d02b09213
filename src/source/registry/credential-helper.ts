import { type ChildProcess, spawn } from 'node:child_process';
import { type Credentials, credentialsOfPair } from './docker-config.ts';
import { RegistryFailure, systemCode } from './failure.ts';

/** How long a credential helper may take, in milliseconds. It may ask the user or a cloud's API. */
const helperMs = 30_000;
const maxOutput = 64 * 1024;
const helperName = /^[A-Za-z0-9._-]{1,64}$/;

/** Which helper is asked for what. */
export interface HelperRequest {
  /** The part of its name behind `docker-credential-`. */
  readonly name: string;
  /** The name of the registry, as docker keeps it. */
  readonly server: string;
  /** The helper's environment; `PATH` in it decides where the helper is found. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

/**
 * Asks a credential helper of docker (github.com/docker/docker-credential-helpers) for a registry's credentials;
 * undefined when it says that it has none.
 * @throws RegistryFailure `registry/credentials`, without anything that the helper printed: it may be a secret.
 */
export async function askHelper(request: HelperRequest): Promise<Credentials | undefined> {
  // The name comes from a file. It must stay one word, or it would be a path to any program.
  if (!helperName.test(request.name))
    throw failed('a credential helper', 'has a name with characters that are refused');
  const program = `docker-credential-${request.name}`;
  const { code, output } = await run(program, request);
  if (code === 0) return readAnswer(program, output);
  if (output.includes('credentials not found')) return undefined;
  throw failed(program, 'failed');
}

function readAnswer(program: string, output: string): Credentials | undefined {
  let answer: { Username?: unknown; Secret?: unknown } | null;
  try {
    answer = JSON.parse(output);
  } catch {
    throw failed(program, 'answered something other than JSON');
  }
  const { Username: username, Secret: secret } = answer ?? {};
  if (typeof username !== 'string' || typeof secret !== 'string') {
    throw failed(program, 'answered without Username and Secret');
  }
  return credentialsOfPair(username, secret);
}

function run(program: string, request: HelperRequest): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      shell: false,
      env: request.env as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const stop = (why: string): void => {
      child.kill('SIGKILL');
      release(child);
      reject(failed(program, why));
    };
    const limit = request.timeoutMs ?? helperMs;
    const timer = setTimeout(() => stop(`did not answer within ${limit / 1000} s`), limit);
    const pieces: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > maxOutput) stop('printed too much');
      else pieces.push(piece);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      const missing = systemCode(error) === 'ENOENT';
      reject(failed(program, missing ? 'is not on the PATH' : `could not be started (${systemCode(error)})`));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output: Buffer.concat(pieces).toString('utf8') });
    });
    // A helper may end without reading what it is asked.
    child.stdin.on('error', () => {});
    child.stdin.end(`${request.server}\n`);
  });
}

/** Lets go of a killed helper whose own children may still hold its output open. */
function release(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stdin?.destroy();
  child.unref();
}

function failed(program: string, why: string): RegistryFailure {
  return new RegistryFailure('registry/credentials', `${program} ${why}`);
}
