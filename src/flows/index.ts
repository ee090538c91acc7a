/** Journeys. A user flow compiles to a plan; the engine walks it step by step. Knows no HTTP and no OIDC. */

export type { Flows, Host, Move, Start } from './host.ts';
export type { Arrival, Facts, Journey, JourneyClient, Refusal } from './journey.ts';
export type { Action, Field, Message, Screen, Text, Verification } from './screen.ts';
export type { Input, Words } from './step.ts';
