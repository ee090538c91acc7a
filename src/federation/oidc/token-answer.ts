import { isMembers } from '../oauth2-answer.ts';

/** Stands for the access token where a provider gives none; the library would refuse the ID token with it. */
export const noAccessToken = 'none';

/**
 * Azure AD B2C gives no access token for the scope `openid` alone (b2c contract b.2), though OAuth 2.0 demands one (RFC 6749 §5.1). Who somebody is
 * stands in the ID token.
 */
export async function withAccessToken(response: Response): Promise<Response> {
  const { status, headers } = response;
  const text = await response.text();
  const members = parse(text);
  const isBare = status === 200 && isMembers(members) && 'id_token' in members && !('access_token' in members);
  if (!isBare) return new Response(text, { status, headers });
  return Response.json({ token_type: 'Bearer', ...members, access_token: noAccessToken });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
