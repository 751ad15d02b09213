import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Ended, fileText, root, runScript } from './workspace.ts';

interface Step {
  readonly bash?: string;
  readonly task?: string;
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Template {
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly default: unknown }[];
  readonly steps: readonly Step[];
}

/** The template, its expressions as they stand in it. */
export const template = parse(fileText('ci/azure/sluice.yml')) as Template;

/** The steps as Azure makes them of the template: its expressions are worked out before anything runs. */
export function stepsOf(given: Readonly<Record<string, unknown>>): Step[] {
  const parameters = Object.fromEntries(
    template.parameters.map((parameter) => [parameter.name, given[parameter.name] ?? parameter.default]),
  );
  // A boolean as text is written with a capital letter, as .NET does.
  const text = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value));
  const evaluate = (expression: string): unknown => {
    const call = /^(\w+)\((.*)\)$/.exec(expression.trim());
    if (call === null) {
      const name = /^parameters\.(\w+)$/.exec(expression.trim())?.[1];
      return name === undefined ? expression.trim().replace(/^'(.*)'$/, '$1') : parameters[name];
    }
    const [, name, inner = ''] = call;
    if (name === 'lower') return text(evaluate(inner)).toLowerCase();
    if (name === 'not') return !evaluate(inner);
    const [left = '', right = ''] = inner.split(',');
    if (name === 'ne') return evaluate(left) !== evaluate(right);
    throw new Error(`${name} is not known to this test`);
  };
  const filled = (node: unknown): unknown => {
    if (typeof node === 'string') {
      const whole = /^\$\{\{([^}]*)\}\}$/.exec(node)?.[1];
      if (whole !== undefined && typeof evaluate(whole) === 'number') return evaluate(whole);
      return node.replace(/\$\{\{([^}]*)\}\}/g, (_, expression: string) => text(evaluate(expression)));
    }
    if (Array.isArray(node)) return node.map(filled);
    if (node === null || typeof node !== 'object') return node;
    const entries = Object.entries(node).flatMap(([key, value]) => {
      const condition = /^\$\{\{ if (.*) \}\}$/.exec(key)?.[1];
      if (condition === undefined) return [[key, filled(value)] as const];
      return evaluate(condition) ? Object.entries(filled(value) as object) : [];
    });
    return Object.fromEntries(entries);
  };
  return filled(template.steps) as Step[];
}

/** Plays the steps in `<base>/work` as the agent does. */
export async function playSteps(
  base: string,
  given: Readonly<Record<string, unknown>>,
): Promise<Ended & { verdict: string | undefined }> {
  const folder = join(base, 'work');
  const agent: Record<string, string> = {
    'Agent.TempDirectory': `${base}/temp`,
    'Pipeline.Workspace': `${base}/pipeline`,
  };
  mkdirSync(`${base}/temp`, { recursive: true });
  const paths: string[] = [];
  let ended: Ended = { code: null, stdout: '', stderr: '' };
  let verdict: string | undefined;
  for (const { bash, env = {} } of stepsOf({ install: root, ...given })) {
    if (bash === undefined) continue;
    const variables = Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\(([\w.]+)\)/g, (all, of: string) => agent[of] ?? all),
    ]);
    ended = await runScript(bash, {
      shell: 'azure',
      folder,
      env: {
        TF_BUILD: 'True',
        BUILD_SOURCEBRANCH: 'refs/heads/main',
        PATH: paths.join(':'),
        ...Object.fromEntries(variables),
      },
    });
    paths.unshift(...[...ended.stdout.matchAll(/^##vso\[task\.prependpath\](.*)$/gm)].map(([, path = '']) => path));
    verdict = /^##vso\[task\.setvariable variable=SLUICE_VERDICT;isOutput=true;\](\w+)$/m.exec(ended.stdout)?.[1];
    if (ended.code !== 0) break;
  }
  return { ...ended, verdict };
}
