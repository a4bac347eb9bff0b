import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PUBLIC_ROUTE, REQUIRED_PERMISSION } from '../common/access/decorators.js';

/** Nest's own metadata key of a route handler. */
const PATH_METADATA = 'path';

/** Fails the start when a route forgot to say who may call it: a missing check must never reach production. */
@Injectable()
export class AccessAudit implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const forgotten: string[] = [];
    for (const { metatype } of this.discovery.getControllers()) {
      if (!metatype) continue;
      const prototype = metatype.prototype as Record<string, unknown>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH_METADATA, handler)) continue;
        const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, [handler, metatype]);
        const permission = this.reflector.getAllAndOverride<string | undefined>(REQUIRED_PERMISSION, [
          handler,
          metatype,
        ]);
        if (!isPublic && !permission) forgotten.push(`${metatype.name}.${name}`);
      }
    }
    if (forgotten.length > 0) throw new Error(`routes without @Public() or @Requires(): ${forgotten.join(', ')}`);
  }
}
