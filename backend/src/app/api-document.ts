import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** OpenAPI 3.1 at `/api/openapi.json`, its page at `/api/docs`; made from the same schemas that validate. */
export function setUpApiDocument(app: NestFastifyApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Parley')
    .setDescription(
      'A self-hosted live team inbox for WhatsApp. Errors are RFC 9457 problem documents with a stable code.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'api/openapi.json',
  });
}
