import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scratchFolder } from '../support/cli.ts';
import { hasShared } from '../support/shared.ts';
import { playSteps, template } from './azure-steps.ts';
import { orb, playOrb } from './circleci-orb.ts';
import { type GithubTools, githubTools, playAction } from './github-actions.ts';
import { container, header, playJob } from './gitlab-job.ts';
import { playPlugin, settings } from './plugin-entry.ts';
import { pipeStep, pluginSteps, wrongBy } from './schemas.ts';
import { playTask, task } from './tekton-task.ts';
import { type Ended, fileText, root, run, workFolder } from './workspace.ts';

type Given = Readonly<Record<string, string>>;

const scratch = scratchFolder();
let tools: GithubTools;
beforeAll(async () => {
  tools = await githubTools(scratch);
});

const chapter = /^## In CI$([\s\S]*?)^### What a verdict means$/m.exec(fileText('README.md'))?.[1] ?? '';

/** The block of code of one of the chapter's sections: what a user copies. */
function snippet(title: string): string {
  const section = chapter.split(/^### /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  return /^```\w+\n([\s\S]*?)^```$/m.exec(section)?.[1] ?? '';
}

/** What a snippet's own file says, in the form that its system takes, with the names that a user puts his own for. */
const meant = (text: string): string => text.replaceAll('DIGEST', 'a'.repeat(64)).replaceAll('COMMIT', 'b'.repeat(40));

/** One section: what its snippet gives to which names, and how that is played. */
interface Section {
  readonly title: string;
  /** Throws where the snippet is not of the form that the system takes. */
  given(text: string): Given;
  readonly names: readonly string[];
  play(base: string, given: Given): Promise<Ended>;
}

const sections: readonly Section[] = [
  {
    title: 'GitHub Actions',
    given(text) {
      const indented = text.replace(/^/gm, '      ');
      const content = `on: push\njobs:\n  gate:\n    runs-on: ubuntu-24.04\n    steps:\n${indented}`;
      const parsed = tools.parseWorkflow(
        { name: 'w.yml', content: meant(content) },
        new tools.NoOperationTraceWriter(),
      );
      expect(parsed.context.errors.getErrors().map(String)).toEqual([]);
      const [step] = parse(text) as [{ uses: string; with: Given }];
      expect(step.uses).toBe('OWNER/sluice@COMMIT');
      return step.with;
    },
    names: Object.keys((parse(fileText('action.yml')) as { inputs: object }).inputs),
    play: (base, given) =>
      playAction(
        tools,
        fileText('action.yml'),
        { ...given, offline: 'true' },
        { base, github: { ref_name: 'x', event: {} }, env: {} },
      ),
  },
  {
    title: 'GitLab CI',
    given(text) {
      const { include } = parse(text) as { include: [{ project: string; ref: string; file: string; inputs: Given }] };
      expect(fileText(include[0].file)).toContain('spec:');
      expect(meant(include[0].inputs.container ?? '')).toMatch(new RegExp(header.spec.inputs.container?.regex ?? '^$'));
      return include[0].inputs;
    },
    names: Object.keys(header.spec.inputs),
    play: (base, given) => playJob(base, { ...given, container, offline: true }),
  },
  {
    title: 'Azure Pipelines',
    given(text) {
      const { resources, steps } = parse(text) as {
        resources: { repositories: { repository: string }[] };
        steps: { template: string; parameters: Given }[];
      };
      const [path, repository] = steps[0]?.template.split('@') ?? [];
      expect([fileText(path ?? '').includes('parameters:'), repository]).toEqual([
        true,
        resources.repositories[0]?.repository,
      ]);
      return steps[0]?.parameters ?? {};
    },
    names: template.parameters.map(({ name }) => name),
    play: (base, given) => playSteps(base, { ...given, offline: true }),
  },
  {
    title: 'CircleCI',
    given(text) {
      const { version, orbs, workflows } = parse(text) as {
        version: number;
        orbs: Given;
        workflows: { gate: { jobs: Record<string, Given>[] } };
      };
      expect([version, orbs]).toEqual([2.1, { sluice: 'OWNER/sluice@1.0.0' }]);
      return workflows.gate.jobs[0]?.['sluice/scan'] ?? {};
    },
    names: Object.keys(orb.jobs.scan.parameters),
    play: (base, given) => playOrb(base, { ...given, offline: true }),
  },
  {
    title: 'Tekton',
    given(text) {
      const [step] = parse(text) as [
        { taskRef: { name: string }; params: { name: string; value: string }[]; workspaces: { name: string }[] },
      ];
      expect([step.taskRef.name, step.workspaces.map(({ name }) => name)]).toEqual(['sluice', ['source']]);
      return Object.fromEntries(step.params.map(({ name, value }) => [name, value]));
    },
    names: task.spec.params.map(({ name }) => name),
    play: (base, given) => playTask(base, { ...given, offline: 'true' }),
  },
  {
    title: 'Bitbucket Pipelines',
    given(text) {
      const { script } = parse(meant(text)) as { script: [{ variables: Given }] };
      expect(wrongBy(pipeStep, script[0])).toEqual([]);
      return script[0].variables;
    },
    names: settings,
    play: (base, given) => playPlugin(base, { ...given, BITBUCKET_BUILD_NUMBER: '1', OFFLINE: 'true' }),
  },
  {
    title: 'Drone and Woodpecker',
    given(text) {
      const { steps } = parse(meant(text)) as { steps: [{ settings: Given }] };
      expect(wrongBy(pluginSteps, steps)).toEqual([]);
      return steps[0].settings;
    },
    names: settings.map((name) => name.toLowerCase()),
    play(base, given) {
      const env = Object.entries(given).map(([name, value]) => [`PLUGIN_${name.toUpperCase()}`, value]);
      return playPlugin(base, { ...Object.fromEntries(env), CI: 'woodpecker', PLUGIN_OFFLINE: 'true' });
    },
  },
  {
    title: 'Anywhere else',
    given(text) {
      const [, program, command, image = ''] = /^(\w+) (\w+) (\S+)\n$/.exec(text) ?? [];
      expect([program, command]).toEqual(['sluice', 'ci']);
      return { image };
    },
    names: ['image'],
    play: (base, { image = '' }) => run([`${root}/bin/sluice.mjs`, 'ci', image, '--offline'], {}, `${base}/work`),
  },
];

describe('the README, in CI', () => {
  test('has a section for every system', () => {
    const titles = [...chapter.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      ...sections.slice(0, 5).map(({ title }) => title),
      'Jenkins',
      ...sections.slice(5).map(({ title }) => title),
    ]);
  });

  test('says of Jenkins what there is', () => {
    const text = snippet('Jenkins');
    expect(text.split('\n').length).toBeLessThanOrEqual(6);
    expect(text).toMatch(
      /^@Library\('sluice@RELEASE'\) _\nnode \{\n {2}checkout scm\n {2}sluiceScan image: 'my-app\.tar'\n\}\n$/,
    );
  });

  test.each(sections)('says of $title what its template takes, in five lines', ({ title, given, names }) => {
    const text = snippet(title);
    expect([text !== '', text.trimEnd().split('\n').length <= 5]).toEqual([true, true]);
    expect(Object.keys(given(text)).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.skipIf(!hasShared).each(sections)(
    'stops a bad image where it is used as told for $title',
    async ({ title, given, play }) => {
      const base = `${scratch}/${title}`;
      workFolder(base, 'bad-practice.oci.tar', 'my-app.tar');
      const { code, stderr } = await play(base, given(snippet(title)));
      expect(code, stderr).toBe(2);
    },
  );
});
