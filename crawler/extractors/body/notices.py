"""What programs write at the ends of a text, in its own box: that it is old, who may copy it, its beginning again."""

import re
from collections.abc import Sequence

from crawler.markup.text import squeeze

# "本文最后更新于 211 天前，其中的信息可能已经过时": a program's word above an old text.
_OUTDATED = re.compile(
    r"(?:更新|发布|發佈|编辑|修改|发表|距今|距离).{0,24}\d+\s?(?:天|个月|個月|年)(?:前|了)?"
    r".{0,40}(?:过时|過時|失效|变化|變化|改变|改變|发展|發展|不适用|不適用|谨慎|参考价值)"
)
# "原标题：……": the headline that a reprint had elsewhere.
_FIRST_HEADLINE = re.compile(r"[（(【]?\s*(?:本文|文章)?原(?:文)?[标標][题題]\s*[:：]")
_LONGEST_NOTICE = 100
_FIRST = 3  # blocks of the body that may be one
# "未经允许，请不要转载", "文章仅代表作者观点，不代表本站立场": a site's word below a text.
_RIGHTS = re.compile(
    r"(?:未经|未經|不得|请勿|請勿|禁止|谢绝|謝絕|如需|若需|需经|欢迎|歡迎).{0,20}(?:转载|轉載|摘编|摘編)"
    r"|(?:转载|轉載).{0,12}(?:请|請|需|須|须|务必|務必).{0,12}(?:注明|註明|保留|授权|授權|联系|聯繫|同意)"
    r"|不代表.{0,24}(?:立场|立場|观点|觀點|赞同)|(?:版权|版權|著作权|著作權).{0,12}[归歸].{0,16}所有"
    r"|[如若涉].{0,8}侵[权權].{0,20}(?:联系|聯繫|删除|刪除|告知)|作者(?:个人|個人|本人)(?:的)?(?:观点|觀點)"
    r"|^[（(【\[]?(?:免责|免責|特别|特別|郑重|鄭重|版权|版權|平台)(?:声明|聲明)\s?[:：】\])）]"
)
_LONGEST_RIGHTS = 160
_LAST = 4  # blocks of the body that may be one
_RIGHTS_STEMS = "转载 轉載 摘编 摘編 不代表 版权 版權 著作权 著作權 侵权 侵權 声明 聲明 作者".split()
# A notice speaks of the text or the site it stands on, or to its reader; news of trade tells of rights, too, and of
# what others said of them.
_OF_ITSELF = re.compile(
    r"本(?:文|站|网|網|平台|刊|号|號|报|報|公众号)(?!记者|記者|讯|訊)|我们|我們|(?:以上|文中|文章)(?:内容|內容|图片|圖片|观点|觀點)"
    r"|(?<![申邀提聘恳])(?:请|請)(?!求)|严禁|嚴禁|谢绝|謝絕|必究"
)
_REPORTED = re.compile(r"(?:表示|强调|強調|指出|坦言|[称稱说說道])[，,：:。]|[，。！？][”」]")
# A summary made by cutting off the beginning: as long as this it is no accident.
_SHORTEST_CUT = 20
_READ = 600  # letters of the text behind a summary
_LABEL = re.compile(r"(?:内容|文章)?(?:摘要|导读|導讀|导语|導語|核心提示|简介|簡介|概要)[:：]?")
_CUT_OFF = ".…·。"
_DOTS = ("..", "…", "··")
_STOPS = tuple('.!?。！？”"»')


def without_notices(texts: Sequence[str], chosen: list[int]) -> list[int]:
    """Of the numbers of a body's blocks those that are its text; never none of several."""
    left_out = {number for number in chosen[:_FIRST] if _is_outdated(texts[number])}
    left_out.update(number for number in chosen if _names_first_headline(texts[number]))
    left_out.update(number for number in chosen[-_LAST:] if _tells_rights(texts[number]))
    left_out.update(chosen[place] for place in range(min(_FIRST, len(chosen) - 1)) if _is_cut(texts, chosen[place:]))
    kept = [number for number in chosen if number not in left_out] if left_out else chosen
    return kept or chosen


def _is_outdated(text: str) -> bool:
    return len(text) <= _LONGEST_NOTICE and _OUTDATED.search(text) is not None


def _names_first_headline(text: str) -> bool:
    return len(text) <= _LONGEST_NOTICE and not text.isascii() and _FIRST_HEADLINE.match(text) is not None


def _tells_rights(text: str) -> bool:
    if len(text) > _LONGEST_RIGHTS or text.isascii() or not any(stem in text for stem in _RIGHTS_STEMS):
        return False
    tells = _RIGHTS.search(text) is not None and _OF_ITSELF.search(text) is not None
    return tells and _REPORTED.search(text) is None


def _is_cut(texts: Sequence[str], chosen: list[int]) -> bool:
    """The first of these blocks says how the text behind it begins, and no more.

    Without a label or dots it must end amid a sentence: a whole one is said twice, as in a refrain.
    """
    text = squeeze(texts[chosen[0]])
    label = _LABEL.match(text)
    summary = text[label.end() if label else 0 :].rstrip(_CUT_OFF)
    if not _SHORTEST_CUT <= len(summary) <= _READ:
        return False
    if summary[:_SHORTEST_CUT] not in squeeze(texts[chosen[1]])[: 2 * _SHORTEST_CUT]:  # as with nearly all
        return False
    if label is None and not text.endswith(_DOTS) and text.endswith(_STOPS):
        return False
    behind = ""
    for number in chosen[1:]:
        behind += squeeze(texts[number])
        if len(behind) >= _READ:
            break
    return behind.startswith(summary)
