import { SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import type { Invocation } from './command.ts';
import type { Flags } from './flags.ts';
import { parseFleetOutputs } from './fleet-outputs.ts';
import { FleetWriter } from './fleet-writer.ts';
import { openGate } from './open-gate.ts';
import { writeText } from './standard-streams.ts';

/** Nothing was surveyed. */
const noLayers = { layers: 0, surveyed: 0, known: 0, shared: 0 };

/**
 * Judges several kept reports, shows a line of each, and returns the exit code for all. One that can't be read does not
 * stop the others. @throws SluiceError for what concerns all
 */
export async function gateSeveral(given: Flags, invocation: Invocation): Promise<number> {
  if (given.list('name').length > 0)
    throw new SluiceError('usage/name', '--name is of one image, not of several reports');
  const to = given.text('event');
  const event = to === undefined ? undefined : { to, command: 'gate' };
  const outputs = { ...parseFleetOutputs(given.list('output'), given.on('quiet')), event };
  const gate = await openGate(given, invocation);
  const targets = given.operands.map((text, i) => ({ text, line: i + 1 }));
  const writer = await FleetWriter.open(targets, outputs, invocation);
  const say = (text: string): void => void writeText(2, `sluice: ${harmless(text)}\n`);
  for (const target of targets) {
    try {
      const { evidence, verdict, judgedBy } = await gate(target.text);
      writer.take({ target, made: writer.make(target, evidence, verdict, judgedBy) }, say);
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      const { code, message, hint } = thrown;
      writer.take({ target, failure: { code, message, hint } }, say);
    }
  }
  return writer.finish(noLayers);
}
