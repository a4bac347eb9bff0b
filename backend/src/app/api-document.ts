import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

const PROBLEM_TYPE = 'application/problem+json';
const PROBLEM_SCHEMA = { $ref: '#/components/schemas/Problem' };
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

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
  const makeDocument = () => withProblems(SwaggerModule.createDocument(app, config, { operationIdFactory }));
  SwaggerModule.setup('api/docs', app, makeDocument, { jsonDocumentUrl: 'api/openapi.json' });
}

/** `conversationsClaim`: what generated clients call their functions. */
function operationIdFactory(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

/** Every refusal is a problem document; Nest writes plain JSON, and nothing of what any route may answer. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < 400 || !response || !('content' in response)) continue;
        response.content = { [PROBLEM_TYPE]: { schema: PROBLEM_SCHEMA } };
      }
      operation.responses['default'] = {
        description: 'A problem document, e.g. `request.invalid`, `auth.required`, `auth.forbidden`, `rate.limited`',
        content: { [PROBLEM_TYPE]: { schema: PROBLEM_SCHEMA } },
      };
    }
  }
  return document;
}
