"""The articles of a batch of pages: a new version where what was extracted has changed, nothing where it has not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.tables import METADATA
from pipelines.rows import FACTS, ArticleRows, Row, Values
from pipelines.similarity import similarity_hashes
from pipelines.store.bulk import Bulk
from pipelines.store.changes import Changes
from pipelines.store.prepared import Content, PageRows

ARTICLE = METADATA.tables["article"]
_UPDATED = ("id", "version", "changed_at", "gone_at", "source_page_id", "content_hash", *FACTS)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article that came, changed, or went."""

    article_id: int
    version: int
    """Its current version; 1 if it came."""
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """Keys of what articles point to."""

    pages: Mapping[str, int]
    """By normalised URL."""
    authors: Mapping[str, int]
    """By name, as the next."""
    tags: Mapping[str, int]


class ArticleWriter:
    """One batch of articles."""

    def __init__(self, bulk: Bulk, changes: Changes, ids: Ids) -> None:
        self._bulk = bulk
        self._changes = changes
        self._ids = ids
        self._rows: dict[str, list[Row]] = {"article": [], "article_version": []}
        self._values: dict[str, list[Values]] = {"article_author": [], "article_tag": [], "image": []}
        self._updates: list[Row] = []
        self._replaced: list[int] = []
        self._retagged: list[int] = []

    def write(self, contents: Sequence[Content], *, retagged: Set[int]) -> dict[int, list[StoredArticle]]:
        """What became of the articles of each page, by page id; `retagged` are pages whose tag lists changed."""
        stored: dict[int, list[StoredArticle]] = {content.page_id: [] for content in contents}
        known = self._known(stored)
        ids = self._new_ids(contents, known)
        for content in contents:
            stored[content.page_id] += self._write_page(content, known[content.page_id], ids)
            if content.page_id in retagged:
                for row in known[content.page_id].values():
                    self._retag(row["id"], content)
        self._flush()
        return stored

    def _write_page(self, content: Content, known: Mapping[int, Row], ids: Iterator[int]) -> Iterator[StoredArticle]:
        for article in content.rows.articles:
            row = known.get(article.position)
            if row is None:
                yield self._insert(next(ids), content, article)
            elif row["content_hash"] != article.facts["content_hash"]:
                yield self._replace(row, content, article)
            elif row["gone_at"] is not None:
                yield self._restore(row)
        shown = {article.position for article in content.rows.articles}
        for row in known.values():
            if row["position"] not in shown and row["gone_at"] is None:
                yield self._lose(row, content.at)

    def _known(self, page_ids: Iterable[int]) -> dict[int, dict[int, Row]]:
        known: dict[int, dict[int, Row]] = {page_id: {} for page_id in page_ids}
        for row in self._bulk.select(list(ARTICLE.columns), ARTICLE.c.page_id, known):
            known[row["page_id"]][row["position"]] = row
        return known

    def _new_ids(self, contents: Sequence[Content], known: Mapping[int, Mapping[int, Any]]) -> Iterator[int]:
        count = sum(article.position not in known[page.page_id] for page in contents for article in page.rows.articles)
        return iter(self._bulk.next_ids(ARTICLE, count) if count else ())

    def _insert(self, article_id: int, content: Content, article: ArticleRows) -> StoredArticle:
        state = {"version": 1, "first_seen_at": content.at, "changed_at": content.at, "gone_at": None}
        place = {"id": article_id, "page_id": content.page_id, "position": article.position}
        self._rows["article"].append(place | state | self._facts(article))
        self._changes.add("article", (article_id,), "insert")
        self._add_version(article_id, 1, content, article)
        self._add_tags(article_id, content.rows)
        return StoredArticle(article_id, 1)

    def _replace(self, row: Row, content: Content, article: ArticleRows) -> StoredArticle:
        article_id, version = row["id"], row["version"] + 1
        self._update(row, self._facts(article) | {"version": version, "changed_at": content.at, "gone_at": None})
        self._replaced.append(article_id)
        self._add_version(article_id, version, content, article)
        return StoredArticle(article_id, version)

    def _restore(self, row: Row) -> StoredArticle:
        """The same article, back on its page."""
        self._update(row, {"gone_at": None})
        return StoredArticle(row["id"], row["version"])

    def _lose(self, row: Row, at: datetime) -> StoredArticle:
        self._update(row, {"gone_at": at})
        return StoredArticle(row["id"], row["version"], is_gone=True)

    def _facts(self, article: ArticleRows) -> Row:
        source = article.source_page
        return article.facts | {"source_page_id": self._ids.pages[source] if source else None}

    def _update(self, row: Row, columns: Row) -> None:
        self._updates.append({name: columns.get(name, row[name]) for name in _UPDATED})
        self._changes.add("article", (row["id"],), "update")

    def _retag(self, article_id: int, content: Content) -> None:
        self._retagged.append(article_id)
        self._changes.add("article", (article_id,), "update")
        self._add_tags(article_id, content.rows)

    def _add_version(self, article_id: int, number: int, content: Content, article: ArticleRows) -> None:
        key = {"article_id": article_id, "number": number, "seen_at": content.at}
        self._rows["article_version"].append(key | article.text | article.facts)
        author_ids = map(self._ids.authors.__getitem__, article.authors)
        self._values["article_author"] += ((article_id, position, id_) for position, id_ in enumerate(author_ids))
        self._values["image"] += ((article_id, *image) for image in article.images)

    def _add_tags(self, article_id: int, rows: PageRows) -> None:
        # Two spellings of a tag are one tag.
        tag_ids = dict.fromkeys(self._ids.tags[name] for name in rows.tags)
        self._values["article_tag"] += ((article_id, position, id_) for position, id_ in enumerate(tag_ids))

    def _flush(self) -> None:
        tables = METADATA.tables
        versions = self._rows["article_version"]
        for row, similarity in zip(versions, similarity_hashes(row["article_body"] for row in versions), strict=True):
            row["similarity"] = similarity
        self._bulk.update(ARTICLE, self._updates)
        for name in ("article_author", "image"):
            self._bulk.delete(tables[name], tables[name].c.article_id, self._replaced)
        self._bulk.delete(tables["article_tag"], tables["article_tag"].c.article_id, self._retagged)
        for name, rows in self._rows.items():
            self._bulk.insert(tables[name], rows)
        for name, values in self._values.items():
            self._bulk.insert_values(tables[name], tuple(tables[name].c.keys()), values)
