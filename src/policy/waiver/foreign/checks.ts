/** Trivy's ids of checks on Dockerfiles and image configurations, of all its versions: `DS002`, `DS-0002`, `AVD-DS-0002`. */
const dockerCheck = /^(?:AVD-)?DS-?0*(\d{1,4})$/i;

/** Trivy's rules for secrets that find what one of ours finds, and no more than that, by its name without the family. */
const equalRules: ReadonlyMap<string, string> = new Map([
  ...['age-secret-key', 'aws-access-key-id', 'aws-secret-access-key', 'facebook-token', 'gcp-service-account'].map(
    same,
  ),
  ...['heroku-api-key', 'private-key', 'shopify-token', 'twilio-api-key'].map(same),
  ['databricks-api-token', 'databricks-token'],
  ['dockerconfig-secret', 'docker-auth'],
  ['doppler-api-token', 'doppler-token'],
  ['github-fine-grained-pat', 'github-fine-grained-token'],
  ['gitlab-pat', 'gitlab-personal-token'],
  ['grafana-api-token', 'grafana-token'],
  ['hashicorp-tf-api-token', 'terraform-cloud-token'],
  ['hugging-face-access-token', 'huggingface-token'],
  ['jwt-token', 'jwt'],
  ['linear-api-token', 'linear-api-key'],
  ['npm-access-token', 'npm-token'],
  ['planetscale-api-token', 'planetscale-token'],
  ['postman-api-token', 'postman-api-key'],
  ['pulumi-api-token', 'pulumi-token'],
  ['pypi-upload-token', 'pypi-token'],
  ['rubygems-api-token', 'rubygems-token'],
  ['sendgrid-api-token', 'sendgrid-key'],
  ['slack-access-token', 'slack-token'],
  ['slack-web-hook', 'slack-webhook'],
  ['stripe-secret-token', 'stripe-key'],
]);

/** gitleaks' rules by what ours is called that finds the same in one place; it may find more elsewhere. */
const nearRules: ReadonlyMap<string, string> = new Map([
  ['anthropic-api-key', 'anthropic-key'],
  ['aws-access-token', 'aws-access-key-id'],
  ['curl-auth-header', 'bearer-authorization'],
  ['curl-auth-user', 'curl-user-password'],
  ['digitalocean-pat', 'digitalocean-token'],
  ['discord-api-token', 'discord-bot-token'],
  ['gcp-api-key', 'google-api-key'],
  ['generic-api-key', 'secret-assignment'],
  ['github-app-token', 'github-token'],
  ['github-oauth', 'github-token'],
  ['github-pat', 'github-token'],
  ['github-refresh-token', 'github-token'],
  ['gitlab-ptt', 'gitlab-trigger-token'],
  ['gitlab-rrt', 'gitlab-runner-token'],
  ['grafana-api-key', 'grafana-token'],
  ['huggingface-access-token', 'huggingface-token'],
  ['linear-api-key', 'linear-api-key'],
  ['mailgun-private-api-token', 'mailgun-key'],
  ['notion-api-token', 'notion-token'],
  ['openai-api-key', 'openai-key'],
  ['shopify-access-token', 'shopify-token'],
  ['slack-bot-token', 'slack-token'],
  ['slack-user-token', 'slack-token'],
  ['slack-webhook-url', 'slack-webhook'],
  ['snyk-api-token', 'snyk-token'],
  ['sonar-api-token', 'sonar-token'],
  ['square-access-token', 'square-token'],
  ['stripe-access-token', 'stripe-key'],
  ['telegram-bot-api-token', 'telegram-bot-token'],
  ['vault-service-token', 'vault-token'],
]);

function same(id: string): readonly [string, string] {
  return [id, id];
}

/** What a check of Trivy's is called by findings of settings, `DS-0002`; undefined where it is none. */
export function settingId(id: string): string | undefined {
  const number = dockerCheck.exec(id)?.[1];
  return number === undefined ? undefined : `DS-${number.padStart(4, '0')}`;
}

/** Our rule that finds the same as a rule of Trivy's for secrets; undefined where there is none, or it finds more. */
export function secretId(id: string): string | undefined {
  const ours = equalRules.get(id);
  return ours === undefined ? undefined : `secret/${ours}`;
}

/** What a rule of gitleaks' is called here, without its family, of a secret in one place. */
export function nearRule(id: string): string | undefined {
  return nearRules.get(id) ?? equalRules.get(id);
}
