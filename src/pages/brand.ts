type Rgb = readonly [number, number, number];

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

/** The darkest of the light grounds that words in the accent colour stand on, and the lightest of the dark ones, in any template. */
const grounds = { light: [235, 239, 243], dark: [42, 49, 58] } as const;

/** WCAG 2.2 AA, 1.4.3. */
const readable = 4.5;

/** `#2b4fd6`, as the model keeps it. */
export const parseColor = (color: string): Rgb => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  return [red, green, blue];
};

const printColor = (color: Rgb): string => `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance, WCAG 2.2. */
function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const mix = (from: Rgb, to: Rgb, share: number): Rgb => {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
};

/** The colour moved towards another one, no further than needed to be read on the ground. */
function readableOn(ground: Rgb, color: Rgb, towards: Rgb): Rgb {
  const shares = Array.from({ length: 21 }, (_, step) => step / 20);
  return shares.map((share) => mix(color, towards, share)).find((one) => contrast(one, ground) >= readable) ?? towards;
}

const variables = (named: Readonly<Record<string, Rgb>>): string =>
  Object.entries(named)
    .map(([name, color]) => `--${name}:${printColor(color)}`)
    .join(';');

function accents(color: Rgb): string {
  const onButton = contrast(color, white) >= contrast(color, black) ? white : black;
  const away = onButton === white ? black : white;
  const button = { button: color, 'button-strong': mix(color, away, 0.2), 'on-button': onButton };
  const words = (ground: Rgb, towards: Rgb) => {
    const accent = readableOn(ground, color, towards);
    return variables({ accent, 'accent-strong': mix(accent, towards, 0.25) });
  };
  return `:root{${variables(button)};${words(grounds.light, black)}}@media(prefers-color-scheme:dark){:root:not(.light){${words(grounds.dark, white)}}}`;
}

/**
 * The style sheet of a flow's colours, empty when it has none. Buttons have the accent colour itself with black or white words
 * on it, whichever is read better; links, words and rings have it darkened or lightened until they can be read.
 */
export function brandStyle(colors: {
  readonly accentColor: string | null;
  readonly backgroundColor: string | null;
}): string {
  const { accentColor, backgroundColor } = colors;
  const accent = accentColor === null ? '' : accents(parseColor(accentColor));
  const ground = backgroundColor === null ? '' : `:root{${variables({ 'brand-ground': parseColor(backgroundColor) })}}`;
  return ground + accent;
}
