import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scratchFolder } from '../support/cli.ts';
import { hasShared } from '../support/shared.ts';
import { gateTests } from './gate-tests.ts';
import { type GithubTools, githubTools, playAction } from './github-actions.ts';
import { fileText, hostileName, workFolder } from './workspace.ts';

const scratch = scratchFolder();
const action = fileText('action.yml');
let tools: GithubTools;
beforeAll(async () => {
  tools = await githubTools(scratch);
});

const onMain = {
  ref_name: 'main',
  run_id: '7',
  run_attempt: '1',
  token: 'secret-of-the-run',
  event: { repository: { default_branch: 'main' } },
};

const pinned = /^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/;

describe('the GitHub action', () => {
  test("is sound by GitHub's parser", () => {
    const parsed = tools.parseAction({ name: 'action.yml', content: action }, new tools.NoOperationTraceWriter());
    expect(parsed.context.errors.getErrors().map(String)).toEqual([]);
    const broken = action.replace('using: composite', 'using: composite\n  main: index.js');
    const refused = tools.parseAction({ name: 'action.yml', content: broken }, new tools.NoOperationTraceWriter());
    expect(refused.context.errors.getErrors()).not.toEqual([]);
  });

  test("comes with a workflow that is sound by GitHub's parser, and asks for no right that it does not name", () => {
    const content = fileText('ci/github/sluice.yml');
    const parsed = tools.parseWorkflow({ name: 'sluice.yml', content }, new tools.NoOperationTraceWriter());
    expect(parsed.context.errors.getErrors().map(String)).toEqual([]);
    const workflow = parse(content) as {
      permissions: object;
      jobs: { gate: { permissions: object; 'timeout-minutes': number; steps: { uses?: string }[] } };
    };
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.jobs.gate.permissions).toEqual({
      contents: 'read',
      'pull-requests': 'write',
      'security-events': 'write',
    });
    expect(workflow.jobs.gate['timeout-minutes']).toBe(30);
    const uses = workflow.jobs.gate.steps.flatMap((step) => step.uses ?? []);
    expect(uses.filter((name) => !pinned.test(name))).toEqual(['OWNER/sluice@COMMIT']);
  });

  test('takes no input into the text of a script, and pins what it uses to a commit', () => {
    const { steps } = (parse(action) as { runs: { steps: { run?: string; uses?: string }[] } }).runs;
    expect(steps.filter(({ run }) => run?.includes('${{')).length).toBe(0);
    const uses = steps.flatMap((step) => step.uses ?? []);
    expect(uses.length).toBe(6);
    expect(uses.filter((name) => !pinned.test(name))).toEqual([]);
  });
});

gateTests({
  title: 'the GitHub action',
  cacheDir: (base) => `${base}/temp/sluice/cache`,
  async play(base, { image, failOn = '', mirror = '' }) {
    const inputs = { image, 'fail-on': failOn, mirror, offline: String(mirror === '') };
    const played = await playAction(tools, action, inputs, { base, github: onMain, env: {} });
    return { ...played, verdict: String(played.outputs.verdict) || undefined };
  },
});

describe.skipIf(!hasShared)('a run of the GitHub action', () => {
  test('keeps data, baseline, reports and SARIF also when the gate stops, and no secret', async () => {
    const base = `${scratch}/kept`;
    workFolder(base, 'bad-practice.oci.tar', hostileName);
    const inputs = { image: hostileName, offline: 'true', 'upload-sarif': 'true' };
    const { code, used, outputs } = await playAction(tools, action, inputs, { base, github: onMain, env: {} });
    expect(code).toBe(2);
    expect(used.map(({ action: name, with: given }) => [name.split('@')[0], given.path ?? given.sarif_file])).toEqual([
      ['actions/cache/restore', `${base}/temp/sluice/cache`],
      ['actions/cache/restore', `${base}/temp/sluice/cache/baseline`],
      ['actions/cache/save', `${base}/temp/sluice/cache`],
      ['actions/cache/save', `${base}/temp/sluice/cache/baseline`],
      ['actions/upload-artifact', 'sluice-reports'],
      ['github/codeql-action/upload-sarif', 'sluice-reports/sluice.sarif'],
    ]);
    expect(used[0]?.with.key).toMatch(/^sluice-Linux-20\d\d-[0-5]\d$/);
    expect(outputs).toMatchObject({
      verdict: 'stop',
      class: 'policy',
      reports: 'sluice-reports',
      sarif: 'sluice-reports/sluice.sarif',
    });
    expect(JSON.stringify(used)).not.toContain('secret-of-the-run');
  });

  test('shows nothing in code scanning from a fork, and keeps no baseline of a pull request', async () => {
    const base = `${scratch}/fork`;
    workFolder(base, 'alpine-3.18.oci.tar', 'app.tar');
    const event = { ...onMain.event, pull_request: { head: { repo: { fork: true } } } };
    const github = { ...onMain, ref_name: '3/merge', event };
    const inputs = { image: 'app.tar', offline: 'true', 'upload-sarif': 'true', cache: 'true' };
    const { used } = await playAction(tools, action, inputs, { base, github, env: {} });
    expect(used.map(({ action: name }) => name.split('@')[0])).toEqual([
      'actions/cache/restore',
      'actions/cache/restore',
      'actions/cache/save',
      'actions/upload-artifact',
    ]);
  });

  test.each(['1; touch owned', '0', '', '-1'])('takes %j for no number of minutes', async (minutes) => {
    const base = `${scratch}/minutes-${minutes.length}${minutes.charCodeAt(0)}`;
    workFolder(base, 'alpine-3.18.oci.tar', 'app.tar');
    const inputs = { image: 'app.tar', offline: 'true', 'timeout-minutes': minutes };
    const { code, stderr } = await playAction(tools, action, inputs, { base, github: onMain, env: {} });
    expect([code, stderr]).toEqual([1, 'sluice: timeout-minutes takes a number from 1\n']);
  });
});
