import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { gateTests } from './gate-tests.ts';
import { tektonTask, wrongBy } from './schemas.ts';
import { playTask, source, task } from './tekton-task.ts';

const [step] = task.spec.steps;

describe('the Tekton task', () => {
  test('is one of tekton.dev/v1', () => {
    expect(wrongBy(tektonTask, task)).toEqual([]);
    expect(wrongBy(tektonTask, parse(source.replace('computeResources', 'resources')))).not.toEqual([]);
  });

  test('runs no shell and no more than it has to: not as root, with nothing to write to but what it is given', () => {
    expect([step.command, step.args, step.script]).toEqual([['sluice'], ['ci'], undefined]);
    expect(step.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('uses every parameter and workspace, asks for the container by a parameter alone, and needs no other', () => {
    const names = [...task.spec.params, ...task.spec.workspaces].map(({ name }) => name);
    expect(names.filter((name) => !new RegExp(`\\$\\((?:params|workspaces)\\.${name}[.)]`).test(source))).toEqual([]);
    expect(step.image).toBe('$(params.sluice)');
    expect(task.spec.params.filter((param) => param.default === undefined).map(({ name }) => name)).toEqual(['sluice']);
    expect(task.spec.workspaces.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual(['source']);
  });
});

gateTests({
  title: 'the Tekton task',
  cacheDir: (base) => `${base}/cache`,
  play: (base, { image, failOn = '', mirror = '' }) =>
    playTask(base, { image, 'fail-on': failOn, mirror, offline: String(mirror === '') }),
});
