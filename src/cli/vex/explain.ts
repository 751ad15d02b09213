import { explainDocuments } from '../../pipeline/vex/explain.ts';
import { explainJson } from '../../report/vex/explain-json.ts';
import { explainTable } from '../../report/vex/explain-table.ts';
import type { AttachedVex } from '../../source/attached-vex.ts';
import { isImageTarget } from '../../source/target.ts';
import { SluiceError } from '../../util/error.ts';
import type { Action } from '../actions.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { layout, writeWhole } from '../outputs.ts';
import { plainOutput } from '../plain-output.ts';
import { print } from '../print.ts';
import { vexFlag, vexOf } from '../vex-flags.ts';
import { type LookedAt, lookAt, remark, scanFlags, targetOf } from './look.ts';

/** `sluice vex explain`: says why statements did or did not apply. */
export const action: Action = {
  examples: [
    { line: 'sluice vex explain my-app.tar --vex vex/', doc: 'which statements apply, and why the others do not' },
    { line: 'sluice vex explain CVE-2024-3094 my-app.tar --vex app.vex.json', doc: 'of one flaw' },
  ],
  flags: [
    vexFlag,
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT[=PATH]',
      choices: ['table', 'json'],
      doc: 'table (default) or json; to a file with =PATH',
    },
    ...scanFlags,
  ],
  operands: 2,
  more: 'With the ID of a flaw, by any of its names, every statement on it is gone into; without, what each comes to.',
  run: explain,
};

async function explain(given: Flags, invocation: Invocation): Promise<number> {
  const text = targetOf(given, 'explain [ID] TARGET --vex FILE|DIR');
  const asked = given.operands.length > 1 ? given.operands[0] : undefined;
  const { format, path } = plainOutput('vex explain', given.text('output'));
  const { vex = [], attachedVex: attached } = await vexOf(given);
  if (vex.length === 0 && attached === undefined)
    throw new SluiceError('usage/vex', 'there are no VEX documents to explain', 'name them with --vex FILE|DIR');
  const looked = await lookAt(text, given, invocation);
  const found = attached === undefined ? noAttached : await attachedTo(looked, attached === 'believed');
  for (const { message } of found.problems) remark(given, `warning: ${message}`);
  if (attached !== undefined && found.given.length === 0) remark(given, 'no VEX is attached to the image');
  const { target, name, evidence } = looked;
  const names = [...(target.kind === 'registry' ? [target.reference] : []), ...found.names];
  const explanation = explainDocuments(evidence, { given: [...vex, ...found.given], names }, asked);
  const { colour, width } = layout(path, invocation.env);
  const written = format === 'json' ? explainJson(explanation) : explainTable(explanation, { name, colour, width });
  if (path === undefined) print(written);
  else writeWhole(path, written);
  return 0;
}

const noAttached: AttachedVex = { given: [], problems: [], names: [] };

/** What is attached to the image. @throws SluiceError `usage/vex` when the target is none */
async function attachedTo({ target, evidence, access }: LookedAt, believed: boolean): Promise<AttachedVex> {
  const { digest, id } = evidence.target;
  if (!isImageTarget(target) || id === undefined)
    throw new SluiceError('usage/vex', 'the target is no image: nothing can be attached to it');
  const { attachedVex } = await import('../../source/attached-vex.ts');
  return attachedVex(target, { id, ...(digest ? { digest } : {}) }, access, believed);
}
