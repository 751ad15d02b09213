import { Ajv } from 'ajv';

const text = { type: 'string' };
const name = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' };
const texts = { type: 'array', items: text };
const duration = { type: 'string', pattern: '^\\d+(?:m|h|s| minutes)$' };

/** An object of these properties and no other: a misspelt keyword is an error. */
function only(properties: object, required: readonly string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

const map = (of: object): object => ({ type: 'object', additionalProperties: of });

const named = (extra: object, required: readonly string[] = []): object => ({
  type: 'array',
  items: only({ name, ...extra }, ['name', ...required]),
});

/** tekton.dev/v1 Task, in the words of its reference: the fields that a task of one step may have. */
export const tektonTask = only(
  {
    apiVersion: { const: 'tekton.dev/v1' },
    kind: { const: 'Task' },
    metadata: only({ name, labels: map(text), annotations: map(text) }, ['name']),
    spec: only(
      {
        description: text,
        params: named({ type: { enum: ['string', 'array', 'object'] }, description: text, default: text }),
        workspaces: named({ description: text, optional: { type: 'boolean' }, readOnly: { type: 'boolean' } }),
        results: named({ type: text, description: text }),
        volumes: named({ emptyDir: only({ sizeLimit: text }) }),
        steps: named(
          {
            image: text,
            workingDir: text,
            timeout: duration,
            command: texts,
            args: texts,
            env: {
              type: 'array',
              items: only({ name: { type: 'string', pattern: '^[A-Z_]+$' }, value: text }, ['name']),
            },
            computeResources: only({ requests: map(text), limits: map(text) }),
            securityContext: only({
              runAsNonRoot: { const: true },
              runAsUser: { type: 'integer' },
              runAsGroup: { type: 'integer' },
              allowPrivilegeEscalation: { const: false },
              readOnlyRootFilesystem: { const: true },
              capabilities: only({ drop: { const: ['ALL'] } }),
              seccompProfile: only({ type: { const: 'RuntimeDefault' } }),
            }),
            volumeMounts: named({ mountPath: text }),
          },
          ['image'],
        ),
      },
      ['steps'],
    ),
  },
  ['apiVersion', 'kind', 'metadata', 'spec'],
);

/** The header of a component of GitLab CI: `spec:inputs`. */
export const gitlabHeader = only({
  spec: only({
    inputs: map(
      only({
        description: text,
        type: { enum: ['string', 'boolean', 'number', 'array'] },
        default: {},
        options: texts,
        regex: text,
      }),
    ),
  }),
});

const gitlabCache = only({
  key: text,
  paths: texts,
  when: { enum: ['on_success', 'on_failure', 'always'] },
  policy: { enum: ['pull', 'push', 'pull-push'] },
  unprotect: { type: 'boolean' },
});

/** A job of GitLab CI. */
export const gitlabJob = only(
  {
    stage: text,
    image: only({ name: { type: 'string', pattern: '@sha256:[0-9a-f]{64}$' }, entrypoint: texts }, ['name']),
    timeout: duration,
    interruptible: { type: 'boolean' },
    needs: { const: [] },
    rules: { type: 'array', items: only({ if: text, when: { const: 'never' } }) },
    variables: map(text),
    cache: { type: 'array', items: gitlabCache, maxItems: 4 },
    script: texts,
    artifacts: only({
      when: { const: 'always' },
      expire_in: text,
      paths: texts,
      reports: only({ junit: text, container_scanning: text, secret_detection: text, codequality: text, dotenv: text }),
    }),
  },
  ['script'],
);

const azureStep = {
  oneOf: [
    only({ bash: text, name, displayName: text, env: map(text), timeoutInMinutes: { type: 'number' } }, ['bash']),
    only(
      {
        task: { const: 'Cache@2' },
        displayName: text,
        inputs: only({ key: text, restoreKeys: text, path: text }, ['key', 'path']),
      },
      ['task'],
    ),
    only(
      {
        task: { const: 'PublishTestResults@2' },
        displayName: text,
        condition: { const: 'succeededOrFailed()' },
        inputs: only({
          testResultsFormat: { const: 'JUnit' },
          testResultsFiles: text,
          testRunTitle: text,
          failTaskOnFailedTests: { type: 'boolean' },
        }),
      },
      ['task'],
    ),
  ],
};

/** A template of steps for Azure Pipelines, its expressions filled in. */
export const azureSteps = only(
  {
    parameters: {
      type: 'array',
      items: only({ name: text, type: { enum: ['string', 'boolean', 'number'] }, default: {}, values: texts }, [
        'name',
        'type',
        'default',
      ]),
    },
    steps: { type: 'array', items: azureStep },
  },
  ['parameters', 'steps'],
);

/** What a step of a template may have, before its expressions are worked out: as Microsoft's language service asks for it. */
export const azureTemplate = only(
  {
    parameters: { type: 'array' },
    steps: {
      type: 'array',
      items: only({
        bash: text,
        task: text,
        name: text,
        displayName: text,
        condition: text,
        timeoutInMinutes: text,
        env: { type: 'object' },
        inputs: { type: 'object' },
      }),
    },
  },
  ['steps'],
);

const orbParameters = map(
  only({ type: { enum: ['string', 'boolean', 'enum', 'integer'] }, default: {}, description: text, enum: texts }, [
    'type',
    'description',
  ]),
);

const orbStep = {
  oneOf: [
    { const: 'checkout' },
    only({
      run: only({ name: text, environment: map(text), command: text, no_output_timeout: text }, ['name', 'command']),
    }),
    only({ restore_cache: only({ name: text, keys: texts }, ['keys']) }),
    only({
      save_cache: only({ name: text, when: { enum: ['always', 'on_success'] }, key: text, paths: texts }, [
        'key',
        'paths',
      ]),
    }),
    only({ store_test_results: only({ path: text }, ['path']) }),
    only({ store_artifacts: only({ path: text, destination: text }, ['path']) }),
    only({ when: only({ condition: text, steps: { type: 'array' } }, ['condition', 'steps']) }),
    only({ scan: map(text) }),
  ],
};

/** The source of a CircleCI orb. */
export const circleciOrb = only(
  {
    version: { const: 2.1 },
    description: text,
    executors: map(
      only(
        {
          parameters: orbParameters,
          docker: { type: 'array', items: only({ image: text }, ['image']) },
          resource_class: text,
        },
        ['docker'],
      ),
    ),
    commands: map(
      only({ description: text, parameters: orbParameters, steps: { type: 'array', items: orbStep } }, ['steps']),
    ),
    jobs: map(
      only(
        {
          description: text,
          parameters: orbParameters,
          executor: only({ name: text, container: text }, ['name']),
          steps: { type: 'array', items: orbStep },
        },
        ['executor', 'steps'],
      ),
    ),
    examples: map(only({ description: text, usage: { type: 'object' } }, ['usage'])),
  },
  ['version', 'description'],
);

const whoever = only({ name: text, website: text, email: text }, ['name']);

/** The metadata of a pipe of Bitbucket. */
export const bitbucketPipe = only(
  {
    name: text,
    description: text,
    category: text,
    image: text,
    repository: text,
    vendor: whoever,
    maintainer: whoever,
    tags: texts,
    variables: {
      type: 'array',
      items: only({ name: { type: 'string', pattern: '^[A-Z_]+$' }, default: text }, ['name', 'default']),
    },
  },
  ['name', 'description', 'image', 'variables'],
);

/** A step of Bitbucket that runs a pipe. */
export const pipeStep = only({ pipe: { type: 'string', pattern: '^docker://' }, variables: map(text) }, ['pipe']);

/** bitbucket-pipelines.yml, as far as the example goes. */
export const bitbucketPipelines = only(
  {
    definitions: only({ caches: map(text) }),
    pipelines: only(
      {
        default: {
          type: 'array',
          items: only({
            step: only(
              {
                name: text,
                'max-time': { type: 'integer' },
                services: texts,
                caches: texts,
                script: { type: 'array', items: { oneOf: [text, pipeStep] } },
                artifacts: only({
                  upload: {
                    type: 'array',
                    items: only({ name: text, paths: texts, 'capture-on': { enum: ['success', 'failed', 'always'] } }, [
                      'name',
                      'paths',
                    ]),
                  },
                }),
              },
              ['script'],
            ),
          }),
        },
      },
      ['default'],
    ),
  },
  ['pipelines'],
);

const pluginSettings = { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } };
/** Steps that run a plugin. */
export const pluginSteps = {
  type: 'array',
  items: only({ name, image: text, settings: pluginSettings }, ['name', 'image', 'settings']),
};

/** A workflow of Woodpecker, as far as the example goes. */
export const woodpeckerWorkflow = only({ steps: pluginSteps }, ['steps']);

/** A pipeline of Drone, as far as the example goes. */
export const dronePipeline = only(
  { kind: { const: 'pipeline' }, type: { const: 'docker' }, name, steps: pluginSteps },
  ['kind', 'type', 'name', 'steps'],
);

/** What is wrong with a value by a schema: a line each. */
export function wrongBy(schema: object, value: unknown): string[] {
  const ajv = new Ajv({ allErrors: true, strictTypes: false });
  ajv.validate(schema, value);
  return (ajv.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
