"""Bylines: visible lines that say who wrote a text and where it is from.

"By A and B", "文/某某", "（文/王小明陆嘉宁来源:某网）", "来源：某报 责任编辑：某某", "某社北京电（记者 某某）".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from crawler.markup.dates import find_dates
from crawler.markup.names.chinese import is_chinese_name, split_glued
from crawler.markup.names.people import looks_like_person, split_people
from crawler.markup.text import collapse


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """What a line says of its text's origin."""

    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    """责任编辑, 发布者: who let it pass; the author only of a text that names none."""
    source: str | None = None
    """来源: the publisher or agency the text is taken from."""


_LONGEST_LINE = 240
_MOST_WORDS_OF_LINE = 40
_HAN = re.compile(r"[\u3400-\u9fff]")
# 评论 is a count of comments, 评论员 writes; 编辑时间 is a time, 编辑 a person: stops that share letters come first.
_MARKER = re.compile(
    r"(?P<stop>(?:发布|發布|更新|发表|發表|修改|编辑|投稿)?(?:时间|時間|日期)|浏览|点击|點擊|阅读|閱讀|人气|评论(?!员)|評論(?!員)|"
    r"字号|字號|字体|分享|收藏|打印|关注|查看|访问|次数|栏目|分类|分類|标签|標籤|关键[词字]|摘要|导读|订阅|频道|编号|原标题|声明|"
    r"扫码|手机|电话|邮箱|摄影|图片|图源|(?<![\u3400-\u9fff])[图摄](?=\s?[/:：|｜丨])|视频|我要|纠错|举报|回复|热度|所属|版权|免责|点赞|参与|"
    r"\d{4}\s?[-/.年]|(?<!\d)\d{1,2}:\d\d)"
    r"|(?P<editor>(?:责任|責任|网络|值班|本期|新闻)?(?:编辑|編輯)|发布[者人]|责\s?编|责任?编审|审核|审校|校对|校對|监制|監製|主编|签发|统筹)"
    r"|(?P<source>(?:稿件|文章|信息|消息|新闻|内容|资料|本文)?(?:来\s?源|來源)(?:于|自)?|稿\s?源|出\s?处|转载?自|摘自|原载|"
    r"发布机构|(?<![\u3400-\u9fff])来自(?=\s{0,3}[:：]))"
    r"|(?P<author>(?:作|著|译|譯)\s{0,4}者|撰\s?文|撰\s?稿人?|采\s?写|编\s?译|执\s?笔人?|執\s?筆|筆者|口\s?述|整\s?理|"
    r"(?P<outlet>[\u4e00-\u9fff]{2,6}?[社报網网台])?[记記]\s?者|通\s?[讯訊]\s?员|评论员|"
    r"(?<![\u3400-\u9fff])(?:图?文|[图文][、和][图文])(?=\s?[/:：|｜丨]))"
)
# "某某 发布于 2024-05-01", "本文由 某某 发表于 …"
_PUBLISHER = re.compile(r"(?:^|[由|｜•·\s])\s?([\u4e00-\u9fff]{2,4})\s{0,3}(?:发布|发表|上传)[于在]\s?(?=\d)")
_COLON = re.compile(r"\s{0,3}[:：/|｜丨]\s{0,3}")
# Brackets behind a name hold an office, a place, or links to other sizes of type: 作者：某某 【大 中 小】. A notice may
# follow in the same sentence: 作者：某某，如若转载，请注明出处
_VALUE_END = re.compile(
    r"[)）】\]。;；!！?？<>《》『』\t“”]|\s{3,}|(?<=\w)\s{0,2}[(（【\[]"
    r"|[,，]\s?(?=如|若|请|請|未经|未經|转载|轉載|欢迎|歡迎|版权|版權|不得|禁止|本文|文章)"
)
_IN_BRACKETS = re.compile(r"[（(]([^（()）]{2,80})[）)]")
_WESTERN = re.compile(
    r"(?:^\(?|[|•·–—;,\d)\-] ?"
    r"|\b(?i:written|posted|published|reported|story|words|text|article|created|authored|ago|read|am|pm) )"
    r"(?P<by>[Bb]y|BY)(?:[: ] ?|(?=[A-Z][a-z]))(?=\w|[\"'“(@])"
    r"|^\W{0,2}(?P<other>(?i:von|par|por|di|door|av|af|od|przez|oleh))[ :]{1,2}(?=[^\W\d_])"
    r"|(?:^\W{0,2}|[|•·] )(?P<label>(?i:written by|authors?|autor(?:en|in|es|a)?|auteurs?|autore|автор|текст|tekst|"
    r"texte?|testo|texto|writer|contributors?|interview by|yazan|geschrieben von|verfasst von|écrit par|escrito por|"
    r"scritto da|geschreven door)) ?[:：] ?"
    # A kicker, too, begins "Interview: …": only names are believed.
    r"|(?:^\W{0,2}|[|•·,;/] )(?P<genre>(?i:(?:interview|words|text|reporting|protokoll|aufgezeichnet|entrevista|"
    r"intervista|entretien|propos recueillis)(?: (?:by|von|par|por|di|door))?"
    r"(?:(?: and| und|,| &) (?:photos?|fotos?|pictures?|images|bilder))?)) ?[:：] ?"
)
_WESTERN_SOURCE = re.compile(
    r"(?:^\W{0,2}|[|•·–—.] )(?i:source|quelle|fuente|fonte|bron|källa|źródło|источник) ?[:：] ?"
    r"([^|•·()\n]{2,40}?)(?= ?[|•·)]| [–—-] |$)"
)
_WESTERN_END = re.compile(
    r"(?i:[,;/ ] ?(?:photograph\w*|fotos?|pictures?|bild(?:er)?|illustration\w*|grafik|video|camera|kamera)\b)"
    r"| [|•·–—-] |\. (?=[^\W\d_]+ ?[:：])"
    r"|[|•·–—●⋅∙\n\t]|\b(?:on|in|for|at|from|is|are|has|with the|am|le|el|last|edited|reviewed|photos?|images?|"
    r"updated|published|posted|medically|fact|additional|special to|aktualisiert|mis à jour|actualizado)\b|\d|[()@:?!]"
    r"|(?i:\b(?:updated|published|posted|reviewed|edited|last updated|photo|share|follow|listen|comments?|read more)\b)"
)


def parse_byline(text: str) -> Byline | None:
    """What a line of a page says of author, editor and source; None for a line that is no byline.

    Of a paragraph only what stands in its brackets is read: （记者 某某）.
    """
    text = collapse(text)
    if len(text) > _LONGEST_LINE:
        if text.isascii():
            return None
        brackets = (match[1] for match in islice(_IN_BRACKETS.finditer(text), 8))
        return next((byline for inner in brackets if (byline := _eastern(inner))), None)
    return (_eastern(text) if not text.isascii() and _HAN.search(text) else None) or _western(text)


def _eastern(text: str) -> Byline | None:
    found: dict[str, list[str]] = {"author": [], "editor": [], "source": []}
    markers = list(_MARKER.finditer(text))
    for number, marker in enumerate(markers):
        kind = marker.lastgroup if marker.lastgroup != "outlet" else "author"
        if kind in (None, "stop"):
            continue
        limit = markers[number + 1].start() if number + 1 < len(markers) else len(text)
        colon = _COLON.match(text, marker.end())
        value = text[colon.end() if colon else marker.end() : limit]
        value = _VALUE_END.split(value.lstrip("《"), maxsplit=1)[0]
        if kind == "source":
            found["source"].extend(_source(value, is_labelled=colon is not None))
            continue
        # "记者：" also opens the questions of an interview.
        is_labelled = colon is not None and (marker[0].endswith("作者") or not marker[0].endswith(("者", "员")))
        names = split_people(value) if is_labelled else tuple(_plain_names(value))
        found[str(kind)].extend(names)
        if names and marker["outlet"]:
            found["source"].append(marker["outlet"])
    publisher = _PUBLISHER.search(text)
    if publisher and is_chinese_name(publisher[1]):
        found["editor"].append(publisher[1])
    if not any(found.values()):
        return None
    return Byline(
        authors=tuple(dict.fromkeys(found["author"])),
        editors=tuple(dict.fromkeys(found["editor"])),
        source=next(iter(found["source"]), None),
    )


def _source(value: str, *, is_labelled: bool) -> Iterator[str]:
    words = value.split()
    if not words or not (is_labelled or value[0].isspace()):
        return
    # A source of several words is Latin: "来源：The Paper".
    name = words[0] if any(char > "\u2e7f" for char in words[0]) else " ".join(words[:4])
    name = name.strip(" ,，、:：|-—")
    if 2 <= len(name) <= 30 and not set(name) & set("=\"'{}"):
        yield name


def _plain_names(value: str) -> Iterator[str]:
    """Names that follow a role without a colon: only as long as each word can be nothing else."""
    for word in re.split(r"[\s、，,/&]+", value.partition("发自")[0].strip()):
        glued = (word,) if is_chinese_name(word) else split_glued(word)
        if not glued:
            return
        yield from glued


def _western(text: str) -> Byline | None:
    match = _WESTERN.search(text)
    if match is None or text.count(" ") > _MOST_WORDS_OF_LINE:
        return None
    value = text[match.end() :]
    value = value[: next((date.start for date in find_dates(value)), None)]
    names = split_people(_WESTERN_END.split(value, maxsplit=1)[0])
    is_all = match.start() == 0 and len(names) == 1 and len(names[0].split()) == 1 and text.endswith(names[0])
    if not (match["label"] or match["genre"]) and not is_all:  # "by jroe" is a byline, "by clicking here" is none
        names = tuple(name for name in names if not name[:1].islower() or not name[:1].isascii())
    if (match["other"] or match["genre"]) and not all(map(looks_like_person, names)):
        return None
    told = _WESTERN_SOURCE.search(text)  # alone it may be the source of a table
    return Byline(authors=names, source=told[1].strip() if told else None) if names else None
