import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactCommand } from '../../src/util/redact.ts';

describe('redactCommand', () => {
  test.each([
    ['|1 NPM_TOKEN=s3cr3t /bin/sh -c npm ci', '|1 NPM_TOKEN=*** /bin/sh -c npm ci'],
    ['|2 A=x y z B=q /bin/sh -c make', '|2 A=*** B=*** /bin/sh -c make'],
    ['ENV DB_PASSWORD=hunter2 LANG=C', 'ENV DB_PASSWORD=*** LANG=C'],
    ['ENV API_KEY="two words" LANG=C', 'ENV API_KEY="***" LANG=C'],
    ["RUN echo 'SECRET=abc'", "RUN echo 'SECRET=***'"],
    ['RUN login --password hunter2 --user me', 'RUN login --password *** --user me'],
    ['RUN curl -H "Authorization: Bearer abc.def" https://x', 'RUN curl -H "Authorization: *** ***" https://x'],
    ['RUN git clone https://me:pw@example.org/x', 'RUN git clone https://***@example.org/x'],
    ['RUN use ghp_0123456789abcdef', 'RUN use ***'],
    ['RUN x API_TOKEN="never closed', 'RUN x API_TOKEN="***'],
    ['/bin/sh -c #(nop)  CMD ["node" "server.js"]', '/bin/sh -c #(nop)  CMD ["node" "server.js"]'],
    ['CMD ["app" "--password" "hunter2" "--quiet"]', 'CMD ["app" "--password" "***" "--quiet"]'],
    ['["app","--api-key","k1","--token=k2","x"]', '["app","--api-key","***","--token=***","x"]'],
    ['RUN echo {"password": "hunter2", "user":"me"}', 'RUN echo {"password": "***", "user":"me"}'],
    ["ENV DB_PASS=hunter2 MYSQL_PWD='hunter2'", "ENV DB_PASS=*** MYSQL_PWD='***'"],
    ['COPY --chown=node:node . /app', 'COPY --chown=node:node . /app'],
  ])('%s', (line, shown) => {
    expect(redactCommand(line)).toBe(shown);
  });

  test('never shows the value of a secret variable, whatever it is', () => {
    const value = fc
      .stringMatching(/^[!-~]{8,30}$/)
      .filter((text) => !/["'*=:@]/.test(text) && !'TOKEN'.includes(text));
    fc.assert(fc.property(value, (secret) => !redactCommand(`RUN A=1 MY_TOKEN=${secret} make`).includes(secret)));
  });

  test('is linear', () => {
    const started = performance.now();
    for (const text of ['A='.repeat(2000), '|1 '.repeat(1300), `${'a'.repeat(4000)}@`, '://'.repeat(1300)])
      redactCommand(text);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
