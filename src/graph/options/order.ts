import { type EntityType, isUnbounded, type Order, type Version } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { demandIndex } from './index-law.ts';
import { kindOf } from './literal.ts';
import { walkPath } from './path.ts';

/** Properties in one `$orderby`; each is one more column of the page token. */
const mostOrders = 5;

/** Throws `graph.badOption`, `graph.unknownProperty`, `graph.unsupportedOrder`. */
export function readOrder(text: string, type: EntityType, version: Version): readonly Order[] {
  const orders = text.split(',', mostOrders + 1).map((part): Order => {
    const [name = '', direction = 'asc', ...rest] = part.trim().split(/\s+/);
    const way = direction.toLowerCase();
    if (name === '' || rest.length > 0 || (way !== 'asc' && way !== 'desc')) {
      throw faults.badOption({ option: '$orderby', reason: "each part must be a property and 'asc' or 'desc'" });
    }
    return { path: sortable(name, type, version), descending: way === 'desc' };
  });
  if (orders.length > mostOrders) {
    throw faults.badOption({ option: '$orderby', reason: `it names more than ${mostOrders} properties` });
  }
  if (new Set(orders.map(({ path }) => path.join('/'))).size < orders.length) {
    throw faults.badOption({ option: '$orderby', reason: 'it names a property twice' });
  }
  return orders;
}

function sortable(name: string, type: EntityType, version: Version): readonly string[] {
  const unsortable = () => faults.unsupportedOrder({ property: name.slice(0, 128), type: type.name });
  const site = walkPath({ names: name.split('/'), at: 0 }, { entity: type }, version, unsortable);
  if (site.kind !== 'site' || !site.plain || !('path' in site.operand)) throw unsortable();
  const { path } = site.operand;
  if (site.isId) return path;
  if (['none', 'any'].includes(kindOf(site.type))) throw unsortable();
  if (isUnbounded(type)) demandIndex(site, 'order', unsortable);
  return path;
}
