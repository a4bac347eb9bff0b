import { Injectable } from '@nestjs/common';
import { z } from '@parley/contract';
import type { Readable } from 'node:stream';
import { GraphReader, type GraphReading } from './graph-reader.js';

/** A file that Meta is to be given by a handle. */
export interface FileForHandle {
  mimeType: string;
  fileName: string | null;
  /** Bytes. */
  size: number;
  bytes: Readable;
}

type Failure = Exclude<GraphReading, { kind: 'answer' }> | { kind: 'unreadable' };

const tokenSchema = z.object({ data: z.object({ app_id: z.string().regex(/^\d+$/) }) });
/** It becomes part of an address, so it must be what it says it is and lead nowhere else. */
const sessionSchema = z.object({
  id: z
    .string()
    .max(2_000)
    .regex(/^upload:[\w\-=:?&+%/]+$/),
});
const handleSchema = z.object({ h: z.string().min(1).max(8_000) });

/**
 * Gives Meta a file that is no message: the sample of a template's header, the picture of a profile. A session at the
 * token's app, then the bytes; what comes back is named where the file is wanted. (Meta: resumable upload API.)
 */
@Injectable()
export class ResumableUpload {
  constructor(private readonly graph: GraphReader) {}

  /** Nothing is changed by a file that was not taken: it may be asked for again. The bytes are used up in any case. */
  async upload(token: string, file: FileForHandle): Promise<{ kind: 'uploaded'; handle: string } | Failure> {
    try {
      const about = read(await this.graph.get('debug_token', { token, query: { input_token: token } }), tokenSchema);
      if (about.kind !== 'read') return about;
      const { mimeType, fileName, size } = file;
      const query = { file_name: fileName ?? 'file', file_length: String(size), file_type: mimeType };
      const session = read(
        await this.graph.post(`${about.value.data.app_id}/uploads`, { token, query }),
        sessionSchema,
      );
      if (session.kind !== 'read') return session;
      const given = read(await this.graph.post(session.value.id, { token, file }), handleSchema);
      return given.kind === 'read' ? { kind: 'uploaded', handle: given.value.h } : given;
    } finally {
      file.bytes.destroy();
    }
  }
}

function read<Of>(reading: GraphReading, schema: z.ZodType<Of>): { kind: 'read'; value: Of } | Failure {
  if (reading.kind !== 'answer') return reading;
  const { data } = schema.safeParse(reading.body);
  return data === undefined ? { kind: 'unreadable' } : { kind: 'read', value: data };
}
