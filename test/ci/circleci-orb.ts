import { join } from 'node:path';
import { parse } from 'yaml';
import { type Ended, fileText, root, runScript } from './workspace.ts';

interface Parameter {
  readonly default?: unknown;
}

interface Step {
  readonly run?: { readonly command: string; readonly environment?: Readonly<Record<string, string>> };
  readonly scan?: Readonly<Record<string, string>>;
  readonly save_cache?: { readonly when: string };
}

interface Orb {
  readonly commands: {
    readonly scan: { readonly parameters: Readonly<Record<string, Parameter>>; readonly steps: readonly Step[] };
  };
  readonly jobs: {
    readonly scan: {
      readonly parameters: Readonly<Record<string, Parameter>>;
      readonly steps: readonly (Step | string)[];
    };
  };
  readonly examples: {
    readonly gate: {
      readonly usage: {
        readonly workflows: { readonly gate: { readonly jobs: readonly [string, Record<string, object>] } };
      };
    };
  };
}

/** The text of the orb. */
export const source = fileText('ci/circleci/orb.yml');
/** The orb. */
export const orb = parse(source, { merge: true }) as Orb;
const { parameters, steps } = orb.commands.scan;

/** The steps of the command as CircleCI makes them: parameters stand for values of the parsed YAML. */
export function stepsOf(given: Readonly<Record<string, unknown>>): Step[] {
  const filled = (node: unknown): unknown => {
    if (typeof node === 'string')
      return node.replace(/<< parameters\.([\w-]+) >>/g, (_, name: string) =>
        String(given[name] ?? parameters[name]?.default),
      );
    if (Array.isArray(node)) return node.map(filled);
    if (node === null || typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, filled(value)]));
  };
  return filled(steps) as Step[];
}

/** Plays the command in `<base>/work`. */
export async function playOrb(base: string, given: Readonly<Record<string, unknown>>): Promise<Ended> {
  const folder = join(base, 'work');
  let ended: Ended = { code: null, stdout: '', stderr: '' };
  for (const { run } of stepsOf({ install: root, ...given })) {
    if (run === undefined) continue;
    const env = { CIRCLECI: 'true', CIRCLE_BRANCH: 'main', ...run.environment };
    ended = await runScript(run.command, { shell: 'circleci', folder, env });
    if (ended.code !== 0) break;
  }
  return ended;
}
