import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';
import type { Command, Example } from './command.ts';
import { exampleHelp } from './examples.ts';
import { type Flag, flagHelp, readFlags } from './flags.ts';
import { writeWhole } from './outputs.ts';
import { print } from './print.ts';
import type { ListedSchema } from './schema/contract.ts';
import { schemaFolder } from './schema/editor.ts';
import { schemas } from './schema/schemas.gen.ts';

const flags: readonly Flag[] = [
  { name: 'into', value: 'FOLDER', doc: 'write the schema, or all of them, to a folder' },
];

const examples: readonly Example[] = [
  { line: 'sluice schema', doc: 'which there are' },
  { line: 'sluice schema policy', doc: 'the one of sluice.yaml' },
  { line: `sluice schema --into ${schemaFolder}`, doc: 'all of them into the project, for editors' },
];

/** `sluice schema`: the JSON Schemas of the files that people write and that sluice writes, without a network. */
export const command: Command = {
  takes: '[NAME]',
  flags,
  examples,
  async run({ args, env }) {
    const given = readFlags(args, flags, env);
    const [name, ...more] = given.operands;
    if (more.length > 0) throw new SluiceError('usage/operands', `one schema at a time, not also ${more.join(' ')}`);
    const folder = given.text('into');
    const chosen = name === undefined ? schemas : [schemaOf(name)];
    if (folder !== undefined) writeInto(folder, chosen);
    else print(name === undefined ? listText() : textOf(schemaOf(name)));
    return 0;
  },
  help: () => `Usage: sluice schema [NAME] [flags]

${exampleHelp(examples)}Prints the JSON Schema (draft 2020-12) of a file, or the list of all. Editors complete and check by them: docs/schemas.md.

${flagHelp(flags)}

${listText()}`,
};

/** @throws SluiceError `usage/schema` */
function schemaOf(name: string): ListedSchema {
  const found = schemas.find((one) => one.name === name || one.file === name || one.file === `${name}.json`);
  if (found) return found;
  const names = schemas.map((one) => one.name);
  const close = nearest(name, names);
  const hint = close === undefined ? `there are ${names.join(', ')}` : `did you mean ${close}?`;
  throw new SluiceError('usage/schema', `there is no schema ${name}`, hint);
}

function textOf({ schema }: ListedSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** @throws SluiceError `output/unwritable` */
function writeInto(folder: string, chosen: readonly ListedSchema[]): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new SluiceError('output/unwritable', `${folder} can't be made (${code})`);
  }
  for (const one of chosen) writeWhole(join(folder, one.file), textOf(one));
}

function listText(): string {
  const width = Math.max(...schemas.map(({ name }) => name.length));
  const lines = (those: readonly ListedSchema[]): string =>
    those.map(({ name, doc }) => `  ${name.padEnd(width + 2)}${doc}`).join('\n');
  return `Files that you write:
${lines(schemas.filter(({ edited }) => edited))}

Files that sluice writes:
${lines(schemas.filter(({ edited }) => !edited))}
`;
}
