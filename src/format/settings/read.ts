import type { ConfigurationText, Include, Settings } from './contract.ts';
import { readHttpd } from './httpd.ts';
import { readIni } from './ini.ts';
import { readJsonSettings } from './json.ts';
import { readLines } from './lines.ts';
import { readNginx } from './nginx.ts';
import { readPostgres } from './postgres.ts';
import { readProperties } from './properties.ts';
import { readRedis } from './redis.ts';
import { readSshd } from './sshd.ts';
import { readSudoers } from './sudoers.ts';
import { readXmlSettings } from './xml.ts';

/** Reads one file. */
type Reader = (file: ConfigurationText, include: Include) => Settings;

/** Readers by format; those that need a library are loaded when there is something to read. */
const readers = {
  sshd: readSshd,
  nginx: readNginx,
  httpd: readHttpd,
  redis: readRedis,
  postgres: readPostgres,
  sudoers: readSudoers,
  ini: readIni,
  properties: readProperties,
  xml: readXmlSettings,
  json: readJsonSettings,
  lines: readLines,
  yaml: async () => (await import('./yaml.ts')).readYamlSettings,
  toml: async () => (await import('./toml.ts')).readTomlSettings,
} as const;

/** Formats that can be read. */
export type SettingsFormat = keyof typeof readers;

/** Reads a configuration file and what it includes. @throws Error when it is not of the format */
export async function readSettings(
  format: SettingsFormat,
  file: ConfigurationText,
  include: Include,
): Promise<Settings> {
  const read: Reader =
    format === 'yaml' || format === 'toml' ? ((await readers[format]()) as Reader) : (readers[format] as Reader);
  return read(file, include);
}
