import { describe, expect, test } from 'vitest';
import type { PartlyRead } from '../../src/model/survey.ts';
import { report as cyclonedx } from '../../src/report/cyclonedx.ts';
import { report as sarif } from '../../src/report/sarif.ts';
import { report as table } from '../../src/report/table.ts';
import { partlyReadText } from '../../src/report/text-partly-read.ts';
import { context, evidence } from './samples.ts';
import { cycloneDxCheck, sarifCheck } from './schemas.ts';

const pass = { decision: 'pass', reasons: [] } as const;

/** Evidence on an image of two layers that were read so. */
function readAs(...read: readonly (PartlyRead | undefined)[]) {
  const { target } = evidence({});
  const layers = target.layers.map((layer, i) => {
    const partly = read[i];
    return partly ? { ...layer, read: partly } : layer;
  });
  return evidence({ target: { ...target, layers } });
}

const all = '--verify reads every byte.';

test.each<[string | undefined, (PartlyRead | undefined)[]]>([
  [undefined, []],
  [`1 of 2 layers was not wholly read, so that not all digests were checked; ${all}`, ['claimed']],
  [`2 of 2 layers were not wholly read, so that not all digests were checked; ${all}`, ['claimed', 'claimed']],
  [
    `1 of 2 layers was not wholly read, so that not all digests were checked (1 by an index in the layer, which is its publisher's word); ${all}`,
    [undefined, 'index'],
  ],
  [
    `2 of 2 layers were not wholly read, so that not all digests were checked (1 by an index in the layer, which is its publisher's word); ${all}`,
    ['index', 'claimed'],
  ],
])('%s', (text, read) => {
  expect(partlyReadText(readAs(...read).target)).toBe(text);
});

describe('a report on an image of which not all was read', () => {
  const partly = readAs('index', 'claimed');
  const whole = readAs();
  const text = partlyReadText(partly.target) ?? '';
  const unsearched =
    'Layers that were read by their index alone were not searched for secrets or licences; --verify reads them.';

  test('for people says so in front of what the result rests on', () => {
    const lines = table.render(partly, pass, { ...context, width: 240 }).split('\n');
    expect(lines.slice(2, 7)).toEqual([
      `Read  ${text}`,
      '',
      `Look  ${unsearched}`,
      '',
      expect.stringMatching(/^Data {2}/),
    ]);
    expect(table.render(whole, pass, context)).not.toContain('Read');
  });

  test('in SARIF is a note', () => {
    expect(sarifCheck()(JSON.parse(sarif.render(partly, pass, context)))).toEqual([]);
    const notes = (of: typeof partly) => JSON.parse(sarif.render(of, pass, context)).runs[0].invocations[0];
    expect(notes(partly)).toEqual({
      executionSuccessful: true,
      toolExecutionNotifications: [
        { descriptor: { id: 'layer/partly-read' }, level: 'note', message: { text } },
        { descriptor: { id: 'scan/not-looked-for' }, level: 'note', message: { text: unsearched } },
      ],
    });
    expect(notes(whole).toolExecutionNotifications).toEqual([]);
  });

  test('in CycloneDX is a property', () => {
    expect(cycloneDxCheck()(JSON.parse(cyclonedx.render(partly, pass, context)))).toEqual([]);
    const properties = (of: typeof partly) => JSON.parse(cyclonedx.render(of, pass, context)).metadata.properties;
    expect(properties(partly)).toContainEqual({ name: 'sluice:partly-read', value: text });
    expect(properties(whole).map(({ name }: { name: string }) => name)).not.toContain('sluice:partly-read');
  });
});
