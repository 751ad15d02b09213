import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutLogCommands } from '../../src/util/log-commands.ts';

/** What GitHub's runner, Azure's agent and TeamCity take for a command, written after what their sources say. */
function commandsIn(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trimStart().startsWith('::') || /##(?:vso|teamcity)?\[/i.test(line));
}

test.each([
  ['::error file=a::b', ': :error file=a::b'],
  ['a\n  ::stop-commands::x\n', 'a\n  : :stop-commands::x\n'],
  ['lodash ##[error]x', 'lodash # #[error]x'],
  ['##vso[task.complete result=Succeeded;]done', '# #vso[task.complete result=Succeeded;]done'],
  ['a ##VSO[x]', 'a # #VSO[x]'],
  ['###vso[x]', '## #vso[x]'],
  ["##teamcity[message text='x']", "# #teamcity[message text='x']"],
  ['std::string is a type; ## is a heading', 'std::string is a type; ## is a heading'],
  [':::x', ': ::x'],
])('%j becomes %j', (text, expected) => {
  expect(withoutLogCommands(text)).toBe(expected);
  expect(commandsIn(expected)).toEqual([]);
});

test('no text has a command left, and what has none stays as it is', () => {
  const pieces = fc.constantFrom(
    ...['::', ':', '#', '##', '[', 'vso[', '##vso[', '##[', '\n', '\r', '\u2028', '\u00a0', '\ufeff', ' ', '\t', 'x'],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const safe = withoutLogCommands(text);
      expect(commandsIn(safe)).toEqual([]);
      if (commandsIn(text).length === 0 && !/[\u2028\u00a0\ufeff]/.test(text)) expect(safe).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
