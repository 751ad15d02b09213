import { createRequire } from 'node:module';
import { getLanguageService } from 'azure-pipelines-language-service';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { playSteps, stepsOf, template } from './azure-steps.ts';
import { gateTests } from './gate-tests.ts';
import { azureSteps, azureTemplate, wrongBy } from './schemas.ts';
import { fileText, hostileName } from './workspace.ts';

const ofService = createRequire(createRequire(import.meta.url).resolve('azure-pipelines-language-service'));
const { parse: parseTemplate } = ofService('./parser/yamlParser.js') as { parse: (text: string) => never };
const { TextDocument } = ofService('vscode-languageserver-textdocument') as {
  TextDocument: { create: (uri: string, language: string, version: number, text: string) => never };
};

/** What the service that the editors ask says of a template. */
async function errorsOf(text: string): Promise<string[]> {
  const schema = async (): Promise<never> => azureTemplate as never;
  const service = getLanguageService(schema, [], async () => 'memory://schema', {
    resolveRelativePath: (path) => path,
  });
  service.configure({ validate: true, schemas: [] });
  const document = TextDocument.create('memory://sluice.yml', 'azure-pipelines', 1, text);
  const found = await service.doValidation(document, parseTemplate(text));
  return found.map(({ message }) => String(message));
}

type Given = Readonly<Record<string, unknown>>;

describe('the template for Azure Pipelines', () => {
  test.each([{}, { comment: true, offline: true, failOn: 'critical' }])('makes sound steps of %j', (given) => {
    expect(wrongBy(azureSteps, { parameters: template.parameters, steps: stepsOf(given) })).toEqual([]);
  });

  test("reads without an error in Microsoft's language service", async () => {
    const quiet = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      const text = fileText('ci/azure/sluice.yml');
      expect(await errorsOf(text)).toEqual([]);
      expect(await errorsOf(text.replace('- task: Cache@2', '- taks: Cache@2'))).toEqual(['Unexpected property taks']);
    } finally {
      quiet.mockRestore();
    }
  });

  test('makes what Azure writes with a capital letter what sluice reads', () => {
    const env = (given: Given) => stepsOf(given).find(({ name }) => name === 'sluice')?.env ?? {};
    const told = (given: Given) => {
      const {
        SLUICE_OFFLINE: offline,
        SLUICE_NO_COMMENT: silent,
        SYSTEM_ACCESSTOKEN: token,
        SLUICE_FAIL_ON: failOn,
      } = env(given);
      return { offline, silent, token, failOn };
    };
    expect(told({})).toEqual({ offline: 'false', silent: 'true', token: undefined, failOn: undefined });
    expect(told({ offline: true, comment: true, failOn: 'never' })).toEqual({
      offline: 'true',
      silent: 'false',
      token: '$(System.AccessToken)',
      failOn: 'never',
    });
  });

  test('takes no parameter into a script', () => {
    const scripts = (given: Given) => stepsOf(given).map(({ bash }) => bash);
    expect(scripts({ image: hostileName, install: hostileName, reports: hostileName })).toEqual(scripts({}));
  });

  test('comes with a pipeline that uses it', () => {
    const { resources, steps } = parse(fileText('ci/azure/azure-pipelines.yml')) as {
      resources: { repositories: { repository: string }[] };
      steps: { template?: string; parameters?: object }[];
    };
    const uses = steps.find((step) => step.template !== undefined);
    expect([resources.repositories[0]?.repository, uses?.template]).toEqual(['sluice', 'ci/azure/sluice.yml@sluice']);
    const names = template.parameters.map(({ name }) => name);
    expect(Object.keys(uses?.parameters ?? {}).filter((name) => !names.includes(name))).toEqual([]);
  });
});

gateTests({
  title: 'the steps for Azure Pipelines',
  cacheDir: (base) => `${base}/pipeline/.sluice-cache`,
  play: (base, { image, failOn = 'none', mirror = '' }) =>
    playSteps(base, { image, mirror, failOn, offline: mirror === '' }),
});
