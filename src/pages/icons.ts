import { html } from '../http/index.ts';

/** Drawn for this project. Always beside words, so hidden from assistive technology. */
export const icons = {
  alert: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 4a1 1 0 0 1 1 1v4a1 1 0 1 1-2 0v-4a1 1 0 0 1 1-1Zm0 9.4a1.15 1.15 0 1 1 0-2.3 1.15 1.15 0 0 1 0 2.3Z"/></svg>`,
  check: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm4 6.6-4.6 5a1 1 0 0 1-1.45.03l-2.2-2.2a1 1 0 1 1 1.42-1.42l1.46 1.46 3.9-4.22A1 1 0 1 1 14 8.1Z"/></svg>`,
  letter: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M3.5 4h13A1.5 1.5 0 0 1 18 5.5v.3l-8 4.7-8-4.7v-.3A1.5 1.5 0 0 1 3.5 4ZM2 7.5v7A1.5 1.5 0 0 0 3.5 16h13a1.5 1.5 0 0 0 1.5-1.5v-7l-7.5 4.4a1 1 0 0 1-1 0L2 7.5Z"/></svg>`,
} as const;
