import { afterEach, describe, expect, test } from 'vitest';
import { type CommentHost, comment } from '../../../src/source/forge/comments.ts';
import { azureComments, bitbucketComments, githubComments, gitlabComments } from '../../../src/source/forge/hosts.ts';
import { type ForgeAccess, ForgeApi } from '../../../src/source/forge/http.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { Forge, type ForgeKind } from '../../support/forge.ts';

const marker = '<!-- sluice:comment shop -->';
const first = `${marker}\n### Stopped\n`;
const second = `${marker}\n### Passed\n`;
const token = 'sesame-0123456789';
const hosts: Readonly<Record<ForgeKind, CommentHost>> = {
  github: githubComments({ repository: 'acme/shop', number: '12', prefix: 'v3/', graphql: true }),
  gitlab: gitlabComments({ project: '7', number: '12' }),
  azure: azureComments({ project: 'My shop', repository: 'r1', number: '12' }),
  bitbucket: bitbucketComments({ workspace: 'acme', repository: 'shop', number: '12' }),
};
const kinds = Object.keys(hosts) as ForgeKind[];
const open: { close(): unknown }[] = [];
const slept: number[] = [];

afterEach(async () => {
  slept.length = 0;
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function started(kind: ForgeKind, given: Partial<ForgeAccess> = {}) {
  const forge = new Forge(kind);
  const apiUrl = `${await forge.listen()}/api`;
  const headers = kind === 'gitlab' ? { 'private-token': token } : { authorization: `Bearer ${token}` };
  const sleep = async (ms: number): Promise<void> => void slept.push(ms);
  const api = new ForgeApi({ apiUrl, token, headers, env: {}, insecure: false, sleep, ...given });
  open.push(api, forge);
  return { forge, say: (text: string) => comment(api, hosts[kind], text) };
}

/** What went wrong. */
async function failure(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof SluiceError) return `${thrown.code}: ${thrown.message}`.replace(/127\.0\.0\.1:\d+/, 'HOST');
  throw thrown ?? new Error('nothing went wrong');
}

describe.each(kinds)('on %s', (kind) => {
  test('a comment is written once, changed, and let be where nothing has changed', async () => {
    const { forge, say } = await started(kind);
    forge.stand('somebody', 'nice work');
    expect([await say(first), await say(second), await say(`${second.replaceAll('\n', '\r\n')}\n`)]).toEqual([
      'created',
      'updated',
      'unchanged',
    ]);
    expect(forge.comments.map(({ author, text }) => [author, text])).toEqual([
      ['somebody', 'nice work'],
      ['sluice-bot', second],
    ]);
    const sent = kind === 'gitlab' ? { 'private-token': token } : { authorization: `Bearer ${token}` };
    for (const { headers, url } of forge.asked) {
      expect(headers).toMatchObject(sent);
      expect(url).toMatch(/^\/api\//);
    }
  });

  test("somebody else's comment with our line is left alone, and so is one of another image", async () => {
    const { forge, say } = await started(kind);
    forge.stand('somebody', first);
    forge.stand('sluice-bot', '<!-- sluice:comment other -->\n');
    forge.stand('sluice-bot', `quoted: ${first}`);
    expect(await say(second)).toBe('created');
    expect(forge.comments.map(({ text }) => text)).toEqual([
      first,
      '<!-- sluice:comment other -->\n',
      `quoted: ${first}`,
      second,
    ]);
  });

  test('the comment is found on the third page', async () => {
    const { forge, say } = await started(kind);
    for (let i = 0; i < 230; i++) forge.stand('somebody', `comment ${i}`);
    forge.stand('sluice-bot', first);
    expect(await say(second)).toBe('updated');
    expect(forge.comments.at(-1)?.text).toBe(second);
    expect(forge.comments.length).toBe(231);
  });

  test('a token that may not write is told, without the token', async () => {
    const { forge, say } = await started(kind);
    const message = `Resource not accessible with ${token}\n`;
    forge.faults.push(undefined, { status: 403, body: JSON.stringify({ message }) });
    expect(await failure(say(first))).toBe(
      'forge/refused: HOST refuses to write a comment (HTTP 403: Resource not accessible with ***\\x0a)',
    );
    expect(forge.comments).toEqual([]);
  });
});

describe('a code host', () => {
  test('that is busy is asked again, when it says', async () => {
    const { forge, say } = await started('github');
    forge.faults.push({ status: 502 }, { status: 429, headers: { 'retry-after': '7' } }, undefined, {
      status: 403,
      headers: { 'retry-after': '3' },
    });
    expect(await say(first)).toBe('created');
    expect(slept).toEqual([1000, 7000, 3000]);
    expect(forge.comments.length).toBe(1);
  });

  test('that asks for a long wait is not waited for', async () => {
    const { forge, say } = await started('github');
    forge.faults.push({ status: 429, headers: { 'retry-after': '3600' } });
    expect(await failure(say(first))).toBe('forge/refused: HOST refuses to list the comments (HTTP 429)');
    expect(slept).toEqual([]);
  });

  test('that may have taken a comment is not sent it twice', async () => {
    const { forge, say } = await started('github');
    forge.faults.push(undefined, { status: 502 });
    expect(await failure(say(first))).toBe('forge/refused: HOST refuses to write a comment (HTTP 502)');
    expect(forge.asked.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('that redirects is not followed: the token is for nobody else', async () => {
    const { forge, say } = await started('github');
    forge.faults.push({ status: 302, headers: { location: 'http://127.0.0.1:9/stolen' } });
    expect(await failure(say(first))).toBe('forge/refused: HOST refuses to list the comments (HTTP 302)');
    expect(forge.asked.length).toBe(1);
  });

  test('that answers with something else, or with too much, gets no comment twice', async () => {
    const { forge, say } = await started('github');
    for (const body of ['<html>', '['.repeat(100_000), '']) {
      forge.faults.push({ status: 200, body });
      expect(await failure(say(first))).toBe('forge/refused: HOST refuses to list the comments (HTTP 200)');
    }
    const huge = { status: 200, body: `"${'x'.repeat(17 * 1024 * 1024)}"` };
    forge.faults.push(huge, huge, huge);
    expect(await failure(say(first))).toBe(
      "forge/network: HOST can't be reached (its answer is larger than 16777216 bytes)",
    );
  });

  test('that hangs ends', async () => {
    const { forge, say } = await started('github', { timeoutMs: 50 });
    const never = { status: 200, headers: { 'content-length': '10' }, body: 'x' };
    forge.faults.push(never, never, never);
    expect(await failure(say(first))).toMatch(/^forge\/network: HOST can't be reached \(/);
  });

  test('that is not there is told', async () => {
    const { forge, say } = await started('gitlab');
    await forge.close();
    expect(await failure(say(first))).toBe("forge/network: HOST can't be reached (ECONNREFUSED)");
    expect(slept).toEqual([1000, 2000]);
  });

  test('that does not say who we are: nothing is changed that may be another', async () => {
    const { forge, say } = await started('github');
    forge.stand('sluice-bot', first);
    forge.faults.push(undefined, { status: 200, body: '{"errors":[]}' }, { status: 403, body: '{}' });
    expect(await say(second)).toBe('created');
    expect(forge.asked.map(({ url }) => url.replace(/\?.*/, ''))).toEqual([
      '/api/v3/repos/acme/shop/issues/12/comments',
      '/api/graphql',
      '/api/v3/user',
      '/api/v3/repos/acme/shop/issues/12/comments',
    ]);
  });
});

describe('the address and the token', () => {
  const access = { token, headers: {}, env: {}, insecure: false };
  test.each([
    ['no address', 'forge/address: the address of the API that the CI system gives is none'],
    ['ftp://git.test', 'forge/address: the address of the API that the CI system gives is none'],
    ['https://user:pass@git.test/api', 'forge/address: the address of the API that the CI system gives is none'],
    ['http://git.test/api', 'forge/address: git.test is asked over plain HTTP, which would show the token'],
  ])('%s is refused', async (apiUrl, message) => {
    expect(await failure((async () => new ForgeApi({ ...access, apiUrl }))())).toBe(message);
  });

  test('plain HTTP is taken where the user says so, and a token of one line alone', async () => {
    new ForgeApi({ ...access, apiUrl: 'http://git.test/api', insecure: true }).close();
    const wrong = { ...access, apiUrl: 'https://git.test', token: 'a\r\nx-evil: 1' };
    const message = 'forge/token: the token has characters that no token has, such as a line end';
    expect(await failure((async () => new ForgeApi(wrong))())).toBe(message);
  });

  test('a path leads neither out of the API nor to another host', async () => {
    const api = new ForgeApi({ ...access, apiUrl: 'https://git.test/api' });
    open.push(api);
    for (const path of ['../admin', '/x', '//evil.test/x', 'https://evil.test/', '\\\\evil.test']) {
      expect(await failure(api.ask({ method: 'GET', path }))).toMatch(/^forge\/address: .* leads out of the API$/);
    }
  });
});
