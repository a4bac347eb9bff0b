import type { DurableEventType, SyncHead } from '@parley/contract';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { inRepository } from '../topology/program.ts';

export interface SyncedEvent {
  type: DurableEventType;
  payload: unknown;
}

/** What the rig uses of the console's class of the same name (console/src/realtime/sync-client.ts). */
export interface SyncClient {
  connected(transport: { resume(cursor: string): Promise<{ cursor: string; reset: boolean }> }): void;
  disconnected(): void;
  receive(event: SyncedEvent): void;
  head(head: SyncHead): void;
  loadList<T extends { syncCursor: string }>(request: () => Promise<T>, apply: (answer: T) => void): Promise<boolean>;
}

interface SyncHooks {
  apply(event: SyncedEvent): void;
  reset(): void;
  unanswered(): void;
  stateChanged(state: 'offline' | 'catching-up' | 'live'): void;
}

type SyncClientClass = new (hooks: SyncHooks) => SyncClient;

/** The console's own resume client, read from its source: what people's browsers run, not a second copy of it. */
export async function loadSyncClient(): Promise<SyncClientClass> {
  const source = await readFile(inRepository('console', 'src', 'realtime', 'sync-client.ts'), 'utf8');
  const code = stripTypeScriptTypes(source, { mode: 'transform' });
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const { SyncClient } = (await import(/* @vite-ignore */ url)) as { SyncClient: SyncClientClass };
  return SyncClient;
}
