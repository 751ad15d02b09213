import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../src/model/digest.ts';
import { formatReference, parseReference, withDigest } from '../../src/model/reference.ts';
import { SluiceError } from '../../src/util/error.ts';

const hex = '0123456789abcdef'.repeat(4);
const digest = parseDigest(`sha256:${hex}`);

describe('what docker understands', () => {
  test.each([
    ['alpine', 'docker.io', 'library/alpine', 'latest'],
    ['alpine:3.18', 'docker.io', 'library/alpine', '3.18'],
    ['docker.io/alpine', 'docker.io', 'library/alpine', 'latest'],
    ['index.docker.io/alpine:1', 'docker.io', 'library/alpine', '1'],
    ['grafana/grafana', 'docker.io', 'grafana/grafana', 'latest'],
    ['a/b/c:x', 'docker.io', 'a/b/c', 'x'],
    ['localhost/app', 'localhost', 'app', 'latest'],
    ['localhost:5000/app:v1', 'localhost:5000', 'app', 'v1'],
    ['registry.example.com/app', 'registry.example.com', 'app', 'latest'],
    ['registry:5000/app', 'registry:5000', 'app', 'latest'],
    ['registry/app', 'docker.io', 'registry/app', 'latest'],
    ['Registry.Example.COM:443/team/app', 'registry.example.com:443', 'team/app', 'latest'],
    ['127.0.0.1:1/a', '127.0.0.1:1', 'a', 'latest'],
    ['[::1]:5000/app:2', '[::1]:5000', 'app', '2'],
    ['[2001:DB8::1]/team/app', '[2001:db8::1]', 'team/app', 'latest'],
    ['registry.example.com/a__b/c-d---e/f.g_h:_T.-x', 'registry.example.com', 'a__b/c-d---e/f.g_h', '_T.-x'],
    ['alpine:5000', 'docker.io', 'library/alpine', '5000'],
  ])('%s', (text, registry, repository, tag) => {
    const reference = parseReference(text);
    expect(reference).toEqual({ registry, repository, tag });
    expect(formatReference(reference)).toBe(`${registry}/${repository}:${tag}`);
    expect(parseReference(formatReference(reference))).toEqual(reference);
  });

  test('a digest without a tag has no tag', () => {
    const reference = parseReference(`alpine@${digest}`);
    expect(reference).toEqual({ registry: 'docker.io', repository: 'library/alpine', digest });
    expect(formatReference(reference)).toBe(`docker.io/library/alpine@${digest}`);
  });

  test('tag and digest are both kept', () => {
    const reference = parseReference(`localhost:5000/a:1@${digest}`);
    expect(reference).toEqual({ registry: 'localhost:5000', repository: 'a', tag: '1', digest });
    expect(formatReference(reference)).toBe(`localhost:5000/a:1@${digest}`);
    expect(withDigest(parseReference('localhost:5000/a:1'), digest)).toEqual(reference);
  });

  test('the longest names', () => {
    const repository = `a/${'b'.repeat(253)}`;
    const tag = 't'.repeat(128);
    expect(parseReference(`x.example/${repository}:${tag}`)).toEqual({ registry: 'x.example', repository, tag });
  });
});

describe('what is refused, with the part that is wrong', () => {
  test.each([
    ['', 'it is empty'],
    ['a'.repeat(1025), 'longer than 1024'],
    ['https://registry.example/app', 'no scheme'],
    [hex, 'id of a local image'],
    ['Alpine', '"library/Alpine" must be in lower case'],
    ['registry.example/Team/app', '"Team/app" must be in lower case'],
    ['alpine:', '"" is not a valid tag'],
    ['alpine:-x', '"-x" is not a valid tag'],
    ['alpine:a b', '"a b" is not a valid tag'],
    [`alpine:${'t'.repeat(129)}`, 'the tag is longer than 128'],
    [`x.example/${'a'.repeat(256)}`, 'the repository is longer than 255'],
    ['alpine@sha256:abc', 'not sha256: and 64'],
    ['alpine@sha512:abc', 'is not sha256'],
    ['alpine@', 'is not sha256'],
    [`alpine@${digest}@${digest}`, 'not sha256: and 64'],
    ['a//b', '"" is not a valid part'],
    ['registry.example/', '"" is not a valid part'],
    ['registry.example/../etc', '".." is not a valid part'],
    ['a/_b', '"_b" is not a valid part'],
    ['a/b___c', '"b___c" is not a valid part'],
    ['a/b..c', '"b..c" is not a valid part'],
    ['-reg.example/a', '"-reg.example" is not a valid host'],
    ['reg_x.example/a', '"reg_x.example" is not a valid host'],
    ['user@reg.example/a', 'is not sha256'],
    ['reg.example:0/a', '"0" is not a valid port'],
    ['reg.example:65536/a', '"65536" is not a valid port'],
    ['reg.example:/a', '"" is not a valid port'],
    ['reg.example:5x/a', '"5x" is not a valid port'],
    ['1.2.3.400/a', '"1.2.3.400" is not a valid host'],
    ['Registry/app', '"Registry/app" must be in lower case'],
    ['[::1/a', '"[::1" is not a valid host'],
    ['[::1]x/a', '"[::1]x" is not a valid host'],
    ['[fe80::1%eth0]/a', 'is not a valid host'],
    ['[1.2.3.4]/a', '"[1.2.3.4]" is not a valid host'],
    ['a\u001b[2Jb', '\\u001b'],
    ['a/é', '\\u00e9'],
  ])('%s', (text, part) => {
    expect(() => parseReference(text)).toThrowError(
      expect.objectContaining({ code: 'reference/malformed', message: expect.stringContaining(part) }),
    );
  });

  test('every text is a canonical reference or a one-line ASCII error', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '/',
      ':',
      '@',
      '.',
      '-',
      '_',
      '[',
      ']',
      '5000',
      '::1',
      `${digest}`,
      'é',
      '\n',
    );
    const good = `reg.example:5000/team/app:v1@${digest}`;
    const mutation = fc
      .tuple(fc.nat(40), fc.nat(4), fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 3 })))
      .map(([at, cut, part]) => good.slice(0, at) + part + good.slice(at + cut));
    const text = fc.oneof(
      mutation,
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        try {
          const reference = parseReference(input);
          expect(parseReference(formatReference(reference))).toEqual(reference);
          expect(formatReference(reference)).toMatch(/^[\x21-\x7e]+$/);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
          expect((thrown as SluiceError).message).toMatch(/^[\x20-\x7e]{1,500}$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
