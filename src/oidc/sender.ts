import { deviceCookie, type Start } from '../flows/index.ts';
import { acceptedLanguages, type Exchange, parseCookies } from '../http/index.ts';

/** What a journey and a log want to know of the request. */
export const senderOf = ({ headers, remoteAddress, url }: Exchange): Pick<Start, 'sender' | 'acceptLanguages'> => ({
  sender: {
    address: remoteAddress,
    userAgent: headers['user-agent'],
    device: parseCookies(headers.cookie).get(deviceCookie),
    origin: url.origin,
  },
  acceptLanguages: acceptedLanguages(headers['accept-language']),
});
