import { isLoopbackHost } from '../../kernel/index.ts';
import { badSetting } from '../faults.ts';

/** A mail server as `--smtp-url` names it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `direct`: from the first byte (RFC 8314 §3.3). `upgrade`: STARTTLS, and nothing is sent without. `none`: for a catcher of mails. */
  readonly tls: 'direct' | 'upgrade' | 'none';
  readonly login?: { readonly user: string; readonly password: string };
}

const flawed = (flaw: string) => badSetting('smtpUrl', flaw);

function loginOf({ username, password }: URL): SmtpServer['login'] {
  if (username === '' && password === '') return undefined;
  if (username === '' || password === '') throw flawed('needs both a user name and a password, or neither');
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw flawed("has a '%' in user name or password that is not part of an encoding: write it %25");
  }
}

function tlsOf({ protocol, search }: URL): SmtpServer['tls'] {
  if (search === '') return protocol === 'smtps:' ? 'direct' : 'upgrade';
  if (search !== '?tls=off' || protocol === 'smtps:')
    throw flawed("allows no parameter but 'tls=off', and that with smtp:// only");
  return 'none';
}

/** Reads `smtp[s]://[USER:PASSWORD@]HOST[:PORT][?tls=off]`. Throws `connectors.badSetting`, without the password. */
export function readSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    !/^smtps?:$/.test(url.protocol) ||
    url.hostname === '' ||
    !/^\/?$/.test(url.pathname) ||
    url.hash !== ''
  ) {
    throw flawed(
      'must be smtp[s]://[USER:PASSWORD@]HOST[:PORT], with signs like @ and / in the password encoded as %40 and %2F',
    );
  }
  const [tls, login] = [tlsOf(url), loginOf(url)];
  if (tls === 'none' && login && !isLoopbackHost(url.hostname)) {
    throw flawed("would send the password in the clear: leave out 'tls=off' or the password");
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (tls === 'direct' ? 465 : 587) : Number(url.port),
    tls,
    ...(login ? { login } : {}),
  };
}
