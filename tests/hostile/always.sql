-- What must hold at any moment, between two commits of anything.
-- name: half-written  expect: == 0
SELECT count(*) FROM article AS a WHERE NOT (
  (SELECT count(*) FROM article_version WHERE article_id = a.id) = a.version
  AND EXISTS (SELECT 1 FROM article_author WHERE article_id = a.id)
  AND (SELECT count(*) FROM outlink WHERE page_id = a.page_id) = 4
  AND (SELECT count(*) FROM link_list AS l JOIN link_item AS i ON i.link_list_id = l.id
       WHERE l.page_id = a.page_id AND l.last_seen_at IS NULL) = 4)
-- name: doubled at any moment  expect: == 0
SELECT count(*) - count(DISTINCT page_id) FROM article WHERE gone_at IS NULL
-- name: changes without their row  expect: == 0
SELECT count(*) FROM change AS c WHERE c.table_name = 'article' AND c.op = 'insert' AND NOT EXISTS (SELECT 1 FROM article WHERE id = c.row_id)
