import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Where schemas are looked for beside what is written, and put by `sluice schema --into`: files of the project itself. */
export const schemaFolder = '.sluice/schema';

/**
 * The line by which editors (yaml-language-server) find the schema of a YAML file, where the project has it: in the folder
 * of the file or in one above. Without it nothing, for a schema that is not there is an error in an editor.
 */
export function modeline(file: string, schema: string): string {
  const from = dirname(resolve(file));
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, schemaFolder, schema);
    if (existsSync(path)) return `# yaml-language-server: $schema=${relative(from, path).replaceAll('\\', '/')}\n`;
    if (dirname(folder) === folder) return '';
  }
}
