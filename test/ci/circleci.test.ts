import { describe, expect, test } from 'vitest';
import { orb, playOrb, source, stepsOf } from './circleci-orb.ts';
import { gateTests } from './gate-tests.ts';
import { circleciOrb, wrongBy } from './schemas.ts';
import { hostileName } from './workspace.ts';

const { parameters } = orb.commands.scan;

describe('the CircleCI orb', () => {
  test('is sound', () => {
    expect(wrongBy(circleciOrb, orb)).toEqual([]);
    expect(wrongBy(circleciOrb, { ...orb, command: {} })).not.toEqual([]);
    // What is between these signs would be taken for a parameter.
    expect(
      [...source.matchAll(/<<(.{0,40})/g)].filter(
        ([, inner = '']) => !/^ parameters\.[\w-]+ >>|^: \*parameters/.test(inner),
      ),
    ).toEqual([]);
  });

  test('has no parameter of a secret, and all but the container have a value to begin with', () => {
    const without = Object.entries(orb.jobs.scan.parameters).filter(([, { default: unless }]) => unless === undefined);
    expect(without.map(([name]) => name)).toEqual(['container']);
    expect(Object.values(parameters).filter(({ default: unless }) => unless === undefined)).toEqual([]);
  });

  test('hands every parameter of the job to the command, and no parameter to a script', () => {
    const passed = orb.jobs.scan.steps.flatMap((step) => (typeof step === 'string' || !step.scan ? [] : [step.scan]));
    expect(passed).toEqual([
      Object.fromEntries(Object.keys(parameters).map((name) => [name, `<< parameters.${name} >>`])),
    ]);
    const scripts = (given: Readonly<Record<string, unknown>>) => stepsOf(given).map(({ run }) => run?.command);
    expect(scripts({ image: hostileName, install: hostileName, reports: hostileName })).toEqual(scripts({}));
  });

  test('keeps its cache when the gate stops, and shows a use that fits', () => {
    expect(stepsOf({}).flatMap(({ save_cache }) => save_cache?.when ?? [])).toEqual(['always']);
    const [, job] = orb.examples.gate.usage.workflows.gate.jobs;
    const given = Object.keys(job['sluice/scan'] ?? {}).filter((name) => name !== 'requires');
    expect(given.filter((name) => !(name in orb.jobs.scan.parameters))).toEqual([]);
  });
});

gateTests({
  title: 'the CircleCI orb',
  cacheDir: (base) => `${base}/work/.sluice-cache`,
  play: (base, { image, failOn = '', mirror = '' }) =>
    playOrb(base, { image, mirror, 'fail-on': failOn, offline: mirror === '' }),
});
