// What rules cost: 100,000 findings judged by 200 rules as teams write them, in a process of its own.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const name = 'judge 100,000 × 200';

/** The most milliseconds of CPU that the judgement may take, start-up left out. */
const mostCpu = 2000;

/** The process that judges; what it runs is bundled first, for dist/ does not export it. */
export async function judgeCases(work) {
  const { build } = await import('esbuild');
  const bundle = join(work, 'judge-bundle.mjs');
  const contents = `
    export { parseExpression } from './src/policy/expression/parse.ts';
    export { commonVariables } from './src/policy/subject/fields/all.ts';
    export { defaultBlame } from './src/policy/policy.ts';
    export { judge } from './src/policy/judge.ts';
  `;
  await build({
    stdin: { contents, resolveDir: here('..'), loader: 'ts' },
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    logLevel: 'warning',
  });
  return [{ name, args: [here('judging.mjs'), bundle], keepOutput: true, tells: 'judging' }];
}

/** A line for people; empty where it was not measured. */
export function judgeText({ judging }) {
  if (judging === undefined) return '';
  const { findings, rules, fired, cpuMs, againCpuMs } = judging;
  const kept = cpuMs <= mostCpu ? 'within' : 'MORE THAN';
  const times = `${cpuMs.toFixed(0)} ms of CPU, ${againCpuMs.toFixed(0)} ms once it is compiled: ${kept} ${mostCpu} ms`;
  return `\n${findings} findings by ${rules} rules, which fire ${fired} times: ${times}\n`;
}
