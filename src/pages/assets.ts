import type { LayoutTemplate } from '../flows/index.ts';
import { type Asset, createAsset } from '../http/index.ts';

const folder = '/assets/';

const asset = (name: string): Asset => createAsset(new URL(`./assets/${name}`, import.meta.url), folder);

export const pageStyle = asset('content.css');
export const fieldStyle = asset('fields.css');
export const formStyle = asset('form.css');
export const exhibitStyle = asset('exhibits.css');
export const shellStyle = asset('shell.css');
export const script = asset('comfort.js');
export const passkeyScript = asset('passkey.js');

/** What each template changes about the shell; the best one needs nothing. */
export const templateStyles: Readonly<Record<LayoutTemplate, Asset | undefined>> = {
  usher: undefined,
  classic: asset('classic.css'),
  oceanBlue: asset('ocean-blue.css'),
  slateGray: asset('slate-gray.css'),
};

const all = [
  pageStyle,
  fieldStyle,
  formStyle,
  exhibitStyle,
  shellStyle,
  script,
  passkeyScript,
  ...Object.values(templateStyles),
];

export const assetAt = (path: string): Asset | undefined =>
  path.startsWith(folder) ? all.find((one) => one?.matches(path)) : undefined;
