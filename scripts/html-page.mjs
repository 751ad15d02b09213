// The script and the style of the HTML report, bundled once for all: a scan then only writes them down.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = 'src/report/html/page';

/** The generated file with the page's script and style as texts. */
export async function htmlPage() {
  const script = await bundledText('main.ts', { format: 'iife', target: 'es2023' });
  const style = await bundledText('style.css', {});
  return [
    '// Written by `npm run gen`: do not edit.',
    `/** The script of the HTML report: ${folder}/main.ts and what it imports. */`,
    `export const pageScript = ${JSON.stringify(script)};`,
    '',
    `/** The style of the HTML report: ${folder}/style.css. */`,
    `export const pageStyle = ${JSON.stringify(style)};`,
    '',
  ].join('\n');
}

async function bundledText(entry, options) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`${folder}/${entry}`],
    bundle: true,
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
    ...options,
  });
  const text = outputFiles[0].text.trim();
  // Either would end the element that the text stands in.
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error(`${entry} can't stand in an HTML file`);
  return text;
}
