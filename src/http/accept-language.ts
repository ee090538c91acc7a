/** More preferences than any browser sends are not looked at. */
const most = 20;

/**
 * The languages of an `Accept-Language` header, best first (RFC 9110 §12.5.4). What is malformed, `*`, or has weight 0 is
 * left out; of equal weights the first counts more.
 */
export function acceptedLanguages(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',', most)
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const quality = parameters.find((one) => /^q=/i.test(one))?.slice(2);
      return { tag, weight: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, weight }) => /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i.test(tag) && weight > 0 && weight <= 1)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
