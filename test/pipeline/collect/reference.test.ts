import { describe, expect, test } from 'vitest';
import type { FileQuery } from '../../../src/model/collected.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { collected } from './support.ts';

/** What queries find in a reference image, each fact on a line. */
async function found(image: string, ...files: FileQuery[]): Promise<string[]> {
  const { collected: facts } = await collected(shared('images', `${image}.oci.tar`), { files });
  expect(facts?.queries).toEqual(files.map(({ id }) => id));
  return (facts?.files ?? []).map((one) => {
    const path = one.path.replace('/root/', '~/');
    const owner = one.owner?.replace(/\?.*/, '') ?? 'nobody';
    const matches = one.matches?.join(' ') ?? '-';
    return `${one.queries} ${path} ${one.kind} ${one.mode.toString(8)} ${one.layer} ${one.from} ${owner} ${matches}`;
  });
}

describe.skipIf(!hasShared)('a reference image', () => {
  test('of bad practice has its planted files', async () => {
    const key = '-----BEGIN [A-Z ]*PRIVATE KEY-----';
    const facts = await found(
      'bad-practice',
      { id: 'a', paths: ['/**'], modes: ['setuid', 'setgid'] },
      { id: 'b', paths: ['/app/**'], kinds: ['file', 'folder'], modes: ['world-writable'] },
      { id: 'c', paths: ['/etc/shadow', '/etc/sudoers.d/*'], matches: { open: '(?m)^root::', sudo: 'NOPASSWD' } },
      { id: 'd', paths: ['/**'], matches: { key } },
    );
    expect(facts.filter((fact) => !fact.startsWith('d ') || fact.endsWith(' key'))).toMatchInlineSnapshot(`
      [
        "d /app/config/gcp.json file 644 5 own nobody key",
        "b /app/run.sh file 777 6 own nobody -",
        "b /app/uploads folder 777 6 own nobody -",
        "c /etc/shadow file 644 6 own pkg:apk/alpine/alpine-baselayout-data@3.4.0-r0 open",
        "c /etc/sudoers.d/app file 440 6 own nobody sudo",
        "d ~/.ssh/id_rsa file 600 5 own nobody key",
        "a /usr/local/bin/helper file 4755 6 own nobody -",
        "a /usr/local/bin/mailer file 2755 6 own nobody -",
      ]
    `);
  });

  test('has the accounts that its files tell', async () => {
    const { collected: facts } = await collected(shared('images', 'bad-practice.oci.tar'), { accounts: true });
    const brief = facts?.accounts?.map(({ name, uid, shell, password, groups }) => [
      name,
      uid,
      shell,
      password,
      ...groups,
    ]);
    expect(brief?.filter(([name]) => name === 'root' || name === 'daemon')).toMatchInlineSnapshot(`
      [
        [
          "daemon",
          2,
          "/sbin/nologin",
          "unknown",
          "adm",
          "bin",
          "daemon",
        ],
        [
          "root",
          0,
          "/bin/ash",
          "none",
          "adm",
          "bin",
          "daemon",
          "dialout",
          "disk",
          "floppy",
          "root",
          "sys",
          "tape",
          "video",
          "wheel",
        ],
      ]
    `);
  });

  test('of many layers has each file as the last layer left it', async () => {
    const kinds = ['file', 'folder', 'symlink', 'device'] as const;
    const facts = await found('multi-layer-tricks', { id: 'a', paths: ['/opt/**', '/srv/*', '/app/*'], kinds });
    expect(facts).toMatchInlineSnapshot(`
      [
        "a /app/node_modules folder 755 4 own nobody -",
        "a /app/vendor folder 755 5 own nobody -",
        "a /opt/cur folder 755 5 own nobody -",
        "a /opt/cur/node_modules folder 755 5 own nobody -",
        "a /opt/cur/node_modules/path-parse folder 755 5 own nobody -",
        "a /opt/cur/node_modules/path-parse/README.md file 644 5 own nobody -",
        "a /opt/cur/node_modules/path-parse/index.js file 644 5 own nobody -",
        "a /opt/cur/node_modules/path-parse/package.json file 644 5 own nobody -",
        "a /opt/cur/node_modules/path-parse/test.js file 644 5 own nobody -",
        "a /opt/rel-1 folder 755 2 own nobody -",
        "a /opt/rel-1/node_modules folder 755 2 own nobody -",
        "a /opt/rel-1/node_modules/dot-prop folder 755 2 own nobody -",
        "a /opt/rel-1/node_modules/dot-prop/index.js file 644 2 own nobody -",
        "a /opt/rel-1/node_modules/dot-prop/package.json file 644 2 own nobody -",
        "a /opt/rel-1/node_modules/dot-prop/readme.md file 644 2 own nobody -",
        "a /opt/store folder 755 6 own nobody -",
        "a /opt/store/v3 folder 755 6 own nobody -",
        "a /opt/store/v3/files folder 755 6 own nobody -",
        "a /opt/store/v3/files/31 folder 755 6 own nobody -",
        "a /opt/store/v3/files/31/2f19921548f72b8432695039c4f8e68d3264bcb33c2edec59fb62bb3ac0d8d file 644 6 own nobody -",
        "a /opt/store/v3/files/37 folder 755 6 own nobody -",
        "a /opt/store/v3/files/37/08fd273bf5b1e91c72d88143f48ad962adcc10b99250a4a203d13804f37757 file 644 6 own nobody -",
        "a /opt/store/v3/files/55 folder 755 6 own nobody -",
        "a /opt/store/v3/files/55/986972f5f3c9446f876c576e1cd30fd4f04cd26527efbb5ad834637c740e4c file 644 6 own nobody -",
        "a /opt/store/v3/files/66 folder 755 6 own nobody -",
        "a /opt/store/v3/files/66/52830c2607c722b66f1b57de15877ab8fc5dca406cc5b335afeb365d0f32c1 file 644 6 own nobody -",
        "a /opt/thing file 644 5 own nobody -",
        "a /srv/abs folder 755 10 own nobody -",
        "a /srv/bytes folder 755 9 own nobody -",
        "a /srv/gnu folder 755 8 own nobody -",
        "a /srv/linked folder 755 6 own nobody -",
        "a /srv/pax folder 755 7 own nobody -",
        "a /srv/twice folder 755 10 own nobody -",
      ]
    `);
  });
});
