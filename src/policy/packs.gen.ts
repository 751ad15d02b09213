// Written by `npm run gen`: do not edit.
import type { Pack, Packs } from './file/document.ts';

/** The pack that holds where there is no policy. */
export const defaultPack: Pack = {"name":"default","digest":"sha256:8fc2cc9ffcf68300597fd5cb3a78c3bfbdfaedb6f7e6e8128e53a712ac77162c","document":{"name":"default","layer":{"use":[],"dataAges":[],"lists":[],"override":[],"rules":[
    {"id":"vulnerability/severity","title":"Vulnerabilities that are too severe","why":"A flaw of this severity is likely to be used against whoever runs the image.","says":"{found}; the policy stops at {failOn}","on":"finding","when":{"text":"finding.severity.atLeast(policy.failOn) || (policy.failOn == 'negligible' && finding.severity == 'unknown')","node":{"op":"or","left":{"op":"call","fn":"atLeast","args":[{"op":"field","of":{"op":"var","name":"finding"},"name":"severity"},{"op":"field","of":{"op":"var","name":"policy"},"name":"failOn"}]},"right":{"op":"and","left":{"op":"compare","by":"==","left":{"op":"field","of":{"op":"var","name":"policy"},"name":"failOn"},"right":{"op":"const","value":"negligible"}},"right":{"op":"compare","by":"==","left":{"op":"field","of":{"op":"var","name":"finding"},"name":"severity"},"right":{"op":"const","value":"unknown"}}}},"reads":["finding.severity","policy.failOn"]},"outcome":"stop","controls":[],"pack":"default"},
    {"id":"vulnerability/below","title":"Vulnerabilities below that","why":"Flaws that nobody looks at become many, and some of them turn out worse than they were rated.","says":"{found}, none at {failOn} or worse","on":"finding","when":{"text":"!(finding.severity.atLeast(policy.failOn) || (policy.failOn == 'negligible' && finding.severity == 'unknown'))","node":{"op":"not","of":{"op":"or","left":{"op":"call","fn":"atLeast","args":[{"op":"field","of":{"op":"var","name":"finding"},"name":"severity"},{"op":"field","of":{"op":"var","name":"policy"},"name":"failOn"}]},"right":{"op":"and","left":{"op":"compare","by":"==","left":{"op":"field","of":{"op":"var","name":"policy"},"name":"failOn"},"right":{"op":"const","value":"negligible"}},"right":{"op":"compare","by":"==","left":{"op":"field","of":{"op":"var","name":"finding"},"name":"severity"},"right":{"op":"const","value":"unknown"}}}}},"reads":["finding.severity","policy.failOn"]},"outcome":"warn","controls":[],"pack":"default"},
  ]},"policies":[],"mappings":[],"ownOnly":[],"place":{"file":"pack default","line":3,"column":1}}};

/** All packs, by name; those but the default one are loaded when they are used. */
export const packs: Packs = {
  'cis-docker': async () => (await import('./packs/cis-docker.gen.ts')).pack,
  'default': async () => defaultPack,
  'distroless': async () => (await import('./packs/distroless.gen.ts')).pack,
  'nist-ssdf': async () => (await import('./packs/nist-ssdf.gen.ts')).pack,
  'pci-dss-4': async () => (await import('./packs/pci-dss-4.gen.ts')).pack,
  'slsa': async () => (await import('./packs/slsa.gen.ts')).pack,
  'strict': async () => (await import('./packs/strict.gen.ts')).pack,
};
