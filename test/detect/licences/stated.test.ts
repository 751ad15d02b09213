import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classOfLicence } from '../../../src/detect/licences/classes.ts';
import { readStatedLicence } from '../../../src/detect/licences/stated.ts';

test.each([
  ['MIT', 'notice'],
  ['0BSD', 'permitted'],
  ['CC0-1.0', 'permitted'],
  ['CC-BY-4.0', 'notice'],
  ['CC-BY-SA-4.0', 'restricted'],
  ['CC-BY-NC-SA-4.0', 'forbidden'],
  ['Apache License 2.0', 'notice'],
  ['ASL 2.0', 'notice'],
  ['BSD-3-Clause', 'notice'],
  ['MPL-2.0', 'reciprocal'],
  ['EPL-2.0', 'reciprocal'],
  ['GPL-2.0-only', 'restricted'],
  ['GPLv2+', 'restricted'],
  ['LGPL-2.1-or-later', 'restricted'],
  ['AGPL-3.0-only', 'forbidden'],
  ['SSPL-1.0', 'forbidden'],
  ['BUSL-1.1', 'forbidden'],
  ['Acme house rules', 'unknown'],
  ['mitigated', 'unknown'],
  ['', 'unknown'],
])('%s is %s', (name, expected) => {
  expect(classOfLicence(name)).toBe(expected);
});

test.each([
  ['MIT OR GPL-2.0-only', ['MIT', 'GPL-2.0-only'], 'notice'],
  ['MIT/Apache-2.0', ['MIT', 'Apache-2.0'], 'notice'],
  ['GPLv2+ and BSD', ['GPLv2+', 'BSD'], 'restricted'],
  ['MIT AND (Apache-2.0 OR AGPL-3.0-only)', ['MIT', 'Apache-2.0', 'AGPL-3.0-only'], 'notice'],
  ['(MIT OR AGPL-3.0-only) AND AGPL-3.0-only', ['MIT', 'AGPL-3.0-only'], 'forbidden'],
  ['MIT OR Apache-2.0 AND AGPL-3.0-only', ['MIT', 'Apache-2.0', 'AGPL-3.0-only'], 'notice'],
  ['GPL-2.0-only WITH Classpath-exception-2.0', ['GPL-2.0-only'], 'restricted'],
  ['GPL-2.0-only WITH Classpath-exception-2.0 OR MIT', ['GPL-2.0-only', 'MIT'], 'notice'],
  ['MIT AND LicenseRef-Acme', ['MIT', 'LicenseRef-Acme'], 'unknown'],
  ['AGPL-3.0-only AND LicenseRef-Acme', ['AGPL-3.0-only', 'LicenseRef-Acme'], 'forbidden'],
  ['MIT, BSD, and ISC', ['MIT', 'BSD', 'ISC'], 'notice'],
  ['Apache License 2.0', ['Apache License 2.0'], 'notice'],
  ['https://example.com/licences/mit', ['https://example.com/licences/mit'], 'unknown'],
  ['NOASSERTION', [], 'unknown'],
  ['', [], 'unknown'],
  ['((((', [], 'unknown'],
  ['MIT OR', ['MIT'], 'notice'],
])('%s', (stated, names, expected) => {
  expect(readStatedLicence(stated)).toEqual({ names, class: expected });
});

test('whatever is stated is read in time and without failing; a whole text is none', () => {
  expect(readStatedLicence('a '.repeat(501))).toEqual({ names: [], class: 'unknown' });
  const classes = new Set(['permitted', 'notice', 'reciprocal', 'restricted', 'forbidden', 'unknown']);
  const words = fc.constantFrom('MIT', 'AND', 'OR', 'WITH', '(', ')', '/', ',', 'GPL', ';', '||', '');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 200 }).map((parts) => parts.join(' ')),
      ),
      (stated) => {
        expect(classes.has(readStatedLicence(stated).class)).toBe(true);
      },
    ),
  );
});
