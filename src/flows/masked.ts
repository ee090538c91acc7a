/** `ad••••@contoso.example`: enough for its owner to know it, and too little for others to learn it. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, Math.min(2, at))}••••${address.slice(at)}`;
}
