import { readRulesInput, rulesForm, testedRulesIn } from '../../configuration/file/load-rules.ts';
import type { Look } from '../../pipeline/options.ts';

/** The rules of files that the user gives, by their kind. @throws SluiceError `rules/...` */
export async function givenRules(
  paths: readonly string[],
): Promise<Required<Pick<Look, 'secretRules' | 'configurationRules'>>> {
  const secretRules: NonNullable<Look['secretRules']>[number][] = [];
  const configurationRules: NonNullable<Look['configurationRules']>[number][] = [];
  for (const path of paths) {
    const { bytes } = readRulesInput(path);
    if (rulesForm(bytes) === 'yaml') configurationRules.push(...testedRulesIn(bytes, path).map(({ rule }) => rule));
    else secretRules.push(await (await import('./secret-rules.ts')).secretRulesIn(bytes, path));
  }
  return { secretRules, configurationRules };
}
