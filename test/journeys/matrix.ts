import type { Exemption, Proof } from './proof.ts';
import { chapters } from './proofs/index.ts';
import { type FlowKind, flowKinds, journeySettings } from './settings.ts';

const proofs: readonly Proof[] = chapters.flatMap((chapter) => chapter.proofs);
const exemptions: readonly Exemption[] = chapters.flatMap((chapter) => chapter.exemptions);

/** Each once, however many chapters have it. */
const reasons = [...new Set(exemptions.map(({ because }) => because))];

/** Every scenario, one for each kind of flow that it is proved for. */
export const scenarios = proofs.flatMap((proof) => proof.kinds.map((kind) => ({ proof, kind })));

const about =
  (setting: string, kind: FlowKind) =>
  ({ settings, kinds }: Pick<Proof, 'settings' | 'kinds'>): boolean =>
    settings.includes(setting) && kinds.includes(kind);

export interface Cell {
  readonly setting: string;
  readonly kind: FlowKind;
  /** Numbers of the proofs, from 1. */
  readonly proofs: readonly number[];
  /** Letters would run out: numbers of the reasons, from 1. */
  readonly reasons: readonly number[];
}

const numbersOf = <T>(list: readonly T[], fits: (one: T) => boolean): readonly number[] =>
  list.flatMap((one, index) => (fits(one) ? [index + 1] : []));

const reasonsOf = (setting: string, kind: FlowKind): readonly number[] => {
  const given = exemptions.filter(about(setting, kind)).map(({ because }) => because);
  return numbersOf(reasons, (because) => given.includes(because));
};

/** Setting × kind of flow. */
export const cells: readonly Cell[] = journeySettings().flatMap((setting) =>
  flowKinds.map((kind) => ({
    setting,
    kind,
    proofs: numbersOf(proofs, about(setting, kind)),
    reasons: reasonsOf(setting, kind),
  })),
);

/** Names that no setting has: of proofs for something that is gone. */
export const unknownSettings: readonly string[] = [...proofs, ...exemptions]
  .flatMap(({ settings }) => settings)
  .filter((setting) => !journeySettings().includes(setting));

const cellText = ({ proofs: proved, reasons: excused }: Cell): string =>
  proved.length > 0 ? proved.map((number) => String(number)).join(' ') : excused.map((n) => `(${n})`).join(' ');

/** The table of `docs/journeys.md`, with its two lists. */
export function matrixText(): string {
  const rows = journeySettings().map((setting) => {
    const row = cells.filter((cell) => cell.setting === setting).map(cellText);
    return `| \`${setting}\` | ${row.join(' | ')} |`;
  });
  return [
    `| setting | ${flowKinds.join(' | ')} |`,
    `|---|${flowKinds.map(() => '---').join('|')}|`,
    ...rows,
    '',
    '### Proofs',
    '',
    ...proofs.map(({ says }, index) => `${index + 1}. ${says}`),
    '',
    '### Not concerned',
    '',
    ...reasons.map((because, index) => `${index + 1}. ${because}`),
    '',
  ].join('\n');
}
