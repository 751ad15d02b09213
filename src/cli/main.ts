import type { Invocation, ListedCommand } from './command.ts';
import { writeText } from './standard-streams.ts';

/** The version in package.json, put in when sluice is bundled. */
declare const SLUICE_VERSION: string;
const version = SLUICE_VERSION;
/** Digest of the sources, put in when sluice is bundled: what a different one found out is not believed. */
declare const SLUICE_BUILD: string;

/** The commands: each is loaded only when it is called, so that none pays for another's libraries. */
const commands: Record<string, ListedCommand> = {
  scan: { doc: 'look into an image and decide whether it may pass', load: () => import('./scan.ts') },
  ci: {
    doc: 'scan what this CI job has built, as the CI system at hand expects it',
    load: () => import('./ci.ts'),
  },
  inventory: {
    doc: 'say of every byte of an image where it comes from',
    load: () => import('./inventory.ts'),
  },
  diff: { doc: 'show what came, went and changed between two images', load: () => import('./diff.ts') },
  secrets: {
    doc: 'search a source tree, its history or what is staged for secrets',
    load: () => import('./secrets.ts'),
  },
  licences: {
    doc: 'say under which licences an image is',
    load: () => import('./licences.ts'),
  },
  gate: { doc: 'judge kept reports by the policy of now', load: () => import('./gate.ts') },
  tui: { doc: 'go through a kept report on the terminal', load: () => import('./tui.ts') },
  fix: { doc: 'find the smallest set of changes that turns the gate green', load: () => import('./fix.ts') },
  policy: { doc: 'check a policy, run its cases, compare it with another', load: () => import('./policy.ts') },
  rules: {
    doc: 'list what is looked for beside packages, and test rules of your own',
    load: () => import('./rules.ts'),
  },
  waive: { doc: 'let a finding pass until a day, with a reason', load: () => import('./waive.ts') },
  explain: { doc: 'tell the whole story of one flaw in one image', load: () => import('./explain.ts') },
  vex: {
    doc: 'say which flaws do not concern an image, and see why a statement applies',
    load: () => import('./vex.ts'),
  },
  db: { doc: 'fetch vulnerability data, show what there is, hand it on', load: () => import('./db.ts') },
  cache: { doc: 'keep small what scans leave for the next ones', load: () => import('./cache.ts') },
  completion: { doc: 'let the shell complete commands, flags and values', load: () => import('./completion.ts') },
  man: { doc: 'print the manual page', load: () => import('./man.ts') },
  schema: { doc: 'print the JSON Schema of a file, for editors', load: () => import('./schema.ts') },
};

const usage = `sluice ${version}: one gate for container images

Usage: sluice <command> TARGET [flags]

Examples:
  sluice db update                             # fetch vulnerability data, once
  sluice scan my-app.tar                       # an archive that docker save wrote: may it pass?
  sluice scan nginx:1.27 --update              # an image in a registry, by the newest data
  sluice scan my-app.tar -o sarif=app.sarif    # in CI: exit code 2 stops the job, and the report is kept
  sluice explain CVE-2024-3094 my-app.tar      # the whole story of one flaw
  sluice fix my-app.tar --source .             # what to change so that it passes, as a patch
  sluice waive CVE-2024-3094 --expires 30d --owner web --reason "never called"

Commands:
${Object.entries(commands)
  .map(([name, { doc }]) => `  ${name.padEnd(11)}${doc}`)
  .join('\n')}

sluice <command> --help begins with examples and shows the flags. sluice --version shows the version.
Exit codes: 0 pass or warn · 1 could not do the work · 2 the gate says stop · 3 undecided
`;

async function main(args: readonly string[]): Promise<number> {
  const [first, ...others] = args;
  // `sluice help scan` is `sluice scan --help`.
  const [name, ...rest] = first === 'help' && others.length > 0 ? [...others, '--help'] : args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await print(usage);
    return name === undefined ? 1 : 0;
  }
  if (name === '--version' || name === '-V') {
    await print(`${version}\n`);
    return 0;
  }
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!found) {
    const { unknownCommand } = await import('./failure.ts');
    throw unknownCommand(name, Object.keys(commands));
  }
  const { command } = await found.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    await print(await command.help(rest));
    return 0;
  }
  if (process.env.GITHUB_ACTIONS || process.env.TF_BUILD || process.env.TEAMCITY_VERSION)
    (await import('./log-guard.ts')).guardLog(name, rest, process.env);
  const invocation: Invocation = { args: rest, env: process.env, version, build: SLUICE_BUILD, commands };
  // Nothing of OpenTelemetry is loaded where nothing asks for it.
  if (!Object.keys(process.env).some((key) => key.startsWith('OTEL_'))) return command.run(invocation);
  const { runTraced } = await import('./telemetry/run-traced.ts');
  return runTraced(name, command, invocation);
}

/** What prints in the good case is not loaded with what explains a failure. */
async function print(text: string): Promise<void> {
  if (writeText(1, text) !== undefined) (await import('./print.ts')).print(text);
}

/** What goes wrong is printed by what is loaded only then. */
async function fail(thrown: unknown): Promise<number> {
  const { printFailure } = await import('./failure.ts');
  printFailure(thrown, Boolean(process.env.SLUICE_DEBUG), process.argv[2]);
  const [command = '', ...args] = process.argv.slice(2);
  // The commands that have verdicts tell in the same line that there is none.
  if (command === 'scan' || command === 'gate') {
    const { eventTarget, tellFailure } = await import('./event.ts');
    const to = eventTarget(args, process.env);
    if (to !== undefined) tellFailure(thrown, { to, command, version, env: process.env });
  }
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(fail);
