/** The user flow of applications that no listener leads to another one: people sign in at the tenant, without "create one". */
export const tenantSignIn = 'tenantSignIn';

/** Which flow a listener leads to. `gone`: it names one that is not there any more. */
export type Destination =
  | { readonly kind: 'flow'; readonly id: string }
  | { readonly kind: 'gone'; readonly id: string }
  | { readonly kind: 'none' };

/** What may say which user flow an application gets: a listener of either generation, or an events flow with conditions of its own. */
export interface Contender {
  readonly id: string;
  /** Name of its type, e.g. `invokeUserFlowListener`. */
  readonly type: string;
  readonly displayName: string | null;
  /** Of the first generation the lowest counts, of the second the highest (Graph contract e row 74). */
  readonly generation: 'first' | 'second';
  readonly priority: number;
  /** Client ids, lower case. */
  readonly applications: 'all' | readonly string[];
  readonly leadsTo: Destination;
  /** It listens to an event on which no flow is chosen. */
  readonly isOfOtherEvent: boolean;
}

/**
 * Who is asked first. The second generation goes before the first: it is the published one, and it holds that an application has one flow.
 * The older one keeps what nobody has moved. Contenders of one priority are taken by their ids, so that every server takes the same.
 */
export function inOrder(contenders: readonly Contender[]): readonly Contender[] {
  const rank = ({ generation }: Contender): number => (generation === 'second' ? 0 : 1);
  const urgency = ({ generation, priority }: Contender): number => (generation === 'second' ? -priority : priority);
  return [...contenders].sort(
    (a, b) => rank(a) - rank(b) || urgency(a) - urgency(b) || (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
}

export const includes = ({ applications }: Pick<Contender, 'applications'>, appId: string): boolean =>
  applications === 'all' || applications.includes(appId.toLowerCase());
