// Images of a given size or count of packages, made cheaply: a body is compressed once and stands in the layers many
// times, as a gzip member of its own between fresh ones with the headers around it.
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeLayout } from './image.mjs';
import { noise } from './images.mjs';
import { tarHeader } from './tar.mjs';

const megabyte = 1_000_000;

/** Layers of an image that is made by size. */
const layerCount = 4;
/** Bytes of the body that is packed once, a whole number of tar blocks. */
const bodySize = 8 * 1024 * 1024;
/** Small files before each body, and their bytes: as many as a usual image has to a megabyte. */
const smallFiles = 400;
const smallSize = 4096;
const unitSize = bodySize + 512 + smallFiles * (smallSize + 512);

const end = Buffer.alloc(1024);

/** Writes members of gzip to a file and takes both digests. */
class LayerFile {
  #fd;
  #diffId = createHash('sha256');
  #digest = createHash('sha256');
  #size = 0;

  constructor(path) {
    this.path = path;
    this.#fd = openSync(path, 'w');
  }

  /** Adds bytes of the tar, with their packed form where that is there already. */
  add(bytes, packed = gzipSync(bytes, { level: 6 })) {
    this.#diffId.update(bytes);
    this.#digest.update(packed);
    for (let done = 0; done < packed.length; ) done += writeSync(this.#fd, packed, done);
    this.#size += packed.length;
  }

  close() {
    this.add(end);
    closeSync(this.#fd);
    return {
      packed: this.path,
      digest: this.#digest.digest('hex'),
      diffId: this.#diffId.digest('hex'),
      size: this.#size,
    };
  }
}

function entry(path, bytes) {
  const rest = bytes.length % 512;
  return [tarHeader(path, '0', bytes.length, 0o644, ''), bytes, ...(rest > 0 ? [Buffer.alloc(512 - rest)] : [])];
}

const osRelease = Buffer.from('ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n');

/** What every image begins with: a distribution and its package database. */
function base(packages) {
  const stanzas = Array.from(
    { length: packages },
    (_, i) =>
      `Package: library-${i}\nStatus: install ok installed\nSource: source-${i % 1000}\nArchitecture: amd64\nVersion: 1.${i}.0-1\n\n`,
  );
  return Buffer.concat([
    ...entry('etc/os-release', osRelease),
    ...entry('var/lib/dpkg/status', Buffer.from(stanzas.join(''))),
  ]);
}

/** Makes an image whose layers unpack to some megabytes; a layout folder, which `remove` deletes. */
export function imageOfSize(work, megabytes) {
  const body = noise(bodySize, 3);
  const packedBody = gzipSync(body, { level: 6 });
  const content = noise(smallSize, 5);
  const units = Math.max(1, Math.round((megabytes * megabyte) / unitSize));
  return layout(work, `${megabytes}-mb`, Math.min(layerCount, units), (file, layer) => {
    if (layer === 0) file.add(base(100));
    for (let unit = layer; unit < units; unit += layerCount) {
      const folder = `usr/lib/part-${unit}`;
      const small = Array.from({ length: smallFiles }, (_, i) => entry(`${folder}/file-${i}.txt`, content)).flat();
      file.add(Buffer.concat([...small, tarHeader(`${folder}/body.bin`, '0', bodySize, 0o644, '')]));
      file.add(body, packedBody);
    }
  });
}

/** Makes an image with some packages, half of them Debian's and half npm's, and nothing else. */
export function imageOfPackages(work, packages) {
  const debian = Math.ceil(packages / 2);
  return layout(work, `${packages}-packages`, 1, (file) => {
    file.add(base(debian));
    const pieces = [];
    for (let i = 0; i < packages - debian; i++) {
      const name = `module-${i}`;
      const text = JSON.stringify({ name, version: `1.0.${i}`, license: 'MIT', description: 'one of very many' });
      pieces.push(...entry(`srv/app-${i % 50}/node_modules/${name}/package.json`, Buffer.from(text)));
    }
    file.add(Buffer.concat(pieces));
  });
}

function layout(work, name, layers, fill) {
  const folder = join(work, `growth-${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = Array.from({ length: layers }, (_, layer) => {
    const file = new LayerFile(join(folder, `layer-${layer}.tar.gz`));
    fill(file, layer);
    return file.close();
  });
  writeLayout(folder, 'image', made);
  return { path: join(folder, 'image.oci'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The most megabytes that an image may unpack to for the free room of a folder: packed, it takes half of it. */
export function roomFor(work) {
  const { bavail, bsize } = statfsSync(work);
  return Math.floor((bavail * bsize) / megabyte);
}
