import { type Asset, createAsset } from '../http/index.ts';

const folder = '/assets/';

export const pageStyle: Asset = createAsset(new URL('./assets/page.css', import.meta.url), folder);
export const formStyle: Asset = createAsset(new URL('./assets/form.css', import.meta.url), folder);
export const script: Asset = createAsset(new URL('./assets/page.js', import.meta.url), folder);

export const assetAt = (path: string): Asset | undefined =>
  [pageStyle, formStyle, script].find((one) => one.matches(path));
