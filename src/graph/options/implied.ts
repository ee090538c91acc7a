import type { EntityType, Navigation } from '../../model/index.ts';
import { familyBelow, tells } from '../surface.ts';
import type { Asking } from './listing.ts';
import type { Expansion, Projection } from './projection.ts';

/** Adds the relationships that the reference shows without being asked; after a write only those to one entity (Graph contract e row 78). */
export function withImplied(projection: Projection, { type, version }: Asking, answer: Answer): Projection {
  const { select, expand } = projection;
  const shown = (name: string): boolean => select === undefined || select.includes(name.split('/', 1)[0] ?? '');
  const implied = familyBelow(type).flatMap((on) =>
    Object.entries(on.navigations)
      .filter(([name, navigation]) => isImplied(navigation, answer) && tells(on, name, type) && shown(name))
      .filter(([, { versions }]) => versions.includes(version))
      .filter(([name]) => !expand.some((asked) => asked.name === name && (asked.on ?? type) === on))
      .map(([name, navigation]) => impliedExpansion(name, navigation, on === type ? undefined : on)),
  );
  return implied.length === 0 ? projection : { ...projection, expand: [...expand, ...implied] };
}

/** What an answer is to: a read, a write, or a write whose whole outcome was asked for. */
export type Answer = 'read' | 'write' | 'representation';

const isImplied = ({ inline, many }: Navigation, answer: Answer): boolean =>
  inline === 'representation' ? answer === inline : inline !== undefined && (answer === 'read' || !many);

const impliedExpansion = (name: string, navigation: Navigation, on: EntityType | undefined): Expansion => ({
  name,
  navigation,
  ...(on ? { on } : {}),
  implied: true,
  projection: navigation.inline === 'id' ? { select: ['id'], expand: [] } : { expand: [] },
  listing: { count: false },
  options: [],
});
