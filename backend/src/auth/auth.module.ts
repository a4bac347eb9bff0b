import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { AgentsModule } from '../agents/agents.module.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { AccessAudit } from './access-audit.js';
import { AccessGuard } from './access.guard.js';
import { ACCESS_TOKEN_SECONDS, AccessService, JWT_ALGORITHM, JWT_AUDIENCE, JWT_ISSUER } from './access.service.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LoginThrottleRepository } from './login-throttle.repository.js';
import { SignInUpkeep } from './sign-in.upkeep.js';

@Module({
  imports: [
    AgentsModule,
    DiscoveryModule,
    PassportModule,
    JwtModule.registerAsync({
      inject: [ENVIRONMENT],
      useFactory: (environment: Environment) => ({
        secret: environment.jwtSecret,
        signOptions: {
          algorithm: JWT_ALGORITHM,
          issuer: JWT_ISSUER,
          audience: JWT_AUDIENCE,
          expiresIn: ACCESS_TOKEN_SECONDS,
        },
        verifyOptions: { algorithms: [JWT_ALGORITHM], issuer: JWT_ISSUER, audience: JWT_AUDIENCE },
      }),
    }),
  ],
  controllers: [AuthController],
  providers: [
    AccessAudit,
    AccessService,
    AuthService,
    JwtStrategy,
    LoginThrottleRepository,
    SignInUpkeep,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessService],
})
export class AuthModule {}
