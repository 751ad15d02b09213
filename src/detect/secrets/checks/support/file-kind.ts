/**
 * What kind of text a path is of: `settings` are read by programs as they are, `shell` is run, `code` is written by people,
 * `prose` is for people, `made` comes out of a tool.
 */
export type FileKind = 'settings' | 'shell' | 'code' | 'prose' | 'made';

const kinds: readonly (readonly [FileKind, RegExp])[] = [
  [
    'made',
    /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|composer\.lock|poetry\.lock|pipfile\.lock|cargo\.lock|go\.sum|gemfile\.lock|record|installed\.json)$|\.(?:map|lock|snap|svg|css|scss|less|ipynb|po|pot|mo|sum|pyc|patch|diff|log|csv|tsv|har|proto|thrift|graphql|wsdl|xsd|xmb|arb|resx|strings|xlf|xliff)$|[.-](?:min|bundle|prod|production|umd|esm|cjs|iife|global|browser|chunk|legacy)(?:[.-][\w-]{1,40})?\.(?:[cm]?js)$/i,
  ],
  [
    'prose',
    /\.(?:md|mdx|markdown|rst|txt|adoc|asciidoc|html?|xhtml|tex|[1-9][a-z]{0,3}|pod|rdoc|textile|org|rtf)$|(?:^|\/)(?:(?:readme|changelog|license|licence|copying|notice|authors|contributing)[\w.-]{0,20}|changes|news|history|metadata|pkg-info)$/i,
  ],
  [
    'shell',
    /\.(?:sh|bash|zsh|ksh|fish|ps1|psm1|bat|cmd)$|(?:^|\/)(?:\.?(?:bash|zsh|sh)(?:rc|_profile|env)|\.profile|profile|(?:docker|container)file[\w.-]{0,40}|makefile|justfile|[\w-]{0,30}entrypoint)$|\.dockerfile$/i,
  ],
  [
    'settings',
    /(?:^|\/)\.?env(?:\.[\w-]{1,40}){0,3}$|\.(?:env|properties|ini|cfg|conf|cnf|config|toml|ya?ml|json5?|jsonc|xml|tfvars|tf|tfstate|plist|hcl|service|reg|rc|netrc|auto\.tfvars|settings|secrets?|credentials?|pgpass|inc\.php)$|(?:^|\/)\.[\w-]{1,40}(?:rc)?$|(?:^|\/)(?:credentials?|config|hosts|settings|secrets?|environment|label|annotation|history|argument)$|(?:^|\/)(?:local_)?settings(?:[._-]\w{1,20})?\.py$|(?:^|\/)(?:wp-config|config(?:\.inc)?|database|settings|parameters)\.php$/i,
  ],
];

/** What stands for the steps that made an image: the text of commands. */
const steps = 'history';

/** Tells what kind of text is at a path; what stands for a variable, a label or a step is `settings`. */
export function fileKind(path: string): FileKind {
  if (path === steps) return 'settings';
  for (const [kind, pattern] of kinds) if (pattern.test(path)) return kind;
  return /(?:^|\/)[^/]*\.[^/.]+$/.test(path) ? 'code' : 'settings';
}

const exampleFolder =
  /(?:^|[/_.-])(?:tests?|testing|__tests__|specs?|testdata|fixtures?|mocks?|__mocks__|examples?|samples?|docs?|documentation|demos?|e2e|cassettes?|tutorials?|templates?|stubs?|playground|benchmarks?|storybook|locales?|i18n|translations?|lang|schemas?)(?:[/_.-]|$)/i;

/** Whether a path tells that what is there is a test, an example, a template or a translation. */
export function isExamplePath(path: string): boolean {
  return (
    exampleFolder.test(path) ||
    /[._-](?:test|spec|example|sample|template|tmpl|dist|default|tpl|j2|erb|ejs|hbs|stories)(?:\.|$)/i.test(path)
  );
}

const installed = /(?:^|\/)(?:node_modules|site-packages|dist-packages|gems|pkg\/mod|share\/doc|share\/man)\//;
const installedExample =
  /\/(?:tests?|__tests__|specs?|testing|testdata|test-data|test_data|fixtures?|__fixtures__|mocks?|__mocks__|examples?|samples?|docs?|documentation|demos?|benchmarks?|e2e)\/|(?:\.md|\.markdown|\.rst|\.d\.[cm]?ts|\.map|[._-](?:test|spec|examples?|samples?)\.[a-z]{1,4})$/i;

/**
 * Whether a file is of the tests, examples or documentation of a package that a package manager has installed: whoever can
 * get the package has what is in there, so it is nobody's secret.
 */
export function isPublished(path: string): boolean {
  const found = installed.exec(path);
  return found !== null && installedExample.test(path.slice(found.index + found[0].length - 1));
}

/** Whether a file is one of a package that a package manager has installed from a registry. */
export function isInstalled(path: string): boolean {
  return installed.test(path);
}
