import { expect } from 'vitest';
import type { Cost } from './budget.ts';

/*
 * What the program may load, read and ask for, in figures that are the same on a busy machine and an idle one. Seconds
 * are measured by `npm run bench`; this keeps what was won there.
 *
 * When a test fails here because something was added, its message names it. Load it later, where it is first needed
 * (`await import()`, or a module of its own), so that no other command pays for it; if every run needs it, raise the
 * ceiling. When something was won, lower the ceiling: it must stay within a tenth. SLUICE_BUDGET=show prints what each
 * run costs as the lines of this table.
 */
interface Budget {
  /** Files of dist/. */
  readonly files: number;
  /** KiB of JavaScript to compile, at most. */
  readonly compiled: number;
  /** Public modules of Node beyond those of an empty program, exactly. */
  readonly builtins: readonly string[];
}

const budgets: Record<string, Budget> = {
  '--version': { files: 1, compiled: 5, builtins: [] },
  '--help': { files: 1, compiled: 5, builtins: [] },
  'scan --help': { files: 2, compiled: 178, builtins: ['os'] },
  'db status': { files: 10, compiled: 206, builtins: ['crypto', 'os'] },
  'an unknown command': { files: 4, compiled: 182, builtins: ['os'] },
  cold: { files: 9, compiled: 1920, builtins: ['crypto', 'os', 'timers/promises', 'v8', 'worker_threads', 'zlib'] },
  'packages alone': {
    files: 5,
    compiled: 600,
    builtins: ['crypto', 'os', 'timers/promises', 'v8', 'worker_threads', 'zlib'],
  },
  warm: { files: 2, compiled: 178, builtins: ['crypto', 'os'] },
  'newer data': { files: 4, compiled: 526, builtins: ['crypto', 'os', 'v8', 'zlib'] },
  folder: { files: 13, compiled: 2010, builtins: ['crypto', 'os', 'timers/promises', 'v8', 'worker_threads', 'zlib'] },
  'registry, cold': {
    files: 14,
    compiled: 1960,
    builtins: [
      'child_process',
      'crypto',
      'dgram',
      'http',
      'https',
      'net',
      'os',
      'perf_hooks',
      'timers/promises',
      'tls',
      'v8',
      'worker_threads',
      'zlib',
    ],
  },
  'registry, warm': {
    files: 7,
    compiled: 216,
    builtins: [
      'child_process',
      'crypto',
      'dgram',
      'http',
      'https',
      'net',
      'os',
      'perf_hooks',
      'timers/promises',
      'tls',
    ],
  },
};

/** How far below its ceiling a size may lie before the ceiling has to follow. */
const slack = 0.9;

/** Whether costs are to be printed, not held. */
export const show = process.env.SLUICE_BUDGET === 'show';

/** Compares a run with its budget, in words that say what to do. */
export function hold(name: string, cost: Cost): void {
  const kib = Math.ceil(cost.compiled / 1024);
  if (show) {
    const builtins = cost.builtins.map((builtin) => `'${builtin}'`).join(', ');
    process.stdout.write(
      `  '${name}': { files: ${cost.files.length}, compiled: ${kib}, builtins: [${builtins}] },\n    // ${cost.files.join(' ')}\n`,
    );
    return;
  }
  const budget = budgets[name] ?? { files: 0, compiled: 0, builtins: [] };
  const advice = 'load it only where it is needed, or raise the ceiling in test/support/budget-ceilings.ts';
  // What Node loads on its own account changes from one version to the next.
  if (process.versions.node.startsWith('20.'))
    expect(cost.builtins, `${name}: the modules of Node that it loads changed; ${advice}`).toEqual(budget.builtins);
  expect(cost.files.length, `${name}: it loads ${cost.files.join(', ')}; ${advice}`).toBeLessThanOrEqual(budget.files);
  expect(kib, `${name}: it compiles ${kib} KiB, of ${cost.files.join(', ')}; ${advice}`).toBeLessThanOrEqual(
    budget.compiled,
  );
  const won =
    'less than its ceiling by more than a tenth: lower the ceiling in test/support/budget-ceilings.ts, to keep it';
  expect(kib, `${name}: it compiles what is ${won}`).toBeGreaterThanOrEqual(Math.floor(budget.compiled * slack));
  expect(cost.files.length, `${name}: it loads a number of files that is ${won}`).toBeGreaterThanOrEqual(
    Math.floor(budget.files * slack),
  );
}
