/** RFC 8628 §3.4. */
export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code';

/** Microsoft's libraries call it by its last word. */
export const isDeviceGrant = (grantType: string): boolean =>
  grantType === deviceGrantType || grantType === 'device_code';
