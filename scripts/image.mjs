// npm run build:image: sluice's own container image as an OCI archive, made without Docker. It holds one program, the
// libraries that this loads, and no shell; it runs as nobody. The same sources on the same machine give one digest.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printed } from './bundle/printed.mjs';
import { root, version } from './bundle/settings.mjs';
import { baseFiles, home, nonroot } from './oci/base.mjs';
import { makeImage } from './oci/image.mjs';

const to = resolve(process.argv[2] ?? join(root, 'dist-sea'));
const name = `sluice-linux-${process.arch}`;
const created = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString();

printed([join(root, 'scripts/sea.mjs'), to]);
const program = join(to, name);
const about = {
  'org.opencontainers.image.title': 'sluice',
  'org.opencontainers.image.description': JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).description,
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.licenses': 'Apache-2.0',
  'org.opencontainers.image.created': created,
};
const documents = ['LICENSE', 'THIRD-PARTY-NOTICES'].map((file) => ({
  path: `usr/share/doc/sluice/${file}`,
  body: readFileSync(join(file === 'LICENSE' ? root : to, file)),
}));
const layers = [
  { createdBy: 'COPY libraries /', files: baseFiles(program) },
  {
    createdBy: `COPY ${name} /usr/bin/sluice`,
    files: [{ path: 'usr/bin/sluice', body: readFileSync(program), mode: 0o755 }, ...documents],
  },
];
const settings = {
  User: `${nonroot}:${nonroot}`,
  Env: ['PATH=/usr/bin', `HOME=${home}`],
  WorkingDir: home,
  Entrypoint: ['/usr/bin/sluice'],
  Labels: about,
};
const bytes = makeImage(`sluice:${version}`, layers, settings, { annotations: about, created });
mkdirSync(to, { recursive: true });
writeFileSync(join(to, `${name}.oci.tar`), bytes);
const digest = createHash('sha256').update(bytes).digest('hex');
console.log(`${name}.oci.tar: ${(bytes.length / 1024 / 1024).toFixed(1)} MiB, sha256:${digest}`);
