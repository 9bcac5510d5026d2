"""What the name of a page says of its kind: articles ask, tell and promise; manuals and offers name themselves.

The words are those of the languages that most pages are in. A name in another language says nothing, either way.
"""

import re

from crawler.extractors.kinds.overview import Overview

_SITE_NAME = re.compile(r"\s[|–—·»-]\s|_")  # what follows in a title is as a rule the site's
_LONGEST = 150
_ASKS = re.compile(
    r"^(?:how|what|why|when|where|who|which|is|are|can|should|do|does|wie|was|warum|wann|wer|welche\w?|comment|pourquoi|"
    r"quel\w*|cómo|qué|por qué|cuál|como|perché|come|hoe|waarom)\b|[?？]|^\d+ |"
    r"怎么|怎样|如何|什么|为什么|为何|どう|なぜ|어떻게|왜",
    re.IGNORECASE | re.MULTILINE,
)
_PROMISES = re.compile(
    r"\b(?:guide|tips|ideas|best|top \d+|review(?:ed)?|vs|ways|reasons|things|steps|mistakes|explained|checklist|"
    r"trends|examples|lessons learned|ratgeber|tipps|beste\w?|conseils|meilleur\w*|mejor\w*|consejos|guía|migliori|"
    r"consigli|(?:19|20)\d\d)\b|指南|攻略|技巧|评测|盘点|解析|まとめ|方法",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:is|are|was|were|will|can|should|do|does|has|have|says?|said|gets?|makes?|wins?|announces?|launch(?:es)?|need|i|"
    r"my|we|you|your|ist|sind|wird|wurde|hat|est|sont|es|son|era|è|sono|é)\b|[,:;!…，：！]",
    re.IGNORECASE,
)
_MANUAL = re.compile(
    r"\b(?:docs?|documentation|reference|manual|tutorials?|user guide|api|sdk|wiki|chapter|introduction|lecture|lesson|"
    r"glossary|definition|specification|developers?|handbook|handbuch|dokumentation|glossar|manuel)\b|"
    r"文档|手册|教程|词典|说明书|マニュアル",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:shop|buy|store|for sale|free shipping|download|services?|company|agency|consult\w+|solutions?|courses?|"
    r"class(?:es)?|programs?|department|near me|contact|about us|attorneys?|lawyers?|software|platform|login)\b|"
    r"公司|服务|官网|商城|价格|报价",
    re.IGNORECASE,
)


def asks(page: Overview) -> bool:
    """A question, or what answers one: "How to …", "7 …"."""
    return _ASKS.search(f"{page.title}\n{_headline(page)}") is not None


def promises(page: Overview) -> bool:
    """A guide, tips, the best of something, the state of a year."""
    return _PROMISES.search(_names(page)) is not None


def tells(page: Overview) -> bool:
    """A sentence or more than one part of it, where names are nouns."""
    return _TELLS.search(_names(page)) is not None


def names_manual(page: Overview) -> int:
    """0 to 2: the page is called a part of a manual, or its site one."""
    return sum(_MANUAL.search(name) is not None for name in (page.title, _names(page)))


def names_offer(page: Overview) -> bool:
    """A shop, a service or the company behind it."""
    return _OFFER.search(_names(page)) is not None


def _names(page: Overview) -> str:
    """The title without the site's name, and the headline."""
    return f"{_SITE_NAME.split(page.title, maxsplit=1)[0]}\n{_headline(page)}"


def _headline(page: Overview) -> str:
    return page.headlines[0].text[:_LONGEST] if page.headlines else ""
