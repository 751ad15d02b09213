// The bench's own images, made once and kept in the work folder: a large one in three spellings, and a small one.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsRevision, makeContents } from './contents.mjs';
import { packLayer, writeImage } from './image.mjs';
import { addFolder, readJson, TarFile } from './tar.mjs';

/** The large image: `{ oci, layout, docker, skipped }`. Made when it isn't there yet, which takes some minutes. */
export async function largeImage(work, say) {
  const folder = join(work, `image-${contentsRevision}`);
  const stamp = join(folder, 'made.json');
  const paths = {
    oci: join(folder, 'bench.oci.tar'),
    layout: join(folder, 'bench.oci'),
    docker: join(folder, 'bench.docker.tar'),
  };
  // The stamp is written last.
  if (existsSync(stamp)) return { ...paths, skipped: readJson(stamp).skipped };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const skipped = [];
  const layers = [];
  for (const { name, folder: from } of makeContents(folder, say, skipped)) {
    say(`packing ${name}`);
    const tar = join(folder, `${name}.tar`);
    const file = new TarFile(tar);
    addFolder(file, from);
    file.close();
    layers.push(await packLayer(tar));
  }
  if (layers.length === 0) throw new Error(`no layer could be made:\n  ${skipped.join('\n  ')}`);
  say('writing the archives');
  writeImage(folder, 'bench', layers);
  for (const rest of ['layers', 'debs', 'no-debs']) rmSync(join(folder, rest), { recursive: true, force: true });
  for (const { tar } of layers) rmSync(tar);
  writeFileSync(stamp, JSON.stringify({ skipped }));
  return { ...paths, skipped };
}

const osRelease = 'ID=alpine\nVERSION_ID=3.18.9\nPRETTY_NAME="Alpine Linux v3.18"\n';

/** The small image, in the size of Alpine's with one program: some dozens of packages in two layers. */
export async function smallImage(work) {
  const folder = join(work, 'small');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const base = join(folder, 'base.tar');
  const apk = [];
  writeTar(base, (file) => {
    file.file('etc/os-release', Buffer.from(osRelease));
    for (let i = 0; i < 40; i++) {
      apk.push(`P:library-${i}\nV:1.${i}.0-r0\nA:x86_64\nL:MIT\no:library-${i}\n`);
      file.file(`usr/lib/liblibrary-${i}.so.1`, noise(48 * 1024, i), 0o755);
    }
    file.file('lib/apk/db/installed', Buffer.from(`${apk.join('\n')}\n`));
  });
  const app = join(folder, 'app.tar');
  writeTar(app, (file) => {
    for (let i = 0; i < 60; i++) {
      const name = `module-${i}`;
      file.file(
        `srv/node_modules/${name}/package.json`,
        Buffer.from(JSON.stringify({ name, version: `1.0.${i}`, license: 'MIT' })),
      );
      file.file(`srv/node_modules/${name}/index.js`, Buffer.from(`module.exports = ${i};\n`.repeat(200)));
    }
  });
  writeImage(folder, 'small', [await packLayer(base), await packLayer(app)]);
  return {
    oci: join(folder, 'small.oci.tar'),
    layout: join(folder, 'small.oci'),
    docker: join(folder, 'small.docker.tar'),
  };
}

function writeTar(path, fill) {
  const file = new TarFile(path);
  fill(file);
  file.close();
}

/** Bytes that compress by half, the same every time: a small generator (xorshift32), masked to four bits. */
export function noise(size, seed) {
  const bytes = Buffer.alloc(size);
  let state = seed + 1;
  for (let i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0x0f;
  }
  return bytes;
}
