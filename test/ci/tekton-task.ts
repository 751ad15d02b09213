import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { type Ended, fileText, root, run } from './workspace.ts';

interface Task {
  readonly spec: {
    readonly params: readonly { readonly name: string; readonly default?: string }[];
    readonly results: readonly { readonly name: string }[];
    readonly workspaces: readonly { readonly name: string; readonly optional?: boolean }[];
    readonly steps: readonly [
      {
        readonly image: string;
        readonly command: readonly string[];
        readonly args: readonly string[];
        readonly env: readonly { readonly name: string; readonly value: string }[];
        readonly securityContext: object;
        readonly script?: string;
      },
    ];
  };
}

/** The text of the task. */
export const source = fileText('ci/tekton/sluice.yaml');
/** The task. */
export const task = parse(source) as Task;
const [step] = task.spec.steps;

/** Plays the task's step: its workspace source is `<base>/work`, its cache `<base>/cache`. */
export async function playTask(
  base: string,
  given: Readonly<Record<string, string>>,
): Promise<Ended & { verdict?: string | undefined }> {
  const folder = join(base, 'work');
  const results = join(base, 'results');
  mkdirSync(results, { recursive: true });
  const paths: Record<string, string> = { source: folder, cache: `${base}/cache` };
  const filled = (value: string): string =>
    value.replace(/\$\(([\w.-]+)\)/g, (_, name: string) => {
      const [kind, key = ''] = name.split('.');
      if (kind === 'params') return given[key] ?? task.spec.params.find((param) => param.name === key)?.default ?? '';
      return kind === 'workspaces' ? (paths[key] ?? '') : 'gate';
    });
  const env = Object.fromEntries(step.env.map(({ name, value }) => [name, filled(value)]));
  // The results have one place in a pod; here each run has its own.
  const ended = await run([join(root, 'bin', 'sluice.mjs'), ...step.args], { ...env, TEKTON_RESULTS: results }, folder);
  if (ended.code === 1) return ended;
  const told = task.spec.results.map(({ name }) => readFileSync(join(results, name), 'utf8'));
  expect(told).toEqual([
    told[0],
    { stop: 'policy', undecided: 'undecided', warn: 'pass' }[told[0] ?? ''],
    String(ended.code),
    expect.stringMatching(/^sha256:/),
  ]);
  return { ...ended, verdict: told[0] };
}
