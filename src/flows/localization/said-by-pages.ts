/**
 * What pages say on their own, whatever the step, by the id B2C has for it (b2c contract e.2): the ids of our messages. A text for one
 * page takes the place of each of them there.
 */
export const saidByPages: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    divider_title: ['page.or'],
    ver_but_send: ['page.verification.send'],
    ver_but_verify: ['page.verification.verify'],
    ver_but_resend: ['page.verification.resend'],
    ver_but_edit: ['page.verification.edit', 'page.verification.editPhone'],
    ver_input: ['page.verification.code'],
    country_code_label: ['page.country'],
    day: ['page.day'],
    month: ['page.month'],
    year: ['page.year'],
  }),
);
