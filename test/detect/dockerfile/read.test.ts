import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { releaseOfBase } from '../../../src/detect/dockerfile/base-release.ts';
import { unknownUser, userOfBase } from '../../../src/detect/dockerfile/bases.ts';
import { finalInstructions } from '../../../src/detect/dockerfile/contract.ts';
import { beginsAsDockerfile, isDockerfileName } from '../../../src/detect/dockerfile/names.ts';
import { partsOf } from '../../../src/detect/dockerfile/parts.ts';
import { readDockerfile } from '../../../src/detect/dockerfile/read.ts';
import { runConfigOf } from '../../../src/detect/dockerfile/run-config.ts';

const read = (text: string) => readDockerfile(text).dockerfile!;
const lines = (text: string): string[] =>
  read(text).instructions.map(({ line, endLine, stage, resolved }) => `${line}-${endLine} ${stage} ${resolved}`);

describe('instructions', () => {
  test('are joined as builders do, and know their lines and stage', () => {
    const text = `# syntax=docker/dockerfile:1\r\nARG V=3\r\nfrom a:\${V} as X\r\n\r\nRUN b \\\r\n  # c\r\n\r\n  && d\r\nFROM x\r\nCOPY . /e`;
    expect(lines(text)).toEqual([
      ...['2-2 -1 ARG V=3', '3-3 0 from a:3 as X', '5-8 0 RUN b   && d', '9-9 1 FROM x', '10-10 1 COPY . /e'],
    ]);
    expect(read(text).syntax).toBe('docker/dockerfile:1');
    expect(finalInstructions(read(text)).map(({ name }) => name)).toEqual(['FROM', 'RUN', 'FROM', 'COPY']);
  });

  test('go on behind the character that the directive names', () => {
    expect(lines('# escape=`\nFROM a\nRUN b `\n c\nWORKDIR C:\\d\nENV E=`$F G=$E')).toEqual([
      ...['2-2 0 FROM a', '3-4 0 RUN b  c', '5-5 0 WORKDIR C:\\d', '6-6 0 ENV E=$F G=$E'],
    ]);
  });

  test('have here-documents: alone they are the script, else they follow it', () => {
    const [, run, pipe, copy] = read(
      "FROM a\nRUN <<EOF\nb\nc\nEOF\nRUN bash <<'EOF' && x\nd\nEOF\nCOPY <<f <<g /h/\n1\nf\n2\ng\n",
    ).instructions;
    expect([run?.text, run?.endLine]).toEqual(['RUN b\nc', 5]);
    expect(pipe?.text).toBe("RUN bash <<'EOF' && x\nd\nEOF");
    expect(copy?.heredocs).toEqual([
      { name: 'f', text: '1' },
      { name: 'g', text: '2' },
    ]);
  });

  test('have flags, which RUN does not show', () => {
    const [, run, copy] = read(
      'FROM a\nARG B=c\nRUN --mount=type=cache,target=/x --network=none d\nCOPY --from=$B --chown="e:f" g h',
    ).instructions.filter(({ name }) => name !== 'ARG');
    expect([run?.text, run?.flags]).toEqual([
      'RUN d',
      [
        { name: 'mount', value: 'type=cache,target=/x' },
        { name: 'network', value: 'none' },
      ],
    ]);
    expect(copy?.flags).toEqual([
      { name: 'from', value: 'c' },
      { name: 'chown', value: 'e:f' },
    ]);
  });

  test('that are none are told, and a file without FROM is no Dockerfile', () => {
    expect(readDockerfile('FROM a\nFOO b').problems).toEqual([
      { code: 'dockerfile/unknown-instruction', message: 'line 2: FOO is no instruction', blinding: false },
    ]);
    const { dockerfile, problems } = readDockerfile('RUN a');
    expect([dockerfile, problems.map(({ code, blinding }) => [code, blinding])]).toEqual([
      undefined,
      [['dockerfile/no-from', true]],
    ]);
    expect(readDockerfile(`FROM a\nRUN ${'b'.repeat(250_000)}`).problems.map(({ code }) => code)).toEqual([
      'dockerfile/unreadable',
    ]);
    expect(readDockerfile('FROM a\n'.repeat(600)).problems.map(({ code }) => code)).toEqual(['dockerfile/too-many']);
  });
});

describe('variables', () => {
  const env = (text: string): unknown =>
    read(text)
      .instructions.filter(({ name }) => name === 'ENV')
      .map(({ pairs }) => pairs);

  test('are replaced by what counts at their place', () => {
    expect(
      env(`ARG A=1\nFROM x\nARG A\nARG B=2\nENV C=$A-\${B} D=\${E:-3} F=\${B:+4} G=$H\nENV B=5\nARG B=6\nENV I=$B`),
    ).toEqual([
      [
        ['C', '1-2'],
        ['D', '3'],
        ['F', '4'],
        ['G', '$H'],
      ],
      [['B', '5']],
      [['I', '5']],
    ]);
  });

  test('of a stage are those of the environment that it starts from', () => {
    expect(env('FROM x AS a\nARG A=1\nENV B=2\nFROM a\nENV C=$A D=$B')).toEqual([
      [['B', '2']],
      [
        ['C', '$A'],
        ['D', '2'],
      ],
    ]);
  });

  test('stay where they are quoted or escaped', () => {
    expect(env(`FROM x\nENV A=1\nENV B='$A' C="$A" D=\\$A E="a \\" b" F=a\\ b`)).toEqual([
      [['A', '1']],
      [
        ['B', '$A'],
        ['C', '1'],
        ['D', '$A'],
        ['E', 'a " b'],
        ['F', 'a b'],
      ],
    ]);
    expect(env('FROM x\nENV A the rest = of it')).toEqual([[['A', 'the rest = of it']]]);
  });

  test('do not grow without end', () => {
    const text = `FROM x\nENV A=${'a'.repeat(4_000)}\n${Array.from({ length: 60 }, () => 'ENV A=$A$A$A$A').join('\n')}`;
    expect(read(text).instructions.every(({ resolved }) => resolved.length < 40_000)).toBe(true);
  });
});

test('stages know what they are for', () => {
  const text =
    'FROM a AS one\nFROM b AS two\nFROM c\nFROM one AS three\nRUN --mount=from=two,target=/x d\nFROM three\nCOPY --from=2 /e /e\nCOPY --from=one /f /f\n';
  expect(read(text).stages.map(({ name, parent, final, used }) => [name, parent, final, used])).toEqual([
    ['one', undefined, true, true],
    ['two', undefined, false, true],
    ['', undefined, false, true],
    ['three', 0, true, true],
    ['', 3, true, true],
  ]);
});

test('containers are run as the last stage and those below it say', () => {
  const config = runConfigOf(
    read(
      'FROM debian:12 AS a\nUSER root\nENV A=1\nENTRYPOINT ["x"]\nCMD y\nEXPOSE 80 5000-5001/udp $P\nFROM a\nSHELL ["/bin/bash","-c"]\nENTRYPOINT z "w"\nUSER app:app\nWORKDIR /b\nWORKDIR c\nLABEL l="m n"\nHEALTHCHECK --interval=1s CMD ["h"]\nVOLUME ["/v"] \nSTOPSIGNAL SIGINT\n',
    ),
  );
  expect({ ...config, labels: [...config.labels] }).toEqual({
    user: 'app:app',
    entrypoint: ['/bin/bash', '-c', 'z "w"'],
    cmd: [],
    workingDir: '/b/c',
    env: ['A=1'],
    ports: ['5000/udp', '5001/udp', '80/tcp'],
    volumes: ['/v'],
    stopSignal: 'SIGINT',
    healthcheck: ['CMD', 'h'],
    labels: [['l', 'm n']],
  });
});

test.each([
  ['scratch', ''],
  ['debian', ''],
  ['docker.io/library/node:22', ''],
  ['memcached:1.6', 'memcache'],
  ['gcr.io/distroless/static-debian12', ''],
  ['gcr.io/distroless/static-debian12:nonroot', 'nonroot'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled', 'nonroot'],
  ['registry.example.com/team/base:1', unknownUser],
  ['$BASE', unknownUser],
  ['not an image', unknownUser],
])('whom %s runs as', (image, user) => {
  expect(userOfBase(image)).toBe(user);
});

test.each([
  ['debian:12-slim', 'debian 12'],
  ['python:3.9-slim-buster', 'debian 10'],
  ['ubuntu:focal', 'ubuntu 20.04'],
  ['node:16-alpine3.11', 'alpine 3.11'],
  ['rockylinux:8.9', 'rocky 8.9'],
  ['node:16-alpine', undefined],
  ['debian', undefined],
  ['nginx:1.27', undefined],
  ['registry.example.com/debian:9', undefined],
])('of which release %s is', (image, release) => {
  const found = releaseOfBase(image);
  expect(found && `${found.id} ${found.version}`).toBe(release);
});

test('lines of a history are taken apart as those of a Dockerfile', () => {
  expect(partsOf('CMD ["a" "b c"]')).toMatchObject({ exec: true, words: ['a', 'b c'] });
  expect(partsOf('COPY --chown=a:b c d')).toMatchObject({
    flags: [{ name: 'chown', value: 'a:b' }],
    words: ['c', 'd'],
  });
  expect(partsOf('CMD [a]')).toMatchObject({ exec: false, words: ['[a]'] });
});

test('Dockerfiles are known by their names and by their first instruction', () => {
  const named = ['Dockerfile', 'a/Containerfile', 'Dockerfile.prod', 'api.dockerfile', 'dockerfile-dev'];
  expect(named.filter(isDockerfileName)).toEqual(named);
  expect(
    ['Dockerfile.dockerignore', 'Dockerfile.j2', 'dockerfile.md', 'mydockerfile', 'Dockerfiles'].filter(
      isDockerfileName,
    ),
  ).toEqual([]);
  const begins = (text: string): boolean => beginsAsDockerfile(Buffer.from(text));
  expect(['FROM a', '# c\n\nARG A=1\n', 'from --platform=x a:1 AS b'].map(begins)).toEqual([true, true, true]);
  expect(['', 'FROM a\0', 'From: a@b.example', 'FROM the sea we came', 'RUN a', '{"a":1}'].map(begins)).toEqual(
    Array(6).fill(false),
  );
});

test('any text is read without a fault, in bounded time', () => {
  const words = fc.constantFrom(
    ...[
      'FROM ',
      'a',
      ' AS b',
      '\n',
      '\\\n',
      'RUN ',
      '<<EOF',
      'EOF',
      '--mount=from=',
      '$A',
      `\${A:-`,
      '}',
      'ENV A=',
      '"',
      "'",
      'ONBUILD ',
      'COPY --from=0 ',
      '[',
      ']',
      '# escape=`\n',
      '\r',
      '\0',
      'é',
    ],
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 80 }), (parts) => {
      const { dockerfile, problems } = readDockerfile(parts.join(''));
      if (!dockerfile) return problems.some(({ blinding }) => blinding);
      runConfigOf(dockerfile);
      return dockerfile.instructions.every(
        ({ line, endLine, stage }) => line >= 1 && endLine >= line && stage < dockerfile.stages.length,
      );
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => readDockerfile(text).problems.length >= 0),
    { numRuns: 200 },
  );
});
