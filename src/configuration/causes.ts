/** Instructions of a Dockerfile that set something of an image's configuration, and what that is called there. */
export const causeNames: Readonly<Record<string, string>> = {
  USER: 'User',
  EXPOSE: 'ExposedPorts',
  HEALTHCHECK: 'Healthcheck',
  ENV: 'Env',
  LABEL: 'Labels',
  ENTRYPOINT: 'Entrypoint',
  CMD: 'Cmd',
  WORKDIR: 'WorkingDir',
  VOLUME: 'Volumes',
  STOPSIGNAL: 'StopSignal',
  FROM: 'base',
};

/** The instructions of {@link causeNames}. */
export const causes: readonly string[] = Object.keys(causeNames);
