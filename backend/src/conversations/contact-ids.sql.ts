/** Of several ids of one kind the one that they have, told last; the table's rows must be aliased as said. */
export const newestIdFirst = (id: string): string =>
  `order by ${id}.retired_at is not null, coalesce(${id}.told_at, ${id}.created_at) desc`;

/**
 * The user id that somebody is called by of whom there is neither number nor username: the newest that they have. The
 * contact must be aliased as said; of everybody else nothing is looked up.
 */
export const onlyBsuidOf = (person: string): string => `
  case when ${person}.phone is null and ${person}.username is null then (
    select known.value from contact_identities known where known.contact_id = ${person}.id and known.kind = 'bsuid'
    ${newestIdFirst('known')} limit 1) end`;
