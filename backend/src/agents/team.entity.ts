import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A group of agents; a conversation of a team is seen by its members, supervisors and admins. */
@Entity('teams')
export class TeamEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
}
