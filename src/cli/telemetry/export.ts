import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { deliver } from '../../source/collector.ts';
import { SluiceError } from '../../util/error.ts';
import { type Metric, metricsRequest } from '../../util/telemetry/metrics.ts';
import { type OtlpMessage, type Sender, traceRequest } from '../../util/telemetry/otlp.ts';
import { encodeRequest } from '../../util/telemetry/otlp-protobuf.ts';
import type { Recording } from '../../util/telemetry/recording.ts';
import { partialSuccess } from './partial-success.ts';
import type { Signal, SignalSettings, TelemetrySettings } from './settings.ts';

/** What a run has to tell. */
export interface Told {
  readonly recording: Recording;
  readonly metrics: readonly Metric[];
  /** sluice's own version. */
  readonly version: string;
}

/** Most bytes of a file of certificates or a key. */
const maxPemBytes = 1024 * 1024;
/** To take something shorter out of a message would take it out of half of the words. */
const shortestSecret = 4;

/**
 * Sends what a run has to tell, each signal for itself, within the time that the settings allow. Returns what went wrong,
 * one line each; never throws.
 */
export async function exportAll(
  settings: TelemetrySettings,
  told: Told,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const sender: Sender = { resource: resourceOf(settings, told.version), version: told.version };
  const send = async (signal: Signal, make: () => OtlpMessage): Promise<string[]> => {
    const where = settings[signal];
    return where ? sendSignal(signal, where, make(), env) : [];
  };
  const sent = await Promise.all([
    send('traces', () => traceRequest(told.recording, idsOf(settings, told.recording), sender)),
    send('metrics', () => metricsRequest(told.metrics, timeOf(settings, told.recording), sender)),
  ]);
  // A collector that is down is one trouble, not two.
  return [...new Set(sent.flat())];
}

async function sendSignal(
  signal: Signal,
  settings: SignalSettings,
  request: OtlpMessage,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  try {
    const json = settings.protocol === 'http/json';
    const plain = json ? Buffer.from(JSON.stringify(request)) : encodeRequest(signal, request);
    const answer = await deliver(
      {
        url: settings.url,
        headers: {
          'user-agent': 'sluice',
          ...Object.fromEntries(settings.headers),
          'content-type': json ? 'application/json' : 'application/x-protobuf',
          ...(settings.gzip ? { 'content-encoding': 'gzip' } : {}),
        },
        body: settings.gzip ? await promisify(gzip)(plain) : plain,
        timeoutMs: settings.timeoutMs,
        ca: settings.certificate && readPem(settings.certificate),
        client: clientOf(settings),
      },
      env,
    );
    const refused = partialSuccess(answer, settings.protocol);
    return refused === undefined
      ? []
      : [redacted(`the OpenTelemetry collector ${settings.url.host} ${refused}`, settings)];
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) return ['telemetry could not be sent: an error that was not foreseen'];
    return [redacted(`telemetry was not sent: ${thrown.message}`, settings)];
  }
}

function clientOf({ clientCertificate, clientKey }: SignalSettings): { cert: string; key: string } | undefined {
  if (clientCertificate === undefined || clientKey === undefined) return undefined;
  return { cert: readPem(clientCertificate), key: readPem(clientKey) };
}

/** @throws SluiceError `telemetry/certificate` */
function readPem(path: string): string {
  let code = 'EFBIG';
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(maxPemBytes + 1);
      const size = readSync(file, bytes);
      if (size <= maxPemBytes) return bytes.toString('latin1', 0, size);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
  }
  throw new SluiceError('telemetry/certificate', `a file of certificates or a key can't be read (${code})`);
}

/** A collector may repeat in its answer what it was sent. */
function redacted(message: string, { headers, url }: SignalSettings): string {
  const values = [...headers.values()].flatMap((value) => [value, ...value.split(' ')]);
  const secrets = [...values, url.password, decodeURIComponent(url.password)];
  return secrets
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '***'), message);
}

function resourceOf({ resource }: TelemetrySettings, version: string): Sender['resource'] {
  const own = [['service.version', version]] as const;
  return new Map([...resource, ...own.filter(([name]) => !resource.has(name))]);
}

function idsOf({ parent }: TelemetrySettings, { steps }: Recording) {
  const traceId = parent?.traceId ?? randomBytes(16).toString('hex');
  return { traceId, spanIds: steps.map(() => randomBytes(8).toString('hex')), parent };
}

function timeOf({ temporality }: TelemetrySettings, { steps: [root] }: Recording) {
  const started = root?.started ?? 0;
  return { started, ended: root?.ended ?? started, temporality };
}
