/** The only file that names OpenTelemetry's SDK; loaded when the variables ask for export, and never otherwise. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import {
  type Attributes,
  trace as api,
  type Context,
  defaultTextMapSetter,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  Fault,
  isMalfunction,
  type Observe,
  type Span,
  type SpanStart,
  type Trace,
  untraced,
} from '../../kernel/index.ts';
import type { Snapshot } from '../metrics/registry.ts';
import { producerOf } from './metric-data.ts';
import type { TelemetrySettings } from './settings.ts';

export interface Telemetry {
  readonly trace: Trace;
  /** Sends what is still kept, for a few seconds at most. */
  close(): Promise<void>;
}

export interface TelemetryServices {
  readonly version: string;
  readonly observe: Observe;
  readonly snapshot: () => Snapshot;
}

/** Where work is under way. */
interface Place {
  readonly context: Context;
  /** What all spans of one request share. */
  readonly request: { correlationId: string | undefined };
}

/** Milliseconds. */
const closing = 3_000;
/** A collector that is down is told of once in this time, in milliseconds. */
const quiet = 60_000;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;
const plainName = /^[\w.-]{1,64}$/;
const correlation = 'usher.correlation_id';

const propagator = new W3CTraceContextPropagator();
const carried = {
  get: (headers: NonNullable<SpanStart['headers']>, name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  },
  keys: (headers: NonNullable<SpanStart['headers']>) => Object.keys(headers),
};

/** The trace that a request says it belongs to. What vendors wrote beside it stays here: it would go on to whoever is called. */
function remoteContext(headers: NonNullable<SpanStart['headers']>): Context {
  const named = api.getSpanContext(propagator.extract(ROOT_CONTEXT, headers, carried));
  if (!named) return ROOT_CONTEXT;
  const { traceId, spanId, traceFlags } = named;
  return api.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

const codeOf = (error: unknown): string => {
  if (error instanceof Fault) return error.code;
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return plainName.test(name) ? name : 'Error';
};

/** Of an error the code alone: its words may hold what somebody typed. */
function markFailed(span: OtelSpan, code: string, isBroken: boolean): void {
  span.setAttribute('error.type', code);
  if (isBroken) span.setStatus({ code: SpanStatusCode.ERROR });
}

const toldOn = (span: OtelSpan, { name, kind }: SpanStart): Span => ({
  tell(facts) {
    span.setAttributes(facts as Attributes);
    const route = facts['http.route'];
    if (kind === 'server' && route !== undefined) span.updateName(`${name} ${route}`);
  },
  failed: (code) => markFailed(span, code, true),
});

function tracing(tracer: Tracer, propagates: boolean): Trace {
  const under = new AsyncLocalStorage<Place>();

  function begin(start: SpanStart): { readonly span: OtelSpan; readonly place: Place } {
    const here = under.getStore();
    const parent = start.headers && propagates ? remoteContext(start.headers) : (here?.context ?? ROOT_CONTEXT);
    const request = start.headers || !here ? { correlationId: undefined } : here.request;
    // The id of the journey is found in the middle of a request: whatever begins or ends after that is found by it.
    request.correlationId = start.facts?.[correlation] ?? request.correlationId;
    const known = request.correlationId === undefined ? {} : { [correlation]: request.correlationId };
    const attributes = { ...start.facts, ...known } as Attributes;
    const span = tracer.startSpan(start.name, { kind: kinds[start.kind ?? 'internal'], attributes }, parent);
    return { span, place: { context: api.setSpan(parent, span), request } };
  }

  return {
    async span(start, run) {
      const { span, place } = begin(start);
      try {
        return await under.run(place, () => run(toldOn(span, start)));
      } catch (error) {
        markFailed(span, codeOf(error), isMalfunction(error));
        throw error;
      } finally {
        if (place.request.correlationId !== undefined) span.setAttribute(correlation, place.request.correlationId);
        span.end();
      }
    },
    current() {
      const here = under.getStore();
      const ids = here && api.getSpanContext(here.context);
      if (!ids || (ids.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
      return { traceId: ids.traceId, spanId: ids.spanId };
    },
    onward() {
      const here = under.getStore();
      const headers: Record<string, string> = {};
      if (here && propagates) propagator.inject(here.context, headers, defaultTextMapSetter);
      return headers;
    },
    bound(run) {
      const here = under.getStore();
      return here ? (...args) => under.run(here, () => run(...args)) : run;
    },
  };
}

/** Who is telling: what the variables say goes before what the program knows. */
const resourceOf = (version: string): Resource =>
  defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': 'usher',
        'service.version': version,
        'service.instance.id': randomUUID(),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));

/** Hears of exports that failed. */
function warnOfExports(observe: Observe): (error: unknown) => void {
  let told = Number.NEGATIVE_INFINITY;
  const warn = (error: unknown): void => {
    const now = performance.now();
    if (now - told < quiet) return;
    told = now;
    observe({ kind: 'warning', message: 'Traces or metrics could not be exported.', error });
  };
  setGlobalErrorHandler(warn);
  return warn;
}

const bounded = async (work: Promise<unknown>, warn: (error: unknown) => void): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closing);
  });
  await Promise.race([work.catch(warn), late]);
  clearTimeout(timer);
};

/** Starts export as the `OTEL_…` variables say; addresses, headers, certificates, samplers and limits are read by the SDK. */
export function startTelemetry(settings: TelemetrySettings, services: TelemetryServices): Telemetry {
  const warn = warnOfExports(services.observe);
  const resource = resourceOf(services.version);
  const tracers = settings.traces
    ? new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] })
    : undefined;
  const meters = settings.metrics
    ? new MeterProvider({
        resource,
        readers: [
          new PeriodicExportingMetricReader({
            exporter: new OTLPMetricExporter(),
            exportIntervalMillis: settings.metricMilliseconds.interval,
            exportTimeoutMillis: settings.metricMilliseconds.timeout,
            metricProducers: [producerOf(services.snapshot, resource)],
          }),
        ],
      })
    : undefined;
  return {
    trace: tracers ? tracing(tracers.getTracer('usher', services.version), settings.propagates) : untraced,
    close: () => bounded(Promise.all([tracers?.shutdown(), meters?.shutdown()]), warn),
  };
}
