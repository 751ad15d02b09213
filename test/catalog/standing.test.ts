import { expect, test } from 'vitest';
import { followBodies } from '../../src/catalog/standing.ts';
import type { LayerSurvey } from '../../src/model/survey.ts';
import { dir, file, hardlink, symlink } from '../support/tar-writer.ts';
import { surveyOf } from './support.ts';

/** What became of each file of the layers: `path layer -> path` where it is seen, `removed in N` where not. */
function standing(layers: readonly (readonly Buffer[])[]): string[] {
  const surveys: LayerSurvey[] = layers.map((entries) => surveyOf(entries, []));
  const bodies = surveys.flatMap(({ entries }, layer) =>
    [...entries.kinds].flatMap((kind, entry) => (kind === 0 ? [{ layer, entry }] : [])),
  );
  const { of } = followBodies(surveys, bodies);
  return bodies
    .filter(({ layer, entry }) => !surveys[layer]?.entries.paths.nameOf(entry).startsWith('.wh.'))
    .map((body) => {
      const { path, removedIn } = of(body);
      const own = surveys[body.layer]?.entries.paths.at(body.entry);
      return `${own} ${body.layer} -> ${removedIn === undefined ? path : `removed in ${removedIn} at ${path}`}`;
    });
}

test('a file is seen until a whiteout, an opaque folder or another file takes it away', () => {
  const found = standing([
    [file('stays'), file('deleted'), file('replaced'), file('d/inside'), file('o/hidden'), file('p/below')],
    [file('.wh.deleted'), file('replaced', 'new'), file('o/.wh..wh..opq'), file('o/new')],
    [file('.wh.d'), symlink('p', '/elsewhere')],
  ]);
  expect(found).toEqual([
    'stays 0 -> stays',
    'deleted 0 -> removed in 1 at deleted',
    'replaced 0 -> removed in 1 at replaced',
    'd/inside 0 -> removed in 2 at d/inside',
    'o/hidden 0 -> removed in 1 at o/hidden',
    'p/below 0 -> removed in 2 at p/below',
    'replaced 1 -> replaced',
    'o/new 1 -> o/new',
  ]);
});

test('of two entries of one path in one layer the first is never seen', () => {
  expect(standing([[file('a', 'one'), file('a', 'two')], [file('b')]])).toEqual([
    'a 0 -> removed in 0 at a',
    'a 0 -> a',
    'b 1 -> b',
  ]);
});

test('a hard link keeps a body that its own path has lost, also one of a later layer', () => {
  const found = standing([
    [file('a'), hardlink('z', 'a'), file('b')],
    [hardlink('y', 'b')],
    [file('.wh.a'), file('.wh.b')],
  ]);
  expect(found).toEqual(['a 0 -> z', 'b 0 -> y']);
  expect(standing([[file('a'), hardlink('z', 'a')], [file('.wh.a')], [file('.wh.z')]])).toEqual([
    'a 0 -> removed in 2 at a',
  ]);
});

test('a file is told where links put it', () => {
  expect(standing([[dir('usr'), symlink('bin', 'usr')], [file('bin/tool')]])).toEqual(['bin/tool 1 -> usr/tool']);
});
