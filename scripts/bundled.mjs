// Sources of sluice as a module, bundled in memory: Node does not run TypeScript.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What an entry exports; `entry`: esbuild's `entryPoints` or `stdin`. */
export async function bundled(entry) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    ...entry,
    bundle: true,
    format: 'esm',
    platform: 'node',
    // Some libraries are not modules, and ask for what Node has by itself.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(root)});`,
    },
    write: false,
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
