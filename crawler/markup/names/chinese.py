"""Chinese names: told from words, and parted where they stand without a space."""

import re

from crawler.markup.names.surnames import COMPOUND, SURNAMES

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3007"
_HAN_ONLY = re.compile(f"[{_HAN}]+")
# Uighur, Tibetan and foreign names keep their parts apart with a dot.
_DOTTED = re.compile(f"[{_HAN}A-Za-z.]{{1,12}}(?:[·•・‧][{_HAN}A-Za-z.]{{1,12}}){{1,4}}")
_ORGANISATION = re.compile(
    r"(?:报社?|報|社|网|網|台|臺|局|部|会|會|厅|廳|院|馆|館|处|處|府|办|办公室|公司|集团|集團|大学|大學|学院|學院|中心|编辑部|杂志|雜誌|周刊|週刊|"
    r"频道|頻道|在线|论坛|工作室|协会|学会|研究所|委员会|联盟|小组|团队|新闻|新聞|资讯|财经|科技|传媒|媒体|文化|之家|日报|晚报|时报|观察|"
    r"客户端|公众号|博客|平台|发布|组|版|号|小编|网友|用户|作者|记者|记者站|匿名|佚名|管理员|本站|原创)$"
)
# What a letter of a given name costs by the length of the whole name: three letters are the rule, two common.
_LENGTH_COST = {2: 0.5, 3: 0.0, 4: 2.0}
_LONGEST_RUN = 40


def is_chinese_name(text: str) -> bool:
    """Two to four Han letters that begin with a surname, or parts with a dot between; no office and no newspaper."""
    if _DOTTED.fullmatch(text):
        return True
    if not 2 <= len(text) <= 4 or not _HAN_ONLY.fullmatch(text) or _ORGANISATION.search(text):
        return False
    return text[0] in SURNAMES or text[:2] in COMPOUND


def split_glued(text: str) -> tuple[str, ...]:
    """The names that a run of Han letters is made of, "强音陆嘉宁" gives 强音, 陆嘉宁; empty where it is not all names.

    Surnames and lengths are weighed: the cheapest way to read the whole run wins.
    """
    if not 4 <= len(text) <= _LONGEST_RUN or not _HAN_ONLY.fullmatch(text) or _ORGANISATION.search(text):
        return ()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        choices = [
            (best[start][0] + cost, start)
            for start in range(max(0, end - 4), end - 1)
            if best[start][0] != float("inf") and (cost := _cost(text[start:end])) is not None
        ]
        best.append(min(choices, default=(float("inf"), 0)))
    if best[-1][0] == float("inf"):
        return ()
    names: list[str] = []
    end = len(text)
    while end:
        start = best[end][1]
        names.append(text[start:end])
        end = start
    return tuple(reversed(names))


def is_organisation(text: str) -> bool:
    """A newspaper, site, office or company by its last letters."""
    return bool(_ORGANISATION.search(text))


def _cost(name: str) -> float | None:
    """How unlikely a run of two to four letters is as one name; None for no name."""
    if name[:2] in COMPOUND:
        return SURNAMES[name[:2]] + {2: 3.0, 3: 0.5, 4: 0.0}[len(name)]
    if name[0] not in SURNAMES:
        return None
    return SURNAMES[name[0]] + _LENGTH_COST[len(name)]
