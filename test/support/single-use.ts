/** Something that is good for one use, made anew for every trial. Resolves to a way to present it: true when it opened something. */
export type Fresh = () => Promise<() => Promise<boolean>>;

/** So many requests at the same moment. */
export const crowd = 8;

/** What came of presenting it once, then again. */
export async function twice(fresh: Fresh): Promise<readonly [boolean, boolean]> {
  const present = await fresh();
  const first = await present();
  return [first, await present()];
}

/** How many of eight simultaneous presentations opened something. */
export async function winners(fresh: Fresh): Promise<number> {
  const present = await fresh();
  const opened = await Promise.all(Array.from({ length: crowd }, present));
  return opened.filter((one) => one).length;
}
