/** A form that customers fill in on their phones (Meta: WhatsApp Flows). */
export interface Flow {
  id: string;
  /** Whose it is; without it every account has it. */
  businessAccountId?: string;
  name: string;
  status: 'DRAFT' | 'PUBLISHED' | 'DEPRECATED';
  categories: string[];
  endpointUri?: string;
  /** Its content, as it was written; missing until it was given. */
  json?: string;
}

const FIRST_ID = 884_100_920_000;

/** What the simulated business has made at Meta. */
const DEFAULTS: readonly Flow[] = [
  { id: '884100912345', name: 'Table booking', status: 'PUBLISHED', categories: ['APPOINTMENT_BOOKING'] },
  { id: '884100912346', name: 'Next survey', status: 'DRAFT', categories: ['SURVEY'] },
  { id: '884100912347', name: 'Old survey', status: 'DEPRECATED', categories: ['SURVEY'] },
];

/** The forms of the accounts. */
export class Flows {
  private readonly byId = new Map<string, Flow>();
  private made = 0;

  constructor() {
    this.reset();
  }

  reset(): void {
    this.byId.clear();
    for (const flow of DEFAULTS) this.byId.set(flow.id, { ...flow });
  }

  find(id: string): Flow | undefined {
    return this.byId.get(id);
  }

  ofAccount(businessAccountId: string): Flow[] {
    return [...this.byId.values()].filter(
      (flow) => (flow.businessAccountId ?? businessAccountId) === businessAccountId,
    );
  }

  add(flow: Omit<Flow, 'id'>): Flow {
    const added = { ...flow, id: String(FIRST_ID + (this.made += 1)) };
    this.byId.set(added.id, added);
    return added;
  }

  delete(id: string): void {
    this.byId.delete(id);
  }
}
