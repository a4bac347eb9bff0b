/** A message as the database holds it: what every screen must show. */
export interface StoredMessage {
  id: string;
  conversationId: string;
  seq: number;
  rev: number;
  direction: 'inbound' | 'outbound';
  status: string;
  wamid: string | null;
  clientMessageId: string | null;
  body: string;
}

/** A conversation as the database holds it. */
export interface StoredThread {
  id: string;
  phone: string;
  rev: number;
  lastSeq: number;
  assigneeId: string | null;
}
