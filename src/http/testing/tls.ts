import type { Tls } from '../server.ts';

/** A self-signed certificate for `localhost` and its key, for tests whose clients check neither. Nobody trusts it. */
export const testTls: Tls = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUKE2pmcPi/mLA77wFaQH4p2mbWZowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyMTkwOVoYDzIxMjYxMDI4
MTIxOTA5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARMyTAB/wjHtaunYx6rZmKpAoXlERFH+hktu9wqDJGX2Yfkb8WXWP96
+KUzWWDPH1rKGUbOsBtCE4qJUcRgFlRlo28wbTAdBgNVHQ4EFgQUc++IorDg8fcr
NGwNYW4kHwU9LlEwHwYDVR0jBBgwFoAUc++IorDg8fcrNGwNYW4kHwU9LlEwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhANdv7wh7o5W2kTuxxKozuCCe28zWt0iUtT0KeMCZAcYzAiAN
UInUSluV0pMaWk3DFV99NbEEfQ8tWduyQ5IxPykW/g==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+zZ6REqgxD1ALCVk
z9bSwWTjeKbIUV9DLBIFQntz0puhRANCAARMyTAB/wjHtaunYx6rZmKpAoXlERFH
+hktu9wqDJGX2Yfkb8WXWP96+KUzWWDPH1rKGUbOsBtCE4qJUcRgFlRl
-----END PRIVATE KEY-----
`,
};
