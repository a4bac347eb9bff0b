import type { Fault } from '../fault.ts';
import { largeBodies, poisonItems, statusStorm } from './deliveries.ts';
import { fuzzedBodies } from './fuzz.ts';
import { unrulyGraph } from './graph.ts';
import { droppedAgents, killedInstances, rollingRestart } from './instances.ts';
import { brokenNetwork } from './network.ts';
import { claimRaces, revokedAgents } from './people.ts';
import { brokenPostgres, brokenRedis, readOnlyAndFull } from './stores.ts';

/** F12, F13 and F16 of the list are measurements under load, not faults of a part. */
export const FAULTS: readonly Fault[] = [
  killedInstances,
  brokenRedis,
  brokenPostgres,
  readOnlyAndFull,
  unrulyGraph,
  statusStorm,
  largeBodies,
  poisonItems,
  claimRaces,
  droppedAgents,
  brokenNetwork,
  revokedAgents,
  rollingRestart,
  fuzzedBodies,
];
