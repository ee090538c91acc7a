/** An event at which an API outside may have its say (b2c contract f.4). */
export type ExtensionEvent =
  | 'attributeCollectionStart'
  | 'attributeCollectionSubmit'
  | 'tokenIssuanceStart'
  | 'emailOtpSend'
  | 'passwordSubmit';

/** Names on the wire, without `microsoft.graph.`; published samples mix upper and lower case, so answers are compared without. */
interface Wire {
  /** `data.@odata.type` of the request. */
  readonly callout: string;
  /** `data.@odata.type` of the answer. */
  readonly response: string;
  /** What the type of an action begins with. */
  readonly action: string;
}

export const wires: Readonly<Record<ExtensionEvent, Wire>> = {
  attributeCollectionStart: {
    callout: 'onAttributeCollectionStartCalloutData',
    response: 'onAttributeCollectionStartResponseData',
    action: 'attributeCollectionStart',
  },
  attributeCollectionSubmit: {
    callout: 'onAttributeCollectionSubmitCalloutData',
    response: 'onAttributeCollectionSubmitResponseData',
    action: 'attributeCollectionSubmit',
  },
  tokenIssuanceStart: {
    callout: 'onTokenIssuanceStartCalloutData',
    response: 'onTokenIssuanceStartResponseData',
    action: 'tokenIssuanceStart',
  },
  emailOtpSend: { callout: 'onOtpSendCalloutData', response: 'OnOtpSendResponseData', action: 'OtpSend' },
  passwordSubmit: {
    callout: 'onPasswordSubmitCalloutData',
    response: 'onPasswordSubmitResponseData',
    action: 'passwordSubmit',
  },
};
