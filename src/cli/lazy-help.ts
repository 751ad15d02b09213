/** What `--help` says of `--lazy`. */
export const lazyHelp = `--lazy fetches, of layers in a registry that carry an index (eStargz, zstd:chunked), the index and the files that
  packages are read from. The manifest pins the index, and the index the files; but it is its publisher's word, and
  who unpacks the layer does not go by it: an image made to deceive can leave packages out of it. Reports say which
  layers were read so, and nothing of it is kept for other scans. --verify takes it back.`;
