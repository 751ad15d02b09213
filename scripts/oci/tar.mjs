// A tar writer that gives the same bytes for the same files: fixed time and owner (POSIX ustar).

const blockSize = 512;

/**
 * A tar of files, each `{ path, body, mode?, owner? }`, in the order given; folders come before what is in them, and one that
 * is given as `{ path, folder: true, mode?, owner? }` is as it says. `owner`: user and group.
 */
export function makeTar(files) {
  const blocks = [];
  const folders = new Set();
  for (const { path, body, folder: isFolder, mode = isFolder ? 0o755 : 0o644, owner = 0 } of files) {
    for (const folder of foldersOf(path)) {
      if (folders.has(folder)) continue;
      folders.add(folder);
      blocks.push(header(`${folder}/`, 0, 0o755, '5'));
    }
    if (isFolder) {
      folders.add(path);
      blocks.push(header(`${path}/`, 0, mode, '5', owner));
      continue;
    }
    blocks.push(
      header(path, body.length, mode, '0', owner),
      body,
      Buffer.alloc((blockSize - (body.length % blockSize)) % blockSize),
    );
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockSize)]);
}

function foldersOf(path) {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function header(path, size, mode, type, owner = 0) {
  const block = Buffer.alloc(blockSize);
  const { prefix, name } = splitName(path);
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(owner, 7), 108);
  block.write(octal(owner, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  // The checksum is taken with its own field full of spaces.
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

/** A name of more than 100 bytes is cut at a slash, and its first part stands in the prefix field of 155 bytes. */
function splitName(path) {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path };
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const prefix = path.slice(0, slash);
    const name = path.slice(slash + 1);
    if (name !== '' && Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { prefix, name };
  }
  throw new Error(`the name is too long for a tar: ${path}`);
}

function octal(value, digits) {
  return value.toString(8).padStart(digits, '0');
}
