import type { Message, Text } from '../screen.ts';

const summaries = ['error_requiredFieldMissing', 'error_fieldIncorrect', 'error_passwordEntryMismatch'] as const;

/** What is wrong with one field; `summary` is what the page says of all such fields together. */
export interface Complaint {
  readonly field: string;
  readonly summary: (typeof summaries)[number];
  readonly texts: readonly Text[];
}

/** What a page says about a form that was sent: messages above it, and beside the fields, by name. */
export interface FormRemarks {
  readonly messages: readonly Message[];
  readonly errors: Readonly<Record<string, readonly Text[]>>;
}

/** Message ids that a page with complaints needs. */
export const complaintWords = (screenId: string): readonly string[] => [
  'field.required',
  ...summaries.map((summary) => `${screenId}.${summary}`),
];

export const missing = (field: string, label: Text): Complaint => ({
  field,
  summary: 'error_requiredFieldMissing',
  texts: [{ id: 'field.required', values: { field: label } }],
});

/** One message for each kind of trouble, and beside each field what is wrong with it. */
export function remarksFor(screenId: string, complaints: readonly Complaint[]): FormRemarks {
  const found = summaries.filter((summary) => complaints.some((one) => one.summary === summary));
  return {
    messages: found.map((summary) => ({ tone: 'error', text: { id: `${screenId}.${summary}` } })),
    errors: Object.fromEntries(complaints.map(({ field, texts }) => [field, texts])),
  };
}
