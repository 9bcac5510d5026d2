-- What judge.py of the hostile kit looks at, on both dialects: `main` stands for the schema of the tables.

-- article
SELECT page.url, article.headline AS title, article_version.article_body AS body, NULL AS html,
       CAST(article.date_published AS text) AS published_at
FROM main.article AS article
JOIN main.page AS page ON page.id = article.page_id
JOIN main.article_version AS article_version
  ON article_version.article_id = article.id AND article_version.number = article.version
WHERE article.gone_at IS NULL;

-- related
SELECT page.url AS article_url, coalesce(link_item.url_text, target.url) AS target_url, link_item.headline AS title
FROM main.link_item AS link_item
JOIN main.link_list AS link_list ON link_list.id = link_item.link_list_id AND link_list.last_seen_at IS NULL
JOIN main.page AS page ON page.id = link_list.page_id
LEFT JOIN main.page AS target ON target.id = link_item.target_page_id;

-- tag
SELECT page.url AS article_url, tag.name
FROM main.article_tag AS article_tag
JOIN main.tag AS tag ON tag.id = article_tag.tag_id
JOIN main.article AS article ON article.id = article_tag.article_id
JOIN main.page AS page ON page.id = article.page_id;

-- error
SELECT failure.url, failure.failure_class AS class
FROM main.failure AS failure;
