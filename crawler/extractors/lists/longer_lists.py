"""Lists that say in one place what a longer one says."""

from crawler.extractors.lists.link_clusters import Cluster
from crawler.extractors.lists.list_items import FoundItem

_BESIDE = 4  # links of the first card before its headline, and of the last behind it


def without_parts(read: list[tuple[Cluster, list[FoundItem]]]) -> list[tuple[Cluster, list[FoundItem]]]:
    """Without lists that say in one place what a longer one says: the pictures of cards that are classed singly."""
    told = [
        (
            {found.item.url for found in items},
            min(found.anchors[0].number for found in items),
            max(found.anchors[-1].number for found in items),
        )
        for _, items in read
    ]
    holders: dict[str | None, list[int]] = {}
    for number, (urls, _, _) in enumerate(told):
        for url in urls:
            holders.setdefault(url, []).append(number)
    kept = []
    for (cluster, items), (urls, first, last) in zip(read, told, strict=True):
        is_announced = cluster.title is not None or bool(cluster.lead) or cluster.kind is not None
        # A list that says all this says its rarest link; to ask all the others takes minutes on a page of 10 MB.
        asked = (told[number] for number in min((holders[url] for url in urls), key=len))
        wider = (urls < others and start - _BESIDE <= first and last <= stop + _BESIDE for others, start, stop in asked)
        if is_announced or not any(wider):
            kept.append((cluster, items))
    return kept
