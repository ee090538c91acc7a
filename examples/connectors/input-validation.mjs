/**
 * Checks and tidies what a person has typed.
 * To be called before the user is created (`postAttributeCollection`); the flow collects `displayName`, `city`, `postalCode` and `country`.
 */
import { options, proceed, refuse, serve } from './serve.mjs';

const given = options();

/** Postal codes by the country's name or code, with an example. */
const postalCodes = [
  [/^(?:US|United States)$/i, /^\d{5}(?:-\d{4})?$/, '98052'],
  [/^(?:DE|Germany)$/i, /^\d{5}$/, '10115'],
  [/^(?:NL|Netherlands)$/i, /^\d{4} ?[A-Z]{2}$/i, '1012 AB'],
];

const reserved = /^(?:admin|administrator|root|support)$/i;

const capitalised = (text) => text.toLowerCase().replace(/(?<=^|[\s-])\p{L}/gu, (letter) => letter.toUpperCase());

function validate({ displayName = '', city = '', postalCode = '', country = '' }) {
  if (reserved.test(displayName.trim())) return refuse('This name is reserved. Please choose another one.');
  const [, pattern, example] = postalCodes.find(([name]) => name.test(country.trim())) ?? [];
  if (pattern && !pattern.test(postalCode.trim())) {
    return refuse(`Please enter a valid postal code, e.g. ${example}.`);
  }
  return proceed({
    ...(city ? { city: capitalised(city.trim()) } : {}),
    ...(postalCode ? { postalCode: postalCode.trim().toUpperCase() } : {}),
  });
}

serve({ '/sign-up': validate }, given);
