import { packs } from '../../policy/packs.gen.ts';
import type { ListedCommand, Outline } from '../command.ts';
import type { Flag } from '../flags.ts';

/** What a shell completes a word with. */
export type Completed =
  | { readonly with: 'nothing' }
  | { readonly with: 'files' | 'folders' }
  /** One of these; `list`: several with commas between them; `path`: each may go on with `=` and a path. */
  | {
      readonly with: 'words';
      readonly words: readonly string[];
      readonly form?: 'list' | 'path';
      readonly files?: true;
    };

/** What can be typed behind `sluice`, or behind one of its commands that has actions. */
export interface Line {
  /** The words behind `sluice`: `[scan]`, `[db, update]`. */
  readonly words: readonly string[];
  readonly doc: string;
  readonly flags: readonly { readonly flag: Flag; readonly completed: Completed }[];
  readonly operands: Completed;
  /** What it can be told to do, by name. */
  readonly actions: readonly { readonly name: string; readonly doc: string }[];
}

/** Asked of every command. */
const helpFlag: Flag = { name: 'help', short: 'h', doc: 'show what it takes' };

/** All command lines by the tables that help is made of, in the order of help. */
export async function linesOf(commands: Readonly<Record<string, ListedCommand>>): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [name, { doc, load }] of Object.entries(commands)) {
    const { command } = await load();
    const actions = Object.entries(command.actions ?? {});
    const named = actions.map(([action, listed]) => ({ name: action, doc: listed.doc }));
    lines.push({ ...lineOf([name], doc, command), actions: named });
    for (const [action, { doc: does, usage, load: loadAction }] of actions) {
      const { action: outline } = await loadAction();
      lines.push(lineOf([name, action], does, { takes: usage.slice(action.length), ...outline }));
    }
  }
  return lines;
}

function lineOf(words: readonly string[], doc: string, { flags = [], takes = '' }: Outline): Line {
  const completed = [...flags, helpFlag].map((flag) => ({ flag, completed: completedFlag(flag) }));
  return { words, doc, flags: completed, operands: completedOperand(takes), actions: [] };
}

/** What the value of a flag is completed with. */
function completedFlag({ value = '', choices }: Flag): Completed {
  // Named here, for a scan without a policy loads no list of packs.
  if (value === 'FILE|PACK') return { with: 'words', words: Object.keys(packs), files: true };
  if (choices) {
    const form = value === 'LIST' ? 'list' : value.includes('[=PATH]') ? 'path' : undefined;
    return { with: 'words', words: choices, ...(form ? { form } : {}) };
  }
  return chosen(value) ?? placeOf(value);
}

/** What follows a command, without the flags that it can't do without. */
function completedOperand(takes: string): Completed {
  return chosen(takes.trim()) ?? placeOf(takes.replace(/--.*$/, ''));
}

/** What is to be given stands in capitals; where it is a choice of words, these stand there in small letters. */
function chosen(name: string): Completed | undefined {
  return /^[a-z-]+(?:\|[a-z-]+)+$/.test(name) ? { with: 'words', words: name.split('|') } : undefined;
}

/** What is called so is a file or a folder. */
function placeOf(name: string): Completed {
  if (/\b(?:FILE|REPORT|TARGET|PATH|BEFORE|OLD|NEW|URL\|DIR)\b/.test(name)) return { with: 'files' };
  return { with: /\b(?:DIR|FOLDER)\b/.test(name) ? 'folders' : 'nothing' };
}
