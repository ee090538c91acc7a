/** Whether a list of languages (RFC 5646, best first) begins with Chinese: providers of China speak it and English. */
export const isChinese = ([best]: readonly string[]): boolean => best?.split('-')[0]?.toLowerCase() === 'zh';
