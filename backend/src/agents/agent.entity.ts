import type { AgentRole } from '@parley/contract';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person who signs in. */
@Entity('agents')
export class AgentEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') email!: string;
  @Column('text') role!: AgentRole;
  @Column('boolean') active!: boolean;
  @Column('text', { name: 'password_hash', select: false }) passwordHash!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
