// Proves or makes a passkey with the browser (WebAuthn). The button is shown only where that can work.

const area = document.getElementById('passkey');
const answer = area.querySelector('input');
const start = area.querySelector('[data-start]');
const failed = area.querySelector('[data-failed]');
const { ceremony, options, conditional } = area.dataset;

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const toText = (bytes) =>
  bytes &&
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const withBytes = (credentials) => credentials?.map((one) => ({ ...one, id: toBytes(one.id) }));

// What `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` do, for browsers without them.
function parse(json) {
  const { challenge, user, excludeCredentials, allowCredentials, ...rest } = json;
  return {
    ...rest,
    challenge: toBytes(challenge),
    ...(user && { user: { ...user, id: toBytes(user.id) } }),
    ...(excludeCredentials && { excludeCredentials: withBytes(excludeCredentials) }),
    ...(allowCredentials && { allowCredentials: withBytes(allowCredentials) }),
  };
}

// What `toJSON` does, for browsers and password managers whose credentials lack it.
function print(credential) {
  const { response } = credential;
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports?.(),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: toText(response.userHandle) || undefined,
    },
  };
}

let asking;

async function ask(mediation) {
  asking?.abort();
  asking = new AbortController();
  const request = { publicKey: parse(JSON.parse(options)), signal: asking.signal, ...(mediation && { mediation }) };
  const credential = await (ceremony === 'create'
    ? navigator.credentials.create(request)
    : navigator.credentials.get(request));
  answer.value = JSON.stringify(print(credential));
  answer.form.requestSubmit(area.querySelector('[data-send]'));
}

async function offer() {
  area.hidden = false;
  start.addEventListener('click', async () => {
    failed.hidden = true;
    failed.textContent = '';
    try {
      await ask();
    } catch {
      failed.hidden = false;
      failed.textContent = failed.dataset.failed;
    }
  });
  const canWait = conditional !== undefined && (await PublicKeyCredential.isConditionalMediationAvailable?.());
  // The person chose another way, or pressed the button: neither is a failure to tell of.
  if (canWait) ask('conditional').catch(() => {});
}

if (globalThis.PublicKeyCredential && navigator.credentials) offer();
