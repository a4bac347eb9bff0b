import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVisible } from '../conversations/conversation-access.js';
import { hasOtherAccess, roomsOfAgent, roomsOfPlace } from './audience.js';

const id = fc.constantFrom('a', 'b', 'c');
const viewer = fc.record({
  id,
  role: fc.constantFrom('agent' as const, 'supervisor' as const, 'admin' as const),
  teamIds: fc.uniqueArray(id),
});
const place = fc.record({ teamId: fc.option(id), assigneeId: fc.option(id) });

describe('rooms', () => {
  it('reach exactly those who may see the conversation', () => {
    fc.assert(
      fc.property(viewer, place, (agent, where) => {
        const joined = new Set(roomsOfAgent(agent));
        expect(roomsOfPlace(where).some((room) => joined.has(room))).toBe(isVisible(agent, where));
      }),
    );
  });

  it('differ when, and only when, role or teams do', () => {
    const agent = { id: 'a', name: 'Ana', role: 'agent' as const, teamIds: ['x', 'y'], sessionId: 's' };
    expect(hasOtherAccess(agent, { ...agent, teamIds: ['y', 'x'], name: 'Anna' })).toBe(false);
    expect(hasOtherAccess(agent, { ...agent, teamIds: ['x'] })).toBe(true);
    expect(hasOtherAccess(agent, { ...agent, teamIds: ['x', 'z'] })).toBe(true);
    expect(hasOtherAccess(agent, { ...agent, role: 'supervisor' })).toBe(true);
    const admin = { ...agent, role: 'admin' as const };
    expect(hasOtherAccess(admin, { ...admin, role: 'supervisor' })).toBe(true);
  });
});
