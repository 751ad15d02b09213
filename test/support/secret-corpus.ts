import { expandSample } from './secret-samples.ts';

/** Credentials by the rule that must find them: the name of the setting, and the value. */
const credentials: readonly (readonly [rule: string, name: string, value: string])[] = [
  ['aws-access-key-id', 'AWS_ACCESS_KEY_ID', 'AKIA{{base32:16}}'],
  ['aws-secret-access-key', 'AWS_SECRET_ACCESS_KEY', '{{base64:40}}'],
  ['azure-client-secret', 'AZURE_CLIENT_SECRET', '{{alnum:3}}8Q~{{alnum:34}}'],
  ['google-api-key', 'MAPS_KEY', 'AIza{{base64url:35}}'],
  ['digitalocean-token', 'DO_TOKEN', 'dop_v1_{{hex:64}}'],
  ['github-token', 'GITHUB_TOKEN', '{{github-checksum:ghp_}}'],
  ['github-fine-grained-token', 'GH_TOKEN', 'github_pat_{{alnum:22}}_{{alnum:59}}'],
  ['gitlab-personal-token', 'GITLAB_TOKEN', 'glpat-{{alnum:20}}'],
  ['npm-token', 'NPM_TOKEN', '{{github-checksum:npm_}}'],
  ['pypi-token', 'TWINE_PASSWORD', '{{pypi-token}}'],
  ['docker-hub-token', 'DOCKER_TOKEN', 'dckr_pat_{{base64url:27}}'],
  ['stripe-key', 'STRIPE_SECRET_KEY', 'sk_live_{{alnum:24}}'],
  ['shopify-token', 'SHOPIFY_TOKEN', 'shpat_{{hex:32}}'],
  ['slack-token', 'SLACK_BOT_TOKEN', 'xoxb-{{digits:12}}-{{digits:12}}-{{alnum:24}}'],
  ['sendgrid-key', 'SENDGRID_API_KEY', 'SG.{{base64url:22}}.{{base64url:43}}'],
  ['telegram-bot-token', 'BOT_TOKEN', '{{digits:10}}:AA{{base64url:33}}'],
  ['openai-key', 'OPENAI_API_KEY', 'sk-proj-{{base64url:74}}T3BlbkFJ{{base64url:74}}'],
  ['anthropic-key', 'ANTHROPIC_API_KEY', 'sk-ant-api03-{{base64url:93}}AA'],
  ['huggingface-token', 'HF_TOKEN', 'hf_{{letters:34}}'],
  ['datadog-key', 'DD_API_KEY', '{{hex:32}}'],
  ['vault-token', 'VAULT_TOKEN', 'hvs.{{base64url:95}}'],
  ['jwt', 'SESSION', '{{jwt:{"sub":"robot-{{hex:8}}","iss":"https://login.shop.internal"}}}'],
  ['password-in-url', 'DATABASE_URL', 'postgres://shop:{{alnum:20}}@db.shop.internal:5432/shop'],
  ['secret-assignment', 'BILLING_API_KEY', '{{alnum:32}}'],
  ['password-assignment', 'LDAP_PASSWORD', '{{alnum:18}}'],
];

/** Real formats of files, with a setting in the middle of others. */
const formats: readonly (readonly [path: string, text: (name: string, value: string) => string])[] = [
  ['srv/shop/.env', (name, value) => `MODE=production\n${name}=${value}\nPORT=8080\n`],
  [
    'srv/shop/docker-compose.yml',
    (name, value) =>
      `services:\n  shop:\n    image: shop:1\n    environment:\n      ${name}: "${value}"\n    ports: ["80:80"]\n`,
  ],
  ['srv/shop/Dockerfile', (name, value) => `FROM debian:12\nENV ${name}=${value}\nRUN make\n`],
  [
    'srv/shop/config/production.json',
    (name, value) => `${JSON.stringify({ mode: 'fast', [name]: value, port: 80 }, null, 2)}\n`,
  ],
  ['srv/shop/application.properties', (name, value) => `server.port=8080\r\n${name}=${value}\r\nlog.level=info\r\n`],
  ['etc/shop/shop.ini', (name, value) => `[main]\nmode = fast\n${name} = ${value}\n[log]\nlevel = info\n`],
  ['srv/shop/deploy.sh', (name, value) => `#!/bin/sh\nset -e\nexport ${name}='${value}'\nexec ./shop\n`],
  ['srv/shop/src/config.js', (name, value) => `module.exports = {\n  port: 8080,\n  ${name}: '${value}',\n};\n`],
  ['srv/shop/settings.py', (name, value) => `import os\n\nPORT = 8080\n${name} = "${value}"\nDEBUG = False\n`],
  ['srv/shop/terraform.tfvars', (name, value) => `region = "eu-west-1"\n${name} = "${value}"\n`],
  ['srv/shop/config.toml', (name, value) => `[server]\nport = 8080\n\n[keys]\n${name} = "${value}"\n`],
  ['srv/shop/k8s.yaml', (name, value) => `kind: ConfigMap\ndata:\n  mode: fast\n  ${name}: ${value}\n`],
];

/** One made-up credential in a file of a real format. */
export interface PlantedSecret {
  /** The rule that must find it, without `secret/`. */
  readonly rule: string;
  readonly path: string;
  readonly text: string;
  readonly value: string;
}

/** 300 made-up credentials, each in a file of its own, in the middle of other settings: the same ones for ever. */
export function plantedSecrets(): readonly PlantedSecret[] {
  return credentials.flatMap(([rule, name, form]) =>
    formats.map(([path, text]) => {
      const value = expandSample(form, `${rule} ${path}`);
      return { rule, path, text: text(name, value), value };
    }),
  );
}
