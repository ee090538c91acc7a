import type { Config } from '../kernel/index.ts';

/** Of the wildcard addresses the own one: nobody can call `0.0.0.0`. */
export const callable = (host: string): string => ({ '0.0.0.0': '127.0.0.1', '::': '::1' })[host] ?? host;

export const originOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The port after the public one, unless another was asked for. */
export const managementPortOf = ({ port, managementPort }: Config): number =>
  managementPort ?? (port === 0 ? 0 : port + 1);
