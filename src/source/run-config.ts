import type { RunConfig } from '../model/image.ts';
import { asArray, asRecord, asString } from '../util/json.ts';

/** Most items of one list of an image's configuration that are read: a runtime takes no more either. */
const maxItems = 10_000;

/** Reads the part `config` of an image configuration (OCI image configuration, "Properties"). What is of another type counts as absent. */
export function parseRunConfig(value: unknown): RunConfig {
  const json = asRecord(value) ?? {};
  const labels = Object.entries(asRecord(json.Labels) ?? {}).slice(0, maxItems);
  return {
    user: asString(json.User) ?? '',
    entrypoint: textsOf(json.Entrypoint),
    cmd: textsOf(json.Cmd),
    workingDir: asString(json.WorkingDir) ?? '',
    env: textsOf(json.Env),
    ports: keysOf(json.ExposedPorts),
    volumes: keysOf(json.Volumes),
    stopSignal: asString(json.StopSignal) ?? '',
    healthcheck: textsOf(asRecord(json.Healthcheck)?.Test),
    labels: new Map(labels.map(([key, text]) => [key, asString(text) ?? ''])),
  };
}

function textsOf(value: unknown): string[] {
  return (asArray(value) ?? []).slice(0, maxItems).map((item) => asString(item) ?? '');
}

function keysOf(value: unknown): string[] {
  return Object.keys(asRecord(value) ?? {})
    .slice(0, maxItems)
    .sort();
}
