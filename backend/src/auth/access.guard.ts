import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { PUBLIC_ROUTE, REQUIRED_PERMISSION } from '../common/access/decorators.js';
import { type Permission, roleAllows } from '../common/access/permissions.js';
import { ForbiddenError } from '../common/domain.error.js';
import { AuthRequiredError } from './access.service.js';

/** Every HTTP route: public, or signed in with the permission that the handler names. Sockets check at their gateway. */
@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, targets)) return true;
    await super.canActivate(context);
    const { agent } = context.switchToHttp().getRequest<{ agent?: AuthenticatedAgent }>();
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(REQUIRED_PERMISSION, targets);
    if (!agent) throw new AuthRequiredError();
    if (!permission || !roleAllows(agent.role, permission)) throw new ForbiddenError();
    return true;
  }

  override getAuthenticateOptions(): { property: string } {
    return { property: 'agent' };
  }

  override handleRequest<Agent>(error: unknown, agent: Agent | false): Agent {
    if (error instanceof Error) throw error;
    if (!agent) throw new AuthRequiredError();
    return agent;
  }
}
