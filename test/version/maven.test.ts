import { describe, test } from 'vitest';
import { order } from '../../src/version/maven.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs } from './laws.ts';

describe('Maven versions', () => {
  test('ascend through the qualifiers', () => {
    checkAscending(order, [
      '1-alpha2snapshot',
      '1-alpha2',
      '1-alpha-123',
      '1-beta-2',
      '1-beta123',
      '1-m2',
      '1-m11',
      '1-rc',
      '1-cr2',
      '1-rc123',
      '1-SNAPSHOT',
      '1',
      '1-sp',
      '1-sp2',
      '1-sp123',
      '1-abc',
      '1-def',
      '1-pom-1',
      '1-1-snapshot',
      '1-1',
      '1-2',
      '1-123',
    ]);
  });

  test('ascend through numbers', () => {
    checkAscending(order, [
      '2.0',
      '2.0.a',
      '2-1',
      '2.0.2',
      '2.0.123',
      '2.1.0',
      '2.1-a',
      '2.1b',
      '2.1-c',
      '2.1-1',
      '2.1.0.1',
      '2.2',
      '2.123',
      '11.a2',
      '11.a11',
      '11.b2',
      '11.b11',
      '11.m2',
      '11.m11',
      '11',
      '11.a',
      '11b',
      '11c',
      '11m',
    ]);
    checkAscending(order, [
      '0.7',
      '2',
      '20190126.230843',
      '1234567890.12345',
      '123456789012345.1H.5-beta',
      '12345678901234567890.1H.5-beta',
    ]);
  });

  test('trim what means nothing', () => {
    checkEqual(order, [
      '1',
      '1.0',
      '1.0.0',
      '1-0',
      '1.0-0',
      '1ga',
      '1.GA',
      '1-final',
      '1.0.Final',
      '1RELEASE',
      '01',
      '1.',
      '1-',
    ]);
    checkEqual(order, ['1x', '1-x', '1.0-x', '1.0.0-x', '1.0x', '1.0.x', '1X']);
    checkEqual(order, ['1a1', '1-a1', '1-alpha-1', '1.0alpha1', '1.0.0.ALPHA1']);
    checkEqual(order, ['1b2', '1-beta-2', '1.beta2']);
    checkEqual(order, ['1m3', '1-milestone-3', '1Milestone3']);
    checkEqual(order, ['1cr', '1rc', '1-CR']);
    checkEqual(order, ['0', '0.0', '00000000000000000000', '0-0']);
  });

  test('hold published pairs', () => {
    checkPairs(order, [
      ['1.0-alpha-1', '<', '1.0-alpha-2'],
      ['1.0-alpha-1-SNAPSHOT', '<', '1.0-alpha-1'],
      ['1.0-beta-1', '<', '1.0-SNAPSHOT'],
      ['2.0-1', '<', '2.0.1'],
      ['2.0.1-klm', '<', '2.0.1-lmn'],
      ['2.0.1-xyz', '<', '2.0.1-123'],
      ['6.1.0rc3', '<', '6.1.0'],
      ['6.1.0rc3', '<', '6.1H.5-beta'],
      ['6.1.0', '<', '6.1H.5-beta'],
      ['1-0.alpha', '<', '1'],
      ['1-0.beta', '<', '1'],
      ['1-0.alpha', '<', '1-0.beta'],
      ['1-sp-1', '<', '1-ga-1'],
      ['1-sp.1', '>', '1-ga.1'],
      ['1-ga-1', '=', '1-1'],
      ['1.0.final-redhat', '>', '1.0'],
      ['1.0.final-redhat', '>', '1.0-alpha'],
      ['0.x', '=', 'x'],
      ['v1.18.0', '>', '0'],
      ['v1.18.0', '<', '0.1'],
      ['1-a', '>', '1'],
      ['7', '>', 'J'],
      ['c', '<', 'J'],
      ['1', '>', 'é'],
      ['1', '>', '\u0668'],
    ]);
  });

  test('order what is published', () => {
    checkAscending(order, ['4.1.0.Beta1', '4.1.0.CR1', '4.1.0.Final', '4.1.1.Final', '4.1.10.Final', '4.1.100.Final']);
    checkAscending(order, ['9.4.0.M1', '9.4.0.RC0', '9.4.0.v20161208', '9.4.1.v20170120', '9.4.10.v20180503']);
    checkAscending(order, ['2.9.10', '2.9.10.1', '2.9.10.8', '2.10.0.pr1', '2.10.0.pr2', '2.10.5.1']);
    checkPairs(order, [
      ['5.3.18.RELEASE', '=', '5.3.18'],
      ['31.1-android', '<', '31.1-jre'],
      ['2.0-beta9', '<', '2.15.0'],
    ]);
  });

  test('know what no version can be', () => {
    checkGrammar(
      order,
      ['0', '1.0', '1.0-SNAPSHOT', 'Finchley.SR1', '2.0.0-M1', '20040616', 'r03', '1.0_1+x'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an unresolved property of a POM.
      ['', '${project.version}', '[1.0,2.0)', '1.0,2.0', '1.0 beta', '1.0\n'],
    );
  });

  checkLaws(order, [
    '0',
    '1',
    '10',
    '02',
    '.',
    '-',
    'alpha',
    'a',
    'rc',
    'final',
    'sp',
    'x',
    'snapshot',
    '-0',
    '.0',
    '-ga',
    '.ga',
  ]);
});
