import type { FunctionGroup } from './contract.ts';

/** What has settings by name. */
interface Holder {
  readonly settings: ReadonlyMap<string, string>;
}

/** Functions over the settings of a document. */
export const settingFunctions: FunctionGroup = {
  docs: [
    {
      signature: 'Document.get(string): string',
      doc: 'the value of a setting that the program goes by; empty where there is none',
      example: "document.get('permitrootlogin') == 'yes'",
    },
    {
      signature: 'Document.get(string, string): string',
      doc: 'the same with what it is where there is none',
      example: "document.get('server_tokens', 'on') == 'on'",
    },
  ],
  handlers: { get: { run: ({ settings }: Holder, name: string, other = '') => settings.get(name) ?? other } },
};
