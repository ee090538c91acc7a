const printable = /^[ -~]*$/;

/** Whether a text is printable ASCII alone: each of its units is a character, in the one form it has. Most names and ids are. */
export const isPrintableAscii = (text: string): boolean => printable.test(text);
