import pg from 'pg';

// int8 as a number: every bigint of ours (seq, counts, event ids) stays far below 2^53. xid8 stays text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
