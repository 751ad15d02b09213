import { render, Text, useInput, useStdout } from 'ink';
import { createElement, type ReactNode, useEffect, useState } from 'react';

/** What a screen shows and does. */
export interface Program {
  /** The screen's lines, fewer than it has rows, none wider than it has columns. */
  frame(columns: number, rows: number): string[];
  /** Takes a key by its name (`up`, `enter`, `ctrl-c`), or what was typed. Returns whether to go on. */
  press(key: string): boolean;
}

/** Keys that are held down come faster than this; what lies between is not drawn. */
const framesPerSecond = 60;

/** Shows a program on the terminal's other screen until it ends; what stood there before stands there again after. */
export async function showScreen(program: Program, redraw: { now: () => void }): Promise<void> {
  const leave = enterScreen();
  try {
    const shown = render(createElement(Screen, { program, redraw }), {
      stdout: sparing(process.stdout),
      exitOnCtrlC: false,
      patchConsole: false,
      maxFps: framesPerSecond,
    });
    running = shown.unmount;
    await shown.waitUntilExit();
  } finally {
    running = undefined;
    leave();
  }
}

/** Ends what is shown. */
let running: (() => void) | undefined;

function Screen({ program, redraw }: { readonly program: Program; readonly redraw: { now: () => void } }): ReactNode {
  const { stdout } = useStdout();
  const [, setDrawn] = useState(0);
  const draw = (): void => setDrawn((drawn) => drawn + 1);
  redraw.now = draw;
  useInput((typed, key) => {
    // Keys that come faster than they are read come as one text.
    const name = nameOf(key, typed);
    const keys = name === undefined ? [...typed].map((char) => typedKeys.get(char) ?? char) : [name];
    if (keys.every((one) => program.press(one))) draw();
    else running?.();
  });
  useEffect(() => {
    stdout.on('resize', draw);
    return () => void stdout.off('resize', draw);
  });
  const lines = program.frame(stdout.columns || 80, stdout.rows || 24);
  return createElement(Text, { wrap: 'truncate' }, lines.map((line) => (line === '' ? ' ' : line)).join('\n'));
}

type Key = Parameters<Parameters<typeof useInput>[0]>[1];

/** A key by its name; undefined for what types something. */
function nameOf(key: Key, typed: string): string | undefined {
  const name = names.find(([member]) => key[member])?.[1];
  if (name === 'tab' && key.shift) return 'shift-tab';
  if (name === undefined && key.ctrl) return `ctrl-${typed}`;
  return name ?? (key.meta ? '' : undefined);
}

/** Keys with names that may stand in the midst of what is typed fast or pasted. */
const typedKeys: ReadonlyMap<string, string> = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\x7f', 'backspace'],
  ['\x1b', 'escape'],
  ['\x03', 'ctrl-c'],
]);

const names: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
  ['escape', 'escape'],
];

/** Goes to the terminal's other screen; the function goes back, once. */
function enterScreen(): () => void {
  let left = false;
  const leave = (): void => {
    if (!left) process.stdout.write('\x1b[?25h\x1b[?1049l');
    left = true;
  };
  process.stdout.write('\x1b[?1049h\x1b[H');
  process.once('exit', leave);
  return leave;
}

/** A stream that never erases what was scrolled away (CSI 3 J), which ink does when the terminal shrinks: it is not ours. */
function sparing(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return (text: string, ...rest: []) => target.write(text.replaceAll('\x1b[3J', ''), ...rest);
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
