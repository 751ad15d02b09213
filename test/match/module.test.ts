import { describe, expect, test } from 'vitest';
import { rangesForModule } from '../../src/match/module.ts';
import { advisory, range } from './make.ts';

const ofModule = range('introduced 0', 'fixed 1:18.20.4-1.module_el8.10.0+3898+1234abcd');
const plain = range('introduced 0', 'fixed 1:18.20.4-1.el8');
const open = range('introduced 0');
const erratum = (summary: string) => advisory('ALSA-2024:1', { summary, ranges: [ofModule, plain, open] });
const node18 = erratum('Important: nodejs:18 security update');

describe('rangesForModule', () => {
  test('an rpm outside of modules: fixes that are no module build', () => {
    expect(rangesForModule(node18, { version: '1:18.1.0-1.el8' })).toEqual([plain, open]);
  });

  test('an rpm of the stream: fixes that are module builds', () => {
    const rpm = { version: '1:18.1.0-1.module_el8.6.0+1+a', module: 'nodejs:18:8060020220523:ad008a3a' };
    expect(rangesForModule(node18, rpm)).toEqual([ofModule, open]);
  });

  test('an rpm of another stream of the module: neither', () => {
    const rpm = { version: '1:16.1.0-1.module_el8.6.0+1+a', module: 'nodejs:16:8060020220523:ad008a3a' };
    expect(rangesForModule(node18, rpm)).toEqual([open]);
  });

  test('a summary that names two streams holds for both, one that names none for all', () => {
    const rpm = { version: '1-1.module_el8.6.0+1+a', module: 'virt:rhel:8060020220523:ad008a3a' };
    const two = erratum('Moderate: virt-devel:rhel and virt:rhel security, bug fix, and enhancement update');
    expect(rangesForModule(two, rpm)).toEqual([ofModule, open]);
    expect(rangesForModule(erratum('container-tools bug fix update'), rpm)).toEqual([ofModule, open]);
  });

  test('an rpm without a label is known by its release', () => {
    expect(rangesForModule(node18, { version: '1:18.1.0-1.module_el8.6.0+1+a' })).toEqual([ofModule, open]);
    expect(rangesForModule(node18, { version: '1:18.1.0-1.module+el8+1+a' })).toEqual([ofModule, open]);
    expect(rangesForModule(node18, { version: '1:18.1.0-1.modules.el8' })).toEqual([plain, open]);
  });
});
