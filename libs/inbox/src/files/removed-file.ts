/**
 * Of a file the row is left, for its bytes are outside of Postgres: a worker takes them away, and then the row. One that is
 * on its way here waits for its lease, lest the bytes come after.
 */
export const REMOVED_FILE = `state = 'removed', message_id = null, account_id = null, handle = null, declared_type = null,
  file_name = null, due_at = case when state in ('pending', 'uploading') then due_at else 'epoch' end`;
