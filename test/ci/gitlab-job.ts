import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type Ended, fileText, root, runScript } from './workspace.ts';

interface Header {
  readonly spec: { readonly inputs: Readonly<Record<string, { readonly default?: unknown; readonly regex?: string }>> };
}

/** The job that the component makes. */
interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly cache: readonly { readonly key: string; readonly when: string; readonly unprotect?: boolean }[];
  readonly artifacts: { readonly reports: Readonly<Record<string, string>> };
}

/** The component's text. */
export const source = fileText('ci/gitlab/templates/sluice.yml');

const [head, body] = parseAllDocuments(source).map((document) => document.toJS() as unknown) as [Header, object];

/** What the component takes. */
export const header = head;

/** A container by digest, of the form that the component takes. */
export const container = `registry.example/sluice@sha256:${'a'.repeat(64)}`;

/** The job that GitLab makes of the component: inputs stand for values of the parsed YAML, and never for more. */
export function jobOf(given: Readonly<Record<string, unknown>>): Job {
  const value = (name: string): unknown => given[name] ?? head.spec.inputs[name]?.default;
  const filled = (node: unknown): unknown => {
    if (typeof node === 'string') {
      const whole = /^\$\[\[ inputs\.([\w-]+) \]\]$/.exec(node)?.[1];
      if (whole !== undefined) return value(whole);
      return node.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => String(value(name)));
    }
    if (Array.isArray(node)) return node.map(filled);
    if (node === null || typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [String(filled(key)), filled(inner)]));
  };
  const job = (filled(body) as Record<string, Job>).sluice as Job;
  const variables = Object.entries(job.variables).map(([name, text]) => [name, String(text)]);
  return { ...job, variables: Object.fromEntries(variables) };
}

/** Plays the job in `<base>/work` as the runner does. */
export async function playJob(base: string, inputs: Readonly<Record<string, unknown>>): Promise<Ended> {
  const folder = join(base, 'work');
  const job = jobOf({ container, install: root, ...inputs });
  const predefined: Record<string, string> = {
    GITLAB_CI: 'true',
    CI_PROJECT_DIR: folder,
    CI_COMMIT_BRANCH: 'main',
    CI_DEFAULT_BRANCH: 'main',
  };
  const variables = Object.entries(job.variables).map(([name, text]) => [
    name,
    text.replace(/\$(\w+)/g, (_, of: string) => predefined[of] ?? ''),
  ]);
  const env = { ...predefined, ...Object.fromEntries(variables) };
  const ended = await runScript(job.script.join('\n'), { shell: 'gitlab', env, folder });
  if (ended.code === 1) return ended;
  const { dotenv, codequality, container_scanning, secret_detection, junit } = job.artifacts.reports;
  const paths = [dotenv, codequality, container_scanning, secret_detection, junit];
  expect(paths.filter((path) => !existsSync(join(folder, path ?? '')))).toEqual([]);
  return ended;
}
