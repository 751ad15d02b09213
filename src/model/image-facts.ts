/** A variable of an image's environment; of what looks like a secret the value is `***`. */
export interface EnvFact {
  readonly name: string;
  readonly value: string;
  /** Whether name or value tell that it is a secret. */
  readonly secret: boolean;
}

/** One line of the history: what a Dockerfile's instruction left. */
export interface InstructionFact {
  /** `RUN`, `COPY`, `ENV` … as a Dockerfile writes it; empty when the line does not tell. */
  readonly name: string;
  /** The whole line without secrets, without what builders put before it. */
  readonly text: string;
  /** The layer that it made, from 0; absent when it made none. */
  readonly layer?: number;
  readonly from: 'base' | 'own';
  /** The line of the Dockerfile, from 1, where that is known. */
  readonly line?: number;
}

/** How containers of an image are run, and how it was built (OCI image configuration and manifest), without secrets. */
export interface ImageFacts {
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  readonly stopSignal: string;
  /** The check's command; empty when there is none. */
  readonly healthcheck: readonly string[];
  /** `8080/tcp`, sorted. */
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  /** In the order of the configuration. */
  readonly env: readonly EnvFact[];
  /** By name, sorted. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of the manifest, by name, sorted. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly history: readonly InstructionFact[];
  /** RFC 3339, as the configuration says; empty when it says none. */
  readonly created: string;
  /** Its date, or its own lines of the history, bear the moment at which they were made: the next build is another image. */
  readonly timed?: true;
  /** Bytes of all layers' blobs. */
  readonly size: number;
}

/** Of what has no configuration: all of it is empty. */
export const noFacts: ImageFacts = {
  user: '',
  entrypoint: [],
  cmd: [],
  workingDir: '',
  stopSignal: '',
  healthcheck: [],
  ports: [],
  volumes: [],
  env: [],
  labels: {},
  annotations: {},
  history: [],
  created: '',
  size: 0,
};
