/**
 * Texts that are rightly the same as in English, by tag and message id, each with the reason. Short on purpose: what is not here and reads
 * as English counts as not translated. A text without letters of its own, such as `{heading} · {tenant}`, needs no entry.
 */
export const sameAsEnglish: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  de: {
    'page.optional': 'German says optional too',
    'device.code': 'German says Code too',
  },
  es: {
    'page.titleError': 'Spanish says Error too',
    'attribute.no': 'the Spanish word',
  },
  fr: {
    'device.code': 'French says Code too',
  },
  it: {
    '*.password': 'Italian says password as well',
    'attribute.no': 'the Italian word',
  },
  nl: {
    'device.code': 'Dutch says Code too',
  },
};
