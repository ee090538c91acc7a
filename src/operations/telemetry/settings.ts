/** What the standard `OTEL_…` variables ask for, as far as the SDK leaves it to the program; the rest it reads itself. */
export interface TelemetrySettings {
  readonly traces: boolean;
  readonly metrics: boolean;
  /** Requests may say which trace they belong to, and calls say it on. */
  readonly propagates: boolean;
  readonly metricMilliseconds: { readonly interval: number; readonly timeout: number };
  /** What they ask for and this server does not have, as sentences. */
  readonly warnings: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

type Signal = 'TRACES' | 'METRICS';

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');

interface Asked {
  readonly exports: boolean;
  readonly warnings: readonly string[];
}

/** Without a word about the exporter there is one where somebody says to which address. */
function signalAsked(signal: Signal, variables: Variables): Asked {
  const name = `OTEL_${signal}_EXPORTER`;
  const given = listOf(variables[name]);
  const address = variables['OTEL_EXPORTER_OTLP_ENDPOINT'] || variables[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`];
  if (given.length === 0) return { exports: Boolean(address), warnings: [] };
  const known = ['otlp', 'none', ...(signal === 'METRICS' ? ['prometheus'] : [])];
  const unknown = given.filter((one) => !known.includes(one));
  return {
    exports: given.includes('otlp'),
    warnings: unknown.map((one) => `${name}: there is no exporter '${one}' here; ${known.join(', ')} are known.`),
  };
}

/** Only one protocol is built in. */
function protocolWarnings(signal: Signal, variables: Variables): readonly string[] {
  const own = `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`;
  const name = variables[own] ? own : 'OTEL_EXPORTER_OTLP_PROTOCOL';
  const given = variables[name];
  return given && given !== 'http/protobuf' ? [`${name}: 'http/protobuf' is used, not '${given}'.`] : [];
}

/** Milliseconds of a variable, between a tenth of a second and a day. */
function millisecondsOf(variables: Variables, name: string, usual: number): number {
  const given = Number(variables[name]);
  return Number.isInteger(given) && given >= 100 && given <= 86_400_000 ? given : usual;
}

/** Never throws: a server runs without what it cannot tell. */
export function readTelemetry(variables: Variables): TelemetrySettings {
  const isOff = variables['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true';
  const [traces, metrics] = [signalAsked('TRACES', variables), signalAsked('METRICS', variables)];
  const propagators = variables['OTEL_PROPAGATORS'] ? listOf(variables['OTEL_PROPAGATORS']) : ['tracecontext'];
  const unknown = propagators.filter((one) => !['tracecontext', 'baggage', 'none'].includes(one));
  const interval = millisecondsOf(variables, 'OTEL_METRIC_EXPORT_INTERVAL', 60_000);
  const warnings = [
    ...traces.warnings,
    ...metrics.warnings,
    ...(traces.exports ? protocolWarnings('TRACES', variables) : []),
    ...(metrics.exports ? protocolWarnings('METRICS', variables) : []),
    ...unknown.map((one) => `OTEL_PROPAGATORS: there is no '${one}' here; tracecontext is known.`),
  ];
  return {
    traces: !isOff && traces.exports,
    metrics: !isOff && metrics.exports,
    propagates: propagators.includes('tracecontext'),
    metricMilliseconds: {
      interval,
      timeout: Math.min(interval, millisecondsOf(variables, 'OTEL_METRIC_EXPORT_TIMEOUT', 30_000)),
    },
    warnings: isOff ? [] : warnings,
  };
}
