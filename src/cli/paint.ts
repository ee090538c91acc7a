/** Terminal styles (ECMA-48 SGR); plain text where no person reads. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  link(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
}

export function paint(interactive: boolean): Paint {
  const style =
    (open: number, close: number) =>
    (text: string): string =>
      interactive ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    link: style(36, 39),
    good: style(32, 39),
    warn: style(33, 39),
    bad: style(31, 39),
  };
}
