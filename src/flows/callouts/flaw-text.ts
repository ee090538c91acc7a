import { STATUS_CODES } from 'node:http';
import { type ConnectorStep, exchangeNames } from './connector-step.ts';
import type { Flaw, FlawCode } from './read-answer.ts';

/** What applications and administrators are told of a call that failed, as published (b2c contract b.6). */
export const connectorErrors: Readonly<Record<FlawCode, string>> = {
  AADB2C90027:
    "Basic credentials specified for '{0}' are invalid. Check that the credentials are correct and that access has been granted by the resource.",
  AADB2C90028:
    "Client certificate specified for '{0}' is invalid. Check that the certificate is correct, contains a private key and that access has been granted by the resource.",
  AADB2C90075:
    "The claims exchange '{0}' specified in step '{1}' returned HTTP error response with Code '{2}' and Reason '{3}'.",
  AADB2C90162:
    "The restful claims exchange '{0}' specified in step '{1}' has exceeded the number of allowable retries and has been canceled.",
  AADB2C90261:
    "The claims exchange '{0}' specified in step '{1}' returned HTTP error response that could not be parsed.",
};

/** The reason is that of the standards (RFC 9110 §15), never what a server wrote in its place. */
const reasonOf = (status: number): string => STATUS_CODES[status] ?? String(status);

/** What stands in the text of a flaw's code, in the order of its places. */
export function flawValues(step: ConnectorStep, { status = 0 }: Flaw): readonly string[] {
  const reason = reasonOf(status);
  // In the first observed message and ever since, the only step there is; the code is the reason as .NET writes it.
  return [exchangeNames[step], '1', reason.replace(/[^A-Za-z0-9]/g, ''), reason];
}

/** `AADB2C90075: The claims exchange … Correlation ID: …`: what a person can pass on to those who run the application. */
export function flawText(step: ConnectorStep, flaw: Flaw, correlationId: string): string {
  const values = flawValues(step, flaw);
  const text = connectorErrors[flaw.code].replace(/\{(\d)\}/g, (_, place) => values[Number(place)] ?? '');
  return `${flaw.code}: ${text} Correlation ID: ${correlationId}`;
}
