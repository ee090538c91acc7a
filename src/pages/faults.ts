import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('pages', {
  foreignForm: { status: 403, message: 'This form was not sent from the page that was shown to you.' },
  methodNotAllowed: { status: 405, message: 'This address can be shown (GET) and answered (POST), nothing else.' },
});
