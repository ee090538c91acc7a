import { untraced } from '../../kernel/index.ts';
import type { Telemetry, TelemetryServices } from './open-telemetry.ts';
import { readTelemetry } from './settings.ts';

export type { Telemetry } from './open-telemetry.ts';

const nothing: Telemetry = { trace: untraced, close: async () => undefined };

/** Exports traces and metrics where the standard `OTEL_…` variables ask for it; loads nothing and costs nothing where they do not. */
export async function openTelemetry(
  variables: Readonly<Record<string, string | undefined>>,
  services: TelemetryServices,
): Promise<Telemetry> {
  const settings = readTelemetry(variables);
  for (const message of settings.warnings) services.observe({ kind: 'warning', message });
  if (!settings.traces && !settings.metrics) return nothing;
  const { startTelemetry } = await import('./open-telemetry.ts');
  return startTelemetry(settings, services);
}
