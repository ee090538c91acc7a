import type { Wanted } from '../../flows/index.ts';
import type { Reply } from '../../http/index.ts';

/** What a form on a page of the device flow carries. */
interface DeviceForm {
  /** Where it is posted to. */
  readonly action: string;
  readonly csrf: string;
  /** As it is shown or was typed. */
  readonly userCode: string;
}

/** A page of the device flow, as data. */
export type DeviceView =
  | (DeviceForm & { readonly kind: 'enter'; readonly problem?: 'unknown' | 'tooMany' })
  /** The person says that the device is theirs. */
  | (DeviceForm & { readonly kind: 'confirm'; readonly appName: string })
  | { readonly kind: 'done' | 'denied' };

/** Draws a page of the device flow, in the language and the looks of its flow. */
export type DevicePage = (view: DeviceView, wanted: Wanted, flowId: string) => Promise<Reply>;
