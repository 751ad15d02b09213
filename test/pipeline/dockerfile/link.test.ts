import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/model/evidence.ts';
import { noFacts } from '../../../src/model/image-facts.ts';
import type { Place, PlacedFinding } from '../../../src/model/placed-finding.ts';
import { linkToDockerfile } from '../../../src/pipeline/dockerfile/link.ts';
import { instructionsOf } from '../../../src/source/instructions.ts';

type Line = readonly [createdBy: string, empty?: boolean];

function evidenceOf(history: readonly Line[], places: readonly Place[], baseLayers = 0): Evidence {
  const lines = history.map(([createdBy, empty = false]) => ({ createdBy, empty }));
  const layers = lines.filter(({ empty }) => !empty).length;
  return {
    target: { kind: 'image', layers: [] },
    judged: ['installed'],
    ...{ packages: [], findings: [], problems: [], sources: [] },
    image: { ...noFacts, history: instructionsOf(lines, layers, baseLayers) },
    placed: places.map((place, at) => findingIn(place, String(at))),
  };
}

function findingIn(place: Place, fingerprint: string): PlacedFinding {
  return {
    ...{ kind: 'misconfiguration', id: 'a/b', aliases: [], severity: 'low', title: '', message: '', why: '', fix: '' },
    ...{ links: [], controls: [], place, fingerprint },
  };
}

function linked(evidence: Evidence, text: string): Evidence {
  return linkToDockerfile(evidence, { path: 'x/Dockerfile', bytes: Buffer.from(text) });
}

/** The line that each finding is linked to, in order. */
function causes(
  history: readonly Line[],
  text: string,
  places: readonly Place[],
  baseLayers = 0,
): (number | undefined)[] {
  const { placed = [] } = linked(evidenceOf(history, places, baseLayers), text);
  return placed.map(({ place }) => place.cause?.line);
}

/** The line of the Dockerfile by line of the history; 0 where there is none. */
function steps(history: readonly Line[], text: string, baseLayers = 0): number[] {
  return (linked(evidenceOf(history, [], baseLayers), text).image?.history ?? []).map(({ line }) => line ?? 0);
}

const dockerfile = `ARG V=12
FROM golang:1 AS build
RUN go build -o /out/app .
FROM debian:$V AS base
ENV LANG=C TZ=UTC
FROM base
ARG TOKEN
RUN apt-get update \\
 && apt-get install -y curl
COPY --from=build --chown=app:app /out/app /usr/local/bin/
WORKDIR /srv
COPY . .
RUN <<EOF
adduser app
chmod 700 /srv
EOF
EXPOSE 8080 9090/udp
USER app
CMD ["app", "--serve"]
`;
const base: Line[] = [
  ['/bin/sh -c #(nop) ADD file:0123456789abcdef0123 in / '],
  ['/bin/sh -c #(nop)  CMD ["bash"]', true],
];
const lines = [0, 0, 5, 7, 8, 10, 11, 12, 13, 17, 18, 19];

describe('lines of a history', () => {
  test('are found as BuildKit writes them', () => {
    const history: Line[] = [
      ...base,
      ['ENV LANG=C TZ=UTC', true],
      ['ARG TOKEN', true],
      ['RUN |1 TOKEN=made-up /bin/sh -c apt-get update  && apt-get install -y curl # buildkit'],
      ['COPY --chown=app:app /out/app /usr/local/bin/ # buildkit'],
      ['WORKDIR /srv'],
      ['COPY . . # buildkit'],
      ['RUN |1 TOKEN=made-up /bin/sh -c adduser app\nchmod 700 /srv\n # buildkit'],
      ['EXPOSE map[8080/tcp:{} 9090/udp:{}]', true],
      ['USER app', true],
      ['CMD ["app" "--serve"]', true],
    ];
    expect(steps(history, dockerfile, 1)).toEqual(lines);
    expect(steps(history, dockerfile)).toEqual(lines);
  });

  test("are found as Docker's old builder wrote them", () => {
    const nop = (line: string): Line => [`/bin/sh -c #(nop) ${line}`, true];
    const made = (line: string): Line => [`/bin/sh -c #(nop) ${line}`];
    expect(
      steps(
        [
          ...base,
          nop(' ENV LANG=C TZ=UTC'),
          nop(' ARG TOKEN'),
          ['|1 TOKEN=made-up /bin/sh -c apt-get update  && apt-get install -y curl'],
          made('COPY --chown=app:app file:0123456789abcdef0123 in /usr/local/bin/ '),
          nop('WORKDIR /srv'),
          made('COPY dir:0123456789abcdef0123 in . '),
          ['/bin/sh -c adduser app\nchmod 700 /srv'],
          nop(' EXPOSE 8080 9090/udp'),
          nop(' USER app'),
          nop(' CMD ["app" "--serve"]'),
        ],
        dockerfile,
        1,
      ),
    ).toEqual(lines);
  });

  test('that are the same are told apart by their order', () => {
    const text = 'FROM a\nRUN make\nCOPY a /a\nRUN make\nCOPY b /b\nRUN make\n';
    const history: Line[] = [
      ['RUN /bin/sh -c make'],
      ['COPY a /a'],
      ['RUN /bin/sh -c make'],
      ['COPY b /b'],
      ['RUN /bin/sh -c make'],
    ];
    expect(steps(history, text)).toEqual([2, 3, 4, 5, 6]);
    expect(steps([['RUN /bin/sh -c other'], ...history.slice(1)], text)).toEqual([0, 3, 4, 5, 6]);
  });
});

describe('findings', () => {
  const text = 'FROM a\nENV A=1\nCOPY x /x\nLABEL l=1\nUSER root\nEXPOSE 80\nEXPOSE 22 23\n';
  const history: Line[] = [
    ['ADD rootfs /'],
    ['ENV A=1', true],
    ['COPY x /x # buildkit'],
    ['LABEL l=1', true],
    ['USER root', true],
    ['EXPOSE map[80/tcp:{}]', true],
    ['EXPOSE map[22/tcp:{} 23/tcp:{}]', true],
  ];

  test('are linked to what made their layer, their step or their setting', () => {
    const places: [Place, number | undefined][] = [
      [{ in: 'file', path: '/x', layer: 1, from: 'own' }, 3],
      [{ in: 'file', path: '/x', layer: 1, removedIn: 2 }, 3],
      [{ in: 'file', path: '/etc/passwd', layer: 0 }, 1],
      [{ in: 'package', layer: 0, from: 'base' }, 1],
      [{ in: 'file', path: '/etc/passwd' }, undefined],
      [{ in: 'history', step: 4 }, 5],
      [{ in: 'history', step: 0 }, 1],
      [{ in: 'environment', name: 'A' }, 2],
      [{ in: 'environment', name: 'PATH' }, 1],
      [{ in: 'label', name: 'l' }, 4],
      [{ in: 'annotation', name: 'l' }, undefined],
      [{ in: 'configuration', name: 'User' }, 5],
      [{ in: 'configuration', name: 'ExposedPorts 80/tcp' }, 6],
      [{ in: 'configuration', name: 'ExposedPorts 23/tcp' }, 7],
      [{ in: 'configuration', name: 'Healthcheck' }, 1],
      [{ in: 'commit', path: 'x', commit: '0'.repeat(40) }, undefined],
    ];
    expect(
      causes(
        history,
        text,
        places.map(([place]) => place),
      ),
    ).toEqual(places.map(([, line]) => line));
  });

  test('are linked in all their places, and those of other tools in none', () => {
    const evidence = evidenceOf(history, []);
    const one = {
      ...findingIn({ in: 'file', path: '/x', layer: 1 }, '1'),
      also: [{ in: 'history' as const, step: 1 }],
    };
    const { placed } = linked({ ...evidence, placed: [one, { ...one, kind: 'external' }] }, text);
    const cause = (line: number) => ({ path: 'x/Dockerfile', line });
    expect(placed).toEqual([
      { ...one, place: { ...one.place, cause: cause(3) }, also: [{ in: 'history', step: 1, cause: cause(2) }] },
      { ...one, kind: 'external' },
    ]);
  });

  test("are linked to nothing where the Dockerfile is another image's, or none", () => {
    const evidence = evidenceOf(history, [{ in: 'history', step: 4 }]);
    const other = linked(evidence, 'FROM a\nRUN pip install flask\nCOPY y /y\nENTRYPOINT ["y"]\n');
    expect(other).toEqual({
      ...evidence,
      problems: [
        {
          code: 'dockerfile/other-image',
          message: 'the image was not built from this Dockerfile, as its history says: nothing is linked to its lines',
          path: 'x/Dockerfile',
          blinding: false,
        },
      ],
    });
    const none = linked(evidence, 'hello\n');
    expect([none.placed, none.problems.map(({ code, blinding }) => [code, blinding])]).toEqual([
      evidence.placed,
      [
        ['dockerfile/no-from', false],
        ['dockerfile/unknown-instruction', false],
      ],
    ]);
  });

  test('of an image whose line the file names are linked, by a whole Dockerfile', () => {
    const bytes = readFileSync('test/fixtures/dockerfile/bad-practice.Dockerfile');
    const own: Line[] = [
      ...[
        base[0]!,
        base[1]!,
        ['ENV AWS_ACCESS_KEY_ID=other AWS_SECRET_ACCESS_KEY=other', true] as const,
        ['ARG NPM_TOKEN', true] as const,
      ],
      ['RUN |1 NPM_TOKEN=x /bin/sh -c npm config set //npm.example.com/:_authToken=$NPM_TOKEN && npm ci # buildkit'],
      ['COPY deploy_key /tmp/deploy_key # buildkit'],
      ['ADD http://downloads.example.com/install.sh /tmp/install.sh # buildkit'],
      ['RUN /bin/sh -c rm -rf /tmp/deploy_key /root/.aws # buildkit'],
      ['COPY . /app # buildkit'],
      ['RUN /bin/sh -c chmod u+s /usr/local/bin/helper && chmod 777 /app/run.sh # buildkit'],
      ['RUN /bin/sh -c curl http://downloads.example.com/setup.sh | sh # buildkit'],
      ...[['USER root', true] as const, ['EXPOSE map[22/tcp:{} 3306/tcp:{} 8080/tcp:{}]', true] as const],
    ];
    expect(steps(own, bytes.toString())).toEqual([0, 0, 6, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18]);
  });
});

test('any history and any Dockerfile are laid side by side in their order', () => {
  const words = fc.constantFrom(
    'RUN a',
    'RUN a b',
    'COPY a b',
    'ENV A=1',
    'USER x',
    'CMD ["a"]',
    'FROM a',
    'FROM a AS b',
    '<<E',
    '$(',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 20 }), fc.array(words, { maxLength: 20 }), (made, file) => {
      const told = steps(
        made.map((line) => [line] as const),
        file.join('\n'),
      ).filter((line) => line > 0);
      return told.every((line, at) => at === 0 || line > told[at - 1]!);
    }),
    { numRuns: 200 },
  );
  const history = Array.from({ length: 3_000 }, (_, at): Line => [`RUN /bin/sh -c make target-${at}`]);
  const text = ['FROM a', ...history.map(([line]) => line.replace('/bin/sh -c ', ''))].join('\n');
  const before = process.cpuUsage().user;
  expect(steps(history, text).filter((line) => line > 0).length).toBeGreaterThan(50);
  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(5_000);
});
