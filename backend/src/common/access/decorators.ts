import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { AuthenticatedAgent } from './authenticated-agent.js';
import type { Permission } from './permissions.js';

export const PUBLIC_ROUTE = 'access:public';
export const REQUIRED_PERMISSION = 'access:permission';

/** No sign-in needed: Meta's door, sign-in itself, health. Every other handler names a permission. */
export const Public = () => applyDecorators(SetMetadata(PUBLIC_ROUTE, true), ApiSecurity({}));

/** The permission that a route or a socket event needs; a handler with neither this nor `@Public()` fails the start. */
export const Requires = (permission: Permission) => SetMetadata(REQUIRED_PERMISSION, permission);

/** The signed-in agent of this request. */
export const CurrentAgent = createParamDecorator((_data: unknown, context: ExecutionContext): AuthenticatedAgent => {
  const { agent } = context.switchToHttp().getRequest<{ agent?: AuthenticatedAgent }>();
  if (!agent) throw new Error('CurrentAgent() on a route without a signed-in agent');
  return agent;
});
