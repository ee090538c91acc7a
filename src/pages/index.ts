/** The hosted pages: shows a journey's screens in the person's language and the looks of its flow, works without scripts, and owns every word people read. */

export { createTemplates, type TemplateServers, type Templates } from './custom/templates.ts';
export { type DeviceCodeView, deviceCodePage } from './device-code-page.ts';
export { createErrorPages, type ErrorInfo, type ErrorPages } from './error-page.ts';
export { type PagesServices, pagesFace } from './face.ts';
export { signedOutPage } from './signed-out-page.ts';
export { createVoice, createWords, type Voice } from './words.ts';
