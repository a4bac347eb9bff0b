import type { SearchTerms } from './search-terms.js';

type Bind = (value: unknown) => string;

/**
 * Up to so many messages with the words are looked up in their index; beyond, the page's order is walked and each row
 * tried, for then a page is soon full. Measured: docs/SCALING.md.
 */
const SAID_MAX = 15_000;
/** The same for contacts whose name has them. */
const NAMED_MAX = 25_000;
/** Up to here the hits are fetched and sorted; beyond, the page's order is walked and each row looked up among them. */
const FETCHED_MAX = 5_000;
/**
 * A beginning that so many words share is not asked of the index beside other words: it would first gather all messages
 * that have any of them (280 ms instead of 90). The hits of the other words are tried instead.
 */
const COMMON_SHARE = 0.01;
/** Share of the messages that a word is taken to be in when the statistics do not know it: rarer than all they know. */
const UNKNOWN_WORD = 0.0004;

/** The expression that the trigram index `contacts_search` is on, letter by letter. */
const CONTACT_TEXT = `fold(p.name || ' ' || coalesce(p.phone, '') || ' ' || coalesce(p.username, ''))`;

/** Sources of conversations as `c`, each empty unless the number of hits is what it is quick for. */
export const SEARCH_SOURCES = [
  // By primary key: without the fence the planner may walk the whole inbox looking for a few.
  `hits cross join lateral (select * from conversations whole where whole.id = hits.id offset 0) c`,
  // `coalesce` keeps the planner from turning this around: the order is walked, the hits are hashed.
  `(select * from conversations whole where (select is_walked from extent)
     and coalesce(whole.id in (select id from said) or whole.contact_id in (select id from named), false)) c`,
];

/**
 * `said`: conversations that have a message with all the words; `named`: contacts whose name (or number) has them; `hits`:
 * the conversations of both. `extent` says what is to be done with them: fetched, looked up while the page's order is
 * walked, or nothing, because they are too many to be gathered (`is_common`).
 *
 * How common words are is known before the index is asked: it would name millions of messages before the first is seen.
 */
export const searchHits = (search: SearchTerms, bind: Bind): string => `
  known as materialized (
    select lexeme, share from pg_stats
    cross join lateral unnest(most_common_elems::text::text[], most_common_elem_freqs) as element (lexeme, share)
    where schemaname = current_schema() and tablename = 'messages_search' and lexeme is not null
  ), expected as materialized (
    select exp(sum(ln(word.share))) * whole.messages as messages,
      coalesce(exp(sum(ln(word.share)) filter (where not word.is_last)) * whole.messages <= ${SAID_MAX}
        and max(word.share) filter (where word.is_last) > ${COMMON_SHARE}, false) as is_tried_last
    from (select reltuples as messages from pg_class where oid = 'messages'::regclass) whole, (
      select typed.n = ${search.words.length} as is_last, least(1, greatest(${UNKNOWN_WORD}, sum(known.share))) as share
      from unnest(${bind(search.words.map(({ text }) => text))}::text[]) with ordinality as typed (text, n)
      left join known on case when typed.n = ${search.words.length} then starts_with(known.lexeme, fold(typed.text))
        else known.lexeme = fold(typed.text) end
      group by typed.n
    ) word
    group by whole.messages
  ), said as materialized (
    select m.conversation_id as id from messages m
    where (select messages from expected) <= ${SAID_MAX} and ${bodyMatches(search, bind)} limit ${SAID_MAX + 1}
  ), named as materialized (
    (select p.id from contacts p
    where (select messages from expected) <= ${SAID_MAX} and ${contactMatches(search, bind)} limit ${NAMED_MAX + 1})
    ${search.userId === null ? '' : `union ${idOwners(search.userId, bind)}`}
  ), amount as materialized (
    select (select count(*) from said) as said, (select count(*) from named) as named,
      coalesce((select messages from expected) > ${SAID_MAX}, false) as is_everywhere
  ), extent as materialized (
    select is_everywhere or said > ${SAID_MAX} or named > ${NAMED_MAX} as is_common,
      not is_everywhere and said <= ${SAID_MAX} and named <= ${NAMED_MAX} and said + named > ${FETCHED_MAX} as is_walked,
      not is_everywhere and said + named <= ${FETCHED_MAX} as is_fetched
    from amount
  ), hits as materialized (
    select theirs.id from named
    cross join lateral (select k.id from conversations k where k.contact_id = named.id offset 0) theirs
    where (select is_fetched from extent)
    union
    select said.id from said where (select is_fetched from extent)
  )`;

/** The same as a condition on `c`, tried row by row: `offset 0` keeps the planner from gathering every hit first. */
export const triedRow = (search: SearchTerms, bind: Bind): string => `
  (exists (select from contacts p where p.id = c.contact_id and ${contactMatches(search, bind)} offset 0)
    or exists (
      select from messages m where m.conversation_id = c.id and ${bodyOfRowMatches(search, bind)} offset 0
    ))`;

/**
 * The last word, and of it the last part, may still be being typed: it is looked for as a beginning. Written behind the
 * parsed query, for in `LM-1234:*` the parser would make `LM` a beginning as well, and that is in every order number.
 * A subquery, so that it is parsed once and not for every row.
 */
const queryOf = (words: string): string =>
  `(select (nullif(to_tsquery('parley', ${words})::text, '') || ':*')::tsquery)`;

function bodyMatches(search: SearchTerms, bind: Bind): string {
  const { tsquery, tsqueryBefore } = search;
  const whole = bind(tsquery);
  const asked = (query: string): string => `m.body <> '' and to_tsvector('parley', m.body) @@ ${query}`;
  if (tsqueryBefore === null) return asked(queryOf(whole));
  const before = `to_tsquery('parley', ${bind(tsqueryBefore)})`;
  // Of a word without letters or digits nothing is left to look for.
  const isTriedLast = `((select is_tried_last from expected) and numnode(${before}) > 0)`;
  return `${asked(`(select case when ${isTriedLast} then ${before} else ${queryOf(whole)} end)`)}
    and case when ${isTriedLast} then ${bodyOfRowMatches(search, bind)} else true end`;
}

/**
 * Of one conversation's messages; in other words than the index has, or the planner asks all of it for each of them. Where a
 * body is ASCII a word of letters stands in it as it is looked for, or not at all: that is told at a fifth of the cost of
 * taking the body apart.
 */
function bodyOfRowMatches({ words, tsquery }: SearchTerms, bind: Bind): string {
  const isSaid = `to_tsvector('parley', m.body || '') @@ ${queryOf(bind(tsquery))}`;
  const plain = words.filter(({ text }) => /^\p{L}+$/u.test(text));
  if (plain.length === 0) return `m.body <> '' and ${isSaid}`;
  const holdsAll = plain.map(({ text }) => `m.body ilike '%' || ${likeSafe(`fold(${bind(text)})`)} || '%'`);
  return `m.body <> '' and case
    when octet_length(m.body) = char_length(m.body) and not (${holdsAll.join(' and ')}) then false else ${isSaid} end`;
}

/** Contacts that Meta knows by this id, or knew by it: a BSUID's scope is the portfolio. */
const idOwners = (userId: string, bind: Bind): string => `
  select i.contact_id from (select distinct portfolio_id from channels) known
  join contact_identities i on i.scope = known.portfolio_id and i.value = ${bind(userId)}
    and i.kind in ('bsuid', 'parent_bsuid')`;

function contactMatches(search: SearchTerms, bind: Bind): string {
  const words = search.words.map(({ text, isInfix }) => {
    const pattern = likeSafe(`fold(${bind(text)})`);
    if (isInfix) return `${CONTACT_TEXT} like '%' || ${pattern} || '%'`;
    return `(${CONTACT_TEXT} like ${pattern} || '%' or ${CONTACT_TEXT} like '% ' || ${pattern} || '%')`;
  });
  const numbers = search.phoneForms.map((digits) => `${CONTACT_TEXT} like '%' || ${bind(digits)} || '%'`);
  return `(${[`(${words.join(' and ')})`, ...numbers].join(' or ')})`;
}

/** Wildcards in what was typed stand for themselves. */
const likeSafe = (expression: string): string =>
  `replace(replace(replace(${expression}, '\\', '\\\\'), '%', '\\%'), '_', '\\_')`;
