"""The learned models that a reading uses."""

from dataclasses import dataclass

from crawler.extractors.body.body_model import BodyModel
from crawler.extractors.kinds.kind_model import KindModel
from crawler.extractors.lists.link_model import LinkModel


@dataclass(frozen=True, slots=True)
class Learned:
    """None stands for the shipped model. Others are given to read pages that the shipped ones were made from."""

    bodies: BodyModel | None = None
    links: LinkModel | None = None
    kinds: KindModel | None = None


SHIPPED = Learned()
