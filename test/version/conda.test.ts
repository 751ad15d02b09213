import { describe, test } from 'vitest';
import { order } from '../../src/version/conda.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws } from './laws.ts';

describe('conda versions', () => {
  // The table in the documentation of conda's VersionOrder.
  test('the documented table', () => {
    checkAscending(order, [
      ...['0.4', '0.4.1.rc', '0.4.1', '0.5a1', '0.5b3', '0.5C1', '0.5', '0.9.6', '0.960923', '1.0', '1.1dev1'],
      ...['1.1_', '1.1a1', '1.1.0dev1', '1.1.a1', '1.1.0rc1', '1.1.0', '1.1.0post1', '1.1post1', '1996.07.12'],
      ...['1!0.4.1', '1!3.1.1.6', '2!0.4.1'],
    ]);
    checkEqual(order, ['0.4', '0.4.0', '0.4.0.0', '0!0.4']);
    checkEqual(order, ['0.4.1.rc', '0.4.1.RC', ' 0.4.1.rc ', '0.4.1_rc', '0.4.1-rc']);
    checkEqual(order, ['1.1.0dev1', '1.1.dev1']);
    checkEqual(order, ['1.1.0post1', '1.1.post1']);
  });

  // The versions of conda's own test of the order.
  test("conda's own list", () => {
    checkAscending(order, [
      ...['0.4', '0.4.1a.vc11', '0.4.1.rc', '0.4.1.vc11', '0.4.1', '0.5*', '0.5a1', '0.5b3', '0.5C1', '0.5z', '0.5za'],
      ...['0.5', '0.5_5', '0.9.6', '0.960923', '1.0', '1.0.4a3', '1.0.4b1', '1.0.4', '1.1dev1', '1.1_', '1.1a1'],
      ...['1.1.dev1', '1.1.a1', '1.1', '1.1.post1', '1.1.1dev1', '1.1.1rc1', '1.1.1', '1.1.1post1', '1.1post1'],
      ...['2g6', '2.0b1pr0', '2.2be.ta29', '2.2be5ta29', '2.2beta29', '2.2.0.1', '3.1.1.6', '3.2.p.r0', '3.2.pr0'],
      ...['3.2.pr.1', '5.5.kw', '11g', '14.3.1', '14.3.1.post26.g9d75ca2', '1996.07.12', '1!0.4.1', '1!3.1.1.6'],
      '2!0.4.1',
    ]);
    checkEqual(order, ['0.5_5', '0.5-5', '0.5.5.0']);
  });

  test("OpenSSL's letters", () => {
    checkAscending(order, [
      ...['1.0.1dev', '1.0.1_', '1.0.1a', '1.0.1b', '1.0.1c', '1.0.1d', '1.0.1r', '1.0.1rc', '1.0.1rc1', '1.0.1rc2'],
      ...['1.0.1s', '1.0.1', '1.0.1post.a', '1.0.1post.b', '1.0.1post.z', '1.0.1post.za', '1.0.2'],
    ]);
  });

  test('local parts come last, and long numbers keep their value', () => {
    checkAscending(order, [
      '1.0',
      '1.0+1',
      '1.0+1.1',
      '1.0+2',
      '1.0.0.1+0',
      '18446744073709551616',
      '18446744073709551617',
    ]);
    checkEqual(order, ['1.0+1.1', '1.0.0+1_1', '01.0+01.1.0']);
  });

  test('the grammar', () => {
    checkGrammar(
      order,
      ['1', '1.0', '2024a', '1.2.3-rc1', '1_2', '1!2+3', '1.2.*', 'a', '9e', '3.3.1_', '1.0_a', 'V1'],
      [
        '',
        ' ',
        '5.5++',
        '5.5..mw',
        '5.5.mw.',
        '!',
        'a!1.0',
        '1!2!3',
        '1+!2',
        '+1',
        '1+',
        '1-2_3',
        '1.0 a',
        '1.0/2',
        'é',
      ],
    );
  });

  checkLaws(order, ['0', '1', '10', '02', '.', '-', '_', '+', '!', '*', 'a', 'dev', 'post', 'rc1', '1.2', 'Z', 'b']);
});
