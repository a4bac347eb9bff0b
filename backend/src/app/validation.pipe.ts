import { StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError } from '../common/domain.error.js';
import { speakPlainly } from './validation-words.js';

/** Every body, query and parameter with a schema; a refusal names each field. */
export function createValidationPipe(): StandardSchemaValidationPipe {
  speakPlainly();
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new DomainError('request.invalid', 400, 'The request is not valid.', {
        fields: issues.map((issue) => ({
          path: (issue.path ?? [])
            .map((part) => String(typeof part === 'object' && part !== null ? part.key : part))
            .join('.'),
          message: issue.message,
        })),
      }),
  });
}
