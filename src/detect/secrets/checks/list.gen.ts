// Written by `npm run gen`: do not edit.
import { check as accountPassword } from './account-password.ts';
import { check as aws } from './aws.ts';
import { check as awsSecret } from './aws-secret.ts';
import { check as azureSas } from './azure-sas.ts';
import { check as basicAuth } from './basic-auth.ts';
import { check as commandPassword } from './command-password.ts';
import { check as configPassword } from './config-password.ts';
import { check as connectionString } from './connection-string.ts';
import { check as discord } from './discord.ts';
import { check as dockerAuth } from './docker-auth.ts';
import { check as example } from './example.ts';
import { check as github } from './github.ts';
import { check as googleApiKey } from './google-api-key.ts';
import { check as jwt } from './jwt.ts';
import { check as kubeconfig } from './kubeconfig.ts';
import { check as longJwt } from './long-jwt.ts';
import { check as namedPassword } from './named-password.ts';
import { check as npm } from './npm.ts';
import { check as openai } from './openai.ts';
import { check as passwordAssignment } from './password-assignment.ts';
import { check as privateJwk } from './private-jwk.ts';
import { check as privateKey } from './private-key.ts';
import { check as pypi } from './pypi.ts';
import { check as random } from './random.ts';
import { check as registryAuth } from './registry-auth.ts';
import { check as secretAssignment } from './secret-assignment.ts';
import { check as stripe } from './stripe.ts';
import { check as urlPassword } from './url-password.ts';
import { check as webhook } from './webhook.ts';
import type { SecretCheck } from './contract.ts';

/** All checks, by name. */
export const checks: ReadonlyMap<string, SecretCheck> = new Map<string, SecretCheck>([
  ['account-password', accountPassword],
  ['aws', aws],
  ['aws-secret', awsSecret],
  ['azure-sas', azureSas],
  ['basic-auth', basicAuth],
  ['command-password', commandPassword],
  ['config-password', configPassword],
  ['connection-string', connectionString],
  ['discord', discord],
  ['docker-auth', dockerAuth],
  ['example', example],
  ['github', github],
  ['google-api-key', googleApiKey],
  ['jwt', jwt],
  ['kubeconfig', kubeconfig],
  ['long-jwt', longJwt],
  ['named-password', namedPassword],
  ['npm', npm],
  ['openai', openai],
  ['password-assignment', passwordAssignment],
  ['private-jwk', privateJwk],
  ['private-key', privateKey],
  ['pypi', pypi],
  ['random', random],
  ['registry-auth', registryAuth],
  ['secret-assignment', secretAssignment],
  ['stripe', stripe],
  ['url-password', urlPassword],
  ['webhook', webhook],
]);
