-- What chaos.py of the hostile kit asks when the last run has ended: one value each. The site has 200 articles.
-- name: lost (articles there)  expect: == 200
SELECT count(*) FROM article AS a JOIN page AS p ON p.id = a.page_id WHERE p.url LIKE '%/2026/%' AND a.gone_at IS NULL
-- name: articles nowhere but in their pages' links  expect: == 0
SELECT count(*) FROM page AS p WHERE p.url LIKE '%/2026/%' AND NOT EXISTS (SELECT 1 FROM article WHERE page_id = p.id)
-- name: doubled  expect: == 0
SELECT count(*) - count(DISTINCT headline) FROM article WHERE gone_at IS NULL
-- name: versions of texts that never changed  expect: == 0
SELECT count(*) FROM article_version WHERE number > 1
-- name: leases left  expect: == 0
SELECT count(*) FROM lease
-- name: failures  expect: == 0
SELECT count(*) FROM failure
-- name: sums of runs that ended and do not add up  expect: == 0
SELECT count(*) FROM crawl WHERE ended_at IS NOT NULL AND asked <> stored + unchanged + failed + refused
-- name: requests of ended runs without their row  expect: == 0
SELECT count(*) FROM crawl AS c WHERE ended_at IS NOT NULL AND asked <> (SELECT count(*) FROM "fetch" WHERE crawl_id = c.id)
-- name: the last run ended as it should  expect: == finished
SELECT finish_reason FROM crawl ORDER BY id DESC LIMIT 1
