/** Development only: tries a user flow and shows its tokens, the outbox, the clock, a fresh start. `serve` never mounts it. */

export { type WorkbenchServices, type WorkbenchTenant, workbenchFace } from './face.ts';
