import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as workflowParser from '@actions/workflow-parser';
import type * as actionParser from '@actions/workflow-parser/actions/action-parser';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { type Ended, root, runScript } from './workspace.ts';

/** GitHub's own parser and evaluator. */
export interface GithubTools {
  readonly parseWorkflow: typeof workflowParser.parseWorkflow;
  readonly parseAction: typeof actionParser.parseAction;
  readonly NoOperationTraceWriter: typeof workflowParser.NoOperationTraceWriter;
  /** The value of an expression, with functions that a runner adds. */
  readonly evaluate: (
    text: string,
    contexts: object,
    functions: Readonly<Record<string, (given: string) => unknown>>,
  ) => unknown;
}

const evaluator = `
export function evaluate(text, contexts, functions) {
  const named = Object.entries(functions).map(([name, answer]) => ({
    name, minArgs: 0, maxArgs: 255,
    call: (...given) => JSON.parse(JSON.stringify(answer(given[0]?.coerceString() ?? '')), data.reviver),
  }));
  const tree = new Parser(new Lexer(text).lex().tokens, Object.keys(contexts), named).parse();
  const value = new Evaluator(tree, JSON.parse(JSON.stringify(contexts), data.reviver), new Map(named.map((f) => [f.name.toLowerCase(), f]))).evaluate();
  return JSON.parse(JSON.stringify(value, data.replacer));
}`;

/** Loads GitHub's parser: its modules import JSON in a way that Node does not take, so they are bundled first. */
export async function githubTools(folder: string): Promise<GithubTools> {
  const outfile = join(folder, 'github-tools.cjs');
  const contents = `
export { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
export { parseAction } from '@actions/workflow-parser/actions/action-parser';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
${evaluator}`;
  await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    outfile,
    logLevel: 'silent',
  });
  return createRequire(import.meta.url)(outfile) as GithubTools;
}

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** Another action that was asked for, and with what. */
export interface Used {
  readonly action: string;
  readonly with: Readonly<Record<string, unknown>>;
}

/** What a run of a composite action came to. */
export interface Played extends Ended {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly used: readonly Used[];
}

/** What the runner knows of the run. */
export interface RunnerSays {
  readonly base: string;
  readonly github: object;
  readonly env: Readonly<Record<string, string>>;
}

/** Plays a composite action as GitHub's runner does: conditions, expressions, files of outputs and paths. Other actions are noted. */
export async function playAction(
  tools: GithubTools,
  text: string,
  inputs: Readonly<Record<string, string>>,
  { base, github, env }: RunnerSays,
): Promise<Played> {
  const action = parse(text) as Action;
  const folder = join(base, 'work');
  const temp = join(base, 'temp');
  mkdirSync(temp, { recursive: true });
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  const contexts = { inputs: {} as Record<string, string>, github, runner: { temp, os: 'Linux' }, steps };
  let failed = false;
  const functions = {
    always: () => true,
    success: () => !failed,
    failure: () => failed,
    hashFiles: (pattern: string) => (existsSync(join(folder, pattern.replace(/\/\*\*$/, ''))) ? 'digest' : ''),
  };
  const evaluate = (expression: string): unknown => tools.evaluate(expression, contexts, functions);
  const filled = (value: unknown): unknown =>
    typeof value === 'string'
      ? value.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => String(evaluate(inner) ?? ''))
      : value;
  for (const [name, { default: unless }] of Object.entries(action.inputs))
    contexts.inputs[name] = inputs[name] ?? String(filled(unless ?? ''));
  const used: Used[] = [];
  const paths: string[] = [];
  let ended: Ended = { code: 0, stdout: '', stderr: '' };
  for (const [index, step] of action.runs.steps.entries()) {
    const condition = step.if ?? 'success()';
    if (!evaluate(/\b(?:always|failure)\(/.test(condition) ? condition : `success() && (${condition})`)) continue;
    if (step.uses !== undefined) {
      const given = Object.entries(step.with ?? {}).map(([key, value]) => [key, filled(value)]);
      used.push({ action: step.uses, with: Object.fromEntries(given) });
      continue;
    }
    const files = { GITHUB_OUTPUT: join(temp, `output-${index}`), GITHUB_PATH: join(temp, `path-${index}`) };
    for (const path of Object.values(files)) writeFileSync(path, '');
    const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, String(filled(value))]);
    const result = await runScript(step.run ?? '', {
      shell: 'github',
      folder,
      env: {
        ...env,
        ...files,
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: root,
        PATH: paths.join(':'),
        ...Object.fromEntries(own),
      },
    });
    paths.unshift(
      ...readFileSync(files.GITHUB_PATH, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    );
    if (step.id !== undefined) steps[step.id] = { outputs: outputsIn(readFileSync(files.GITHUB_OUTPUT, 'utf8')) };
    if (!failed) ended = result;
    failed ||= result.code !== 0;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value)]);
  return { ...ended, outputs: Object.fromEntries(outputs), used };
}

/** What a step has written to GITHUB_OUTPUT: `name=value`, or a text between two lines. */
function outputsIn(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const [, name, limit] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && limit !== undefined) {
      const end = lines.indexOf(limit, i + 1);
      found[name] = lines.slice(i + 1, end).join('\n');
      i = end;
    } else if (line.includes('=')) found[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
  }
  return found;
}
