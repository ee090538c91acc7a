/** The hosted pages: shows a journey's screens in the person's language, works without scripts, and owns every word people read. */

export { type ErrorInfo, errorPage, signedOutPage } from './error-page.ts';
export { type PagesServices, pagesFace } from './face.ts';
export { createVoice, createWords, type Languages, type Voice } from './words.ts';
