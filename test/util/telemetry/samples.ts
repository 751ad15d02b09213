import { SluiceError } from '../../../src/util/error.ts';
import type { Metric } from '../../../src/util/telemetry/metrics.ts';
import type { Sender } from '../../../src/util/telemetry/otlp.ts';
import { Recording } from '../../../src/util/telemetry/recording.ts';

/** Who sends. */
export const sender: Sender = {
  resource: new Map<string, string | number>([
    ['service.name', 'sluice'],
    ['team', 'Zürich'],
  ]),
  version: '1.2.3',
};

/** A run with a step of each kind of attribute, one that fails and one that goes on. Each moment is 1.5 ms behind the last. */
export function sampleRecording(): Recording {
  let clock = 1_700_000_000_000;
  const recording = new Recording(() => {
    clock += 1.5;
    return clock;
  });
  const root = recording.begin('sluice scan', { 'sluice.command': 'scan' });
  const layers = root.step('layers', { rules: ['a', 'b'], cached: false, size: 5_000_000_000, share: 0.25, low: -3 });
  layers.step('layer', { none: undefined, hostile: '"\u0000\u202e</script>\ud800' }).end();
  layers.end(new SluiceError('layer/unreadable', 'a message that may hold anything'));
  root.step('still');
  root.set({ 'sluice.verdict': 'stop' });
  root.end();
  return recording;
}

/** The ids of {@link sampleRecording}. */
export const sampleIds = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanIds: ['1111111111111111', '2222222222222222', '3333333333333333', '4444444444444444'],
  parent: {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    sampled: true,
    state: 'vendor=x',
  },
};

/** A metric of each kind. */
export const sampleMetrics: readonly Metric[] = [
  {
    kind: 'histogram',
    name: 'sluice.duration',
    unit: 's',
    doc: 'Time',
    points: [{ value: 3.5, attributes: new Map() }],
  },
  {
    kind: 'gauge',
    name: 'sluice.findings',
    unit: '{finding}',
    doc: 'Findings',
    points: [
      { value: 3, attributes: new Map([['sluice.severity', 'high']]) },
      { value: 0.5, attributes: new Map([['sluice.severity', 'low']]) },
    ],
  },
  { kind: 'sum', name: 'sluice.layers', unit: '{layer}', doc: 'Layers', points: [{ value: 7, attributes: new Map() }] },
  { kind: 'sum', name: 'sluice.nothing', unit: '1', doc: 'Nothing', points: [] },
];

/** The time of {@link sampleMetrics}. */
export const sampleTime = { started: 1_700_000_000_000, ended: 1_700_000_003_500, temporality: 'delta' as const };
