import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { saidOf } from '../support/fixture-cases.ts';

/**
 * `test/fixtures/<plugin>/<case>/in/` is a file system with what a real tool left in it, and `expected.json` beside it
 * all that is to be said of it. With SLUICE_FIXTURES=write, what is said now is written there, to be read by a person.
 */
const root = join(import.meta.dirname, '..', 'fixtures');
const special = ['corrupt', 'empty', 'lookalike'];

function casesOf(id: string): string[] {
  const folder = join(root, id);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'in')));
}

describe.each(ecosystems.map(({ id }) => id))('%s', (id) => {
  const cases = casesOf(id);

  test('has a real case, and one each of what is corrupt, empty, and only looks like it', () => {
    expect(special.filter((name) => !cases.includes(name))).toEqual([]);
    expect(cases.filter((name) => !special.includes(name))).not.toEqual([]);
  });

  test.each(cases)('%s', async (name) => {
    const said = await saidOf(join(root, id, name, 'in'));
    const file = join(root, id, name, 'expected.json');
    if (process.env.SLUICE_FIXTURES === 'write') writeFileSync(file, `${JSON.stringify(said, undefined, 2)}\n`);
    expect(said).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    // What a bill of materials names is of other kinds.
    const own = id === 'sbom' ? said.packages : said.packages.filter(({ ecosystem }) => ecosystem === id);
    if (name === 'corrupt') expect(said.problems).not.toEqual([]);
    else if (special.includes(name)) expect(own).toEqual([]);
    else expect(own).not.toEqual([]);
  });
});

/** The paths of all files in all cases. */
function casePaths(): string[] {
  return ecosystems.flatMap(({ id }) =>
    casesOf(id).flatMap((name) => readdirSync(join(root, id, name, 'in'), { recursive: true, encoding: 'utf8' })),
  );
}

describe('what is recognised', () => {
  const rows = ecosystems.flatMap(({ id, recognises, claims, claimsFolder }) =>
    recognises.map(({ what, example }) => ({ id, what, example, claims, claimsFolder })),
  );

  test.each(rows)('$id: $what', ({ example, claims, claimsFolder }) => {
    expect(claims(example, { size: 1000, mode: 0o755 }) || claimsFolder?.(example)).toBe(true);
  });

  test('ends in one of the last letters, where a plugin states them', () => {
    const names = [
      ...new Set([...casePaths(), ...rows.map(({ example }) => example)].flatMap((path) => [path, `x/${path}`])),
    ];
    for (const { id, lastLetters, claims } of ecosystems) {
      if (lastLetters === undefined) continue;
      const claimed = names.filter((path) => claims(path, { size: 1000, mode: 0o644 }));
      expect(claimed.length, id).toBeGreaterThan(0);
      expect(
        claimed.filter((path) => !lastLetters.includes(path.at(-1) ?? '')),
        id,
      ).toEqual([]);
    }
  });

  test('is something for every kind of package', () => {
    expect(ecosystems.filter(({ recognises }) => recognises.length === 0).map(({ id }) => id)).toEqual([]);
  });
});
