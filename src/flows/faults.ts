import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('flows', {
  unknownFlow: { status: 404, message: "There is no user flow '{id}'." },
  notRunnable: {
    status: 501,
    message: "The user flow '{id}' is of type {type}, which this version of Usher stores but cannot run yet.",
  },
  journeyLost: { status: 410, message: 'This sign-in has expired. Start again from the application.' },
});
