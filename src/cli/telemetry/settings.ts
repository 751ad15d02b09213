import type { AttributeValue } from '../../util/telemetry/step.ts';
import { parseTraceParent, type TraceParent } from '../../util/telemetry/traceparent.ts';
import { type Pairs, readPairs } from './pairs.ts';

/** What is sent. */
export type Signal = 'traces' | 'metrics';

/** Where one signal is sent, and how. */
export interface SignalSettings {
  readonly url: URL;
  /** May hold secrets: never shown. */
  readonly headers: Pairs;
  readonly protocol: 'http/json' | 'http/protobuf';
  readonly gzip: boolean;
  /** How long sending may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Files of PEM. */
  readonly certificate?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

/** What the environment asks for. */
export interface TelemetrySettings {
  readonly traces?: SignalSettings;
  readonly metrics?: SignalSettings;
  /** Attributes of who sends. */
  readonly resource: ReadonlyMap<string, AttributeValue>;
  readonly parent?: TraceParent;
  readonly temporality: 'delta' | 'cumulative';
  /** What is wrong with the settings: one line each, without values that may be secrets. */
  readonly warnings: readonly string[];
}

/** Where a collector on this machine listens. */
const defaultEndpoint = 'http://localhost:4318';
/** Longest that sending may take after the work, in milliseconds, whatever is asked for: a build is not to wait. */
const maxTimeoutMs = 5000;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the standard variables (OpenTelemetry specification, "Environment Variable Specification" and "OTLP exporter").
 * Nothing is sent unless an endpoint is set, or `otlp` named as exporter: a name for the service alone asks for nothing.
 */
export function readSettings(env: Env): TelemetrySettings {
  const reader = new Reader(env);
  const off = reader.text('OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  const parent = parseTraceParent(env.TRACEPARENT ?? '', env.TRACESTATE);
  const traces = off || !isSampled(reader, parent) ? undefined : reader.signal('traces');
  const metrics = off ? undefined : reader.signal('metrics');
  const resource = traces || metrics ? reader.resource() : new Map<string, AttributeValue>();
  const preference = reader.text('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE')?.toLowerCase();
  return {
    ...(traces ? { traces } : {}),
    ...(metrics ? { metrics } : {}),
    resource,
    ...(parent ? { parent } : {}),
    temporality: preference === 'delta' || preference === 'lowmemory' ? 'delta' : 'cumulative',
    warnings: [...reader.warnings],
  };
}

/** Whether the run is recorded: by default it is, unless it is part of something that is not. */
function isSampled(reader: Reader, parent: TraceParent | undefined): boolean {
  const sampler = reader.text('OTEL_TRACES_SAMPLER')?.toLowerCase() ?? 'parentbased_always_on';
  if (sampler.startsWith('parentbased_') && parent) return parent.sampled;
  return !sampler.endsWith('always_off');
}

class Reader {
  readonly warnings = new Set<string>();
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  /** An empty variable counts as one that is not set (the specification). */
  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  /** Of one signal, before that of all. */
  #of(signal: Signal, what: string): { name: string; value: string } | undefined {
    for (const name of [`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${what}`, `OTEL_EXPORTER_OTLP_${what}`]) {
      const value = this.text(name);
      if (value !== undefined) return { name, value };
    }
    return undefined;
  }

  signal(signal: Signal): SignalSettings | undefined {
    if (!this.#isWanted(signal)) return undefined;
    const protocol = this.#protocol(signal);
    const url = this.#url(signal);
    if (!protocol || !url) return undefined;
    const certificate = this.#of(signal, 'CERTIFICATE')?.value;
    const clientCertificate = this.#of(signal, 'CLIENT_CERTIFICATE')?.value;
    const clientKey = this.#of(signal, 'CLIENT_KEY')?.value;
    return {
      url,
      protocol,
      headers: this.#headers(signal),
      gzip: this.#gzip(signal),
      timeoutMs: this.#timeout(signal),
      ...(certificate ? { certificate } : {}),
      ...(clientCertificate ? { clientCertificate } : {}),
      ...(clientKey ? { clientKey } : {}),
    };
  }

  #isWanted(signal: Signal): boolean {
    const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
    const exporters = this.text(name)
      ?.split(',')
      .map((text) => text.trim());
    if (!exporters) return this.#of(signal, 'ENDPOINT') !== undefined;
    if (exporters.includes('otlp')) return true;
    if (!exporters.every((exporter) => exporter === 'none'))
      this.warnings.add(`${name} names what sluice does not have: there are otlp and none`);
    return false;
  }

  #protocol(signal: Signal): SignalSettings['protocol'] | undefined {
    const { name, value } = this.#of(signal, 'PROTOCOL') ?? { name: '', value: 'http/protobuf' };
    if (value === 'http/json' || value === 'http/protobuf') return value;
    const what = value === 'grpc' ? 'is grpc, which sluice does not speak' : 'names no protocol that is known';
    this.warnings.add(
      `${name} ${what}, so that no telemetry is sent: set it to http/protobuf or http/json, and the endpoint to the collector's port for HTTP, mostly 4318`,
    );
    return undefined;
  }

  #url(signal: Signal): URL | undefined {
    const own = this.text(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`);
    const base = own ?? this.text('OTEL_EXPORTER_OTLP_ENDPOINT') ?? defaultEndpoint;
    const url = URL.canParse(base) ? new URL(base) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      const name =
        own === undefined ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
      // Not shown: it may hold a password.
      this.warnings.add(`${name} is no address with http or https, so that no telemetry is sent`);
      return undefined;
    }
    // What is set for one signal is taken as it is.
    if (own === undefined) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`;
    return url;
  }

  #headers(signal: Signal): Pairs {
    const names = ['OTEL_EXPORTER_OTLP_HEADERS', `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`];
    const headers = new Map<string, string>();
    for (const name of names) {
      const { pairs, wrong } = readPairs(this.text(name) ?? '', 'header');
      for (const [key, value] of pairs) headers.set(key.toLowerCase(), value);
      // No values: they are mostly secrets.
      if (wrong > 0) this.warnings.add(`${name} has ${wrong} parts that are no NAME=VALUE, which are left out`);
    }
    return headers;
  }

  #gzip(signal: Signal): boolean {
    const { name, value } = this.#of(signal, 'COMPRESSION') ?? { name: '', value: 'none' };
    if (value !== 'gzip' && value !== 'none')
      this.warnings.add(`${name} is neither gzip nor none: nothing is compressed`);
    return value === 'gzip';
  }

  #timeout(signal: Signal): number {
    const { name, value } = this.#of(signal, 'TIMEOUT') ?? { name: '', value: String(maxTimeoutMs) };
    if (/^\d{1,9}$/.test(value)) return Math.min(Number(value) || maxTimeoutMs, maxTimeoutMs);
    this.warnings.add(`${name} is no number of milliseconds: ${maxTimeoutMs} are taken`);
    return maxTimeoutMs;
  }

  resource(): ReadonlyMap<string, AttributeValue> {
    const { pairs, wrong } = readPairs(this.text('OTEL_RESOURCE_ATTRIBUTES') ?? '', 'attribute');
    // The specification: what is wrong in a part makes all of it void.
    if (wrong > 0) this.warnings.add('OTEL_RESOURCE_ATTRIBUTES has parts that are no NAME=VALUE, and is left out');
    const attributes = new Map<string, AttributeValue>([['service.name', 'sluice'], ...(wrong > 0 ? [] : pairs)]);
    const service = this.text('OTEL_SERVICE_NAME');
    if (service !== undefined) attributes.set('service.name', service.toWellFormed());
    return attributes;
  }
}
