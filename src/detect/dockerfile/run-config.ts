import { posix } from 'node:path';
import type { RunConfig } from '../../model/image.ts';
import { userOfBase } from './bases.ts';
import { type Dockerfile, finalInstructions, type Instruction } from './contract.ts';
import { type Parts, partsOf } from './parts.ts';

/** What runs scripts unless SHELL names another (Dockerfile reference, "SHELL"). */
const usualShell: readonly string[] = ['/bin/sh', '-c'];

/** Most ports that one range stands for. */
const mostPorts = 1_000;

/** How containers of the image are run that a Dockerfile makes: what the image below it sets is not known, but for its user. */
export function runConfigOf(dockerfile: Dockerfile): RunConfig {
  const draft = new ConfigDraft(userOfBase(baseImage(dockerfile)));
  let stage = -1;
  for (const instruction of finalInstructions(dockerfile)) {
    if (instruction.stage !== stage) draft.nextStage();
    stage = instruction.stage;
    draft.apply(instruction);
  }
  return draft.finish();
}

/** The image that the last stage comes down to, as far as its name is known. */
export function baseImage({ stages }: Dockerfile): string {
  return stages.find(({ final }) => final)?.image ?? '';
}

/** An image's configuration while instructions change it. */
class ConfigDraft {
  readonly #env = new Map<string, string>();
  readonly #labels = new Map<string, string>();
  readonly #ports = new Set<string>();
  readonly #volumes = new Set<string>();
  #user: string;
  #entrypoint: readonly string[] = [];
  #cmd: readonly string[] = [];
  #hasCommand = false;
  #workingDir = '';
  #stopSignal = '';
  #healthcheck: readonly string[] = [];
  #shell = usualShell;

  constructor(user: string) {
    this.#user = user;
  }

  nextStage(): void {
    this.#hasCommand = false;
  }

  apply({ name, resolved, pairs }: Instruction): void {
    const parts = partsOf(resolved);
    if (name === 'USER') this.#user = bare(parts.rest);
    else if (name === 'ENV') for (const [key, value] of pairs) this.#env.set(key, value);
    else if (name === 'LABEL') for (const [key, value] of pairs) this.#labels.set(key, value);
    else if (name === 'EXPOSE') for (const port of parts.words.flatMap(portsOf)) this.#ports.add(port);
    else if (name === 'VOLUME') for (const path of parts.words) this.#volumes.add(path);
    else if (name === 'SHELL' && parts.exec) this.#shell = parts.words;
    else if (name === 'STOPSIGNAL') this.#stopSignal = bare(parts.rest);
    else if (name === 'WORKDIR')
      this.#workingDir = posix.resolve(this.#workingDir || '/', bare(parts.rest).slice(0, 4096));
    else if (name === 'HEALTHCHECK') this.#healthcheck = healthcheckOf(parts);
    else if (name === 'CMD') {
      this.#cmd = this.#command(parts);
      this.#hasCommand = true;
    } else if (name === 'ENTRYPOINT') {
      this.#entrypoint = this.#command(parts);
      // Arguments of the program below are none of this one.
      if (!this.#hasCommand) this.#cmd = [];
    }
  }

  finish(): RunConfig {
    return {
      user: this.#user,
      entrypoint: this.#entrypoint,
      cmd: this.#cmd,
      workingDir: this.#workingDir,
      env: [...this.#env].map(([name, value]) => `${name}=${value}`),
      ports: [...this.#ports].sort(),
      volumes: [...this.#volumes],
      stopSignal: this.#stopSignal,
      healthcheck: this.#healthcheck,
      labels: this.#labels,
    };
  }

  #command({ exec, words, rest }: Parts): readonly string[] {
    return exec ? words : [...this.#shell, rest];
  }
}

function healthcheckOf({ rest }: Parts): readonly string[] {
  if (/^none\s*$/i.test(rest)) return ['NONE'];
  const command = partsOf(rest);
  return command.exec ? ['CMD', ...command.words] : ['CMD-SHELL', command.rest];
}

/** What an instruction of one word is given: builders take quotes away, wherever they stand. */
function bare(rest: string): string {
  return rest.trim().replaceAll(/["']/g, '');
}

/** The ports that a word of EXPOSE stands for: `8080`, `8080/udp`, `3000-3005`; nothing of what is no port. */
export function portsOf(word: string): string[] {
  const found = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/([a-z]{1,8}))?$/.exec(word.toLowerCase());
  if (!found) return [];
  const first = Number(found[1]);
  const last = Math.min(Number(found[2] ?? first), first + mostPorts);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => `${first + at}/${found[3] ?? 'tcp'}`);
}
