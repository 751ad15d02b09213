/**
 * Beginnings by which CI systems know commands in a log: those of GitHub's runner at the start of a line (`::`) and anywhere
 * (`##[`), of Azure's agent (`##vso[`) and TeamCity's (`##teamcity[`) anywhere.
 */
const anywhere = /##(?=\[|vso\[|teamcity\[)/gi;
/** White space as GitHub's runner takes it away before it looks, which is .NET's: with U+0085. */
const atStart = /^((?:[^\S\r\n\u2028\u2029]|\u0085)*):(?=:)/gm;

/**
 * Text in which a CI system sees no command. A package may be called `##vso[task.complete result=Succeeded]`, and a line
 * with its name would end the step as a success: what begins a command is taken apart by a space that people can see.
 */
export function withoutLogCommands(text: string): string {
  if (!text.includes('::') && !text.includes('##')) return text;
  return text.replace(anywhere, '# #').replace(atStart, '$1: ');
}
