import { system } from '../kernel/index.ts';
import { complete, type EntityType } from '../model/index.ts';
import type { Store } from '../store/index.ts';
import { lean } from './lean.ts';
import { attended, type Witness } from './witness.ts';

type Values = Readonly<Record<string, unknown>>;

interface AppendServices {
  readonly store: Store;
  readonly witness: Witness | undefined;
  readonly nextId: () => string;
}

/** Inserts entries of a log in one transaction, with what there is to be told of them. */
export async function appendTo(
  { store, witness, nextId }: AppendServices,
  type: EntityType,
  entries: readonly Values[],
): Promise<void> {
  const rows = entries.map((entry) => ({ ref: { type, id: nextId() }, values: complete(type, entry) }));
  const caller = system('log');
  const attendance = await witness?.attend();
  await store.write(async (opened) => {
    const transaction = lean(opened);
    const note = attended(attendance, { transaction, caller, nextId });
    for (const { ref, values } of rows) {
      await transaction.insert({ ref, values }, caller);
      await note({ deed: 'created', type, row: { id: ref.id, values }, properties: [] });
    }
  });
  attendance?.committed();
}
